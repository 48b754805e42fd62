import { setNonce } from 'get-nonce';
import { startTransition } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connectBackend, type BridgeHost } from './backend.ts';
import { languageAsked } from './messages/screen-language.ts';
import { tellLanguage } from './state/tell-language.ts';
import { createStores, StoresContext } from './state/stores.ts';
import { browserStorage } from './views/frame/column-widths.ts';
import './styles/base.css';

// Dialogs add a style of their own; the page's policy takes it only with the nonce the page was sent with.
const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce;
if (nonce !== undefined) setNonce(nonce);

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root.');

const stores = createStores(connectBackend(window as unknown as BridgeHost), {
  storage: browserStorage(),
  session: browserStorage('sessionStorage'),
  root: document.documentElement,
  systemLanguages: navigator.languages,
  askedLanguage: languageAsked(location.search),
});
tellLanguage((window as unknown as BridgeHost).memoir, stores.preferences);

// In slices: a window that is being made should not hold up its first frame.
startTransition(() =>
  createRoot(root).render(
    <StoresContext value={stores}>
      <App />
    </StoresContext>,
  ),
);
