import { createRoot } from 'react-dom/client';
import { App } from './app.tsx';
import { connectBackend, type BridgeHost } from './backend.ts';
import { createStores, StoresContext } from './state/stores.ts';
import './styles/base.css';

const root = document.querySelector('#root');
if (root === null) throw new Error('index.html has no #root.');

const stores = createStores(connectBackend(window as unknown as BridgeHost), {
  storage: localStorage,
  root: document.documentElement,
});

createRoot(root).render(
  <StoresContext value={stores}>
    <App />
  </StoresContext>,
);
