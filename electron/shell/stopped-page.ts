import type { PageFile } from '../page-files.ts';
import { APP_URL } from './own-page.ts';
import type { ShellMethod } from '../../shared/shell.ts';
import type { ShellTexts } from './texts.ts';

const PAGE = 'engine-stopped.html';
const SCRIPT = 'engine-stopped.js';
const RESTART: ShellMethod = 'shell.restart_engine';

/** Address of the page a window shows while the engine is stopped. It needs nothing of the renderer. */
export const STOPPED_URL = `${APP_URL}${PAGE}`;

// The colours are those of renderer/styles/tokens.css, which this page must do without.
const STYLE = `
:root { color-scheme: light dark; font: 15px/24px system-ui, sans-serif; }
body { margin: 0; background: light-dark(#fdfcfa, #1c1b19); color: light-dark(#1f1d1a, #ebe7e0); }
main { max-inline-size: 680px; margin: 0 auto; padding: clamp(24px, 9vh, 88px) 32px 32px; }
h1 { font: 600 22px/28px system-ui, sans-serif; margin: 0 0 6px; }
p { margin: 0 0 8px; overflow-wrap: anywhere; }
button {
  font: 500 14px/20px system-ui, sans-serif; padding: 7px 14px; margin-block: 16px; border: 0; border-radius: 6px;
  background: light-dark(#0b5c54, #71c7b8); color: light-dark(#ffffff, #07211d);
}
button:disabled { opacity: .6; }
button:focus-visible { outline: 2px solid light-dark(#0b5c54, #71c7b8); outline-offset: 2px; }
@media (forced-colors: active) { button { border: 1px solid; } }`;

const html = (nonce: string, texts: ShellTexts): string => `<!doctype html>
<html lang="${texts.language}" dir="ltr">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${texts['stopped.title']}</title>
    <style nonce="${nonce}">${STYLE}</style>
  </head>
  <body>
    <main>
      <div role="alert">
        <h1>${texts['stopped.title']}</h1>
        <p id="cause">${texts['stopped.cause']}</p>
      </div>
      <p>${texts['stopped.log']}</p>
      <button type="button" id="restart" autofocus>${texts['stopped.restart']}</button>
      <p role="status" id="status" data-starting="${texts['stopped.starting']}" data-failed="${texts['stopped.failed']}"></p>
    </main>
    <script type="module" src="./${SCRIPT}"></script>
  </body>
</html>
`;

// The window leaves this page by itself once the engine runs.
const SCRIPT_TEXT = `
const button = document.querySelector('#restart');
const status = document.querySelector('#status');
const cause = document.querySelector('#cause');
const tell = (answer) => {
  if (!answer.ok) cause.textContent = answer.error.message;
};
window.memoir.call('system.info', {}).then(tell);
button.addEventListener('click', async () => {
  button.disabled = true;
  status.textContent = status.dataset.starting;
  await window.memoir.call('${RESTART}', {});
  const answer = await window.memoir.call('system.info', {});
  tell(answer);
  button.disabled = false;
  status.textContent = answer.ok ? '' : status.dataset.failed;
});
`;

/** The page, or the script, that a path of our scheme names; `null` for any other path. */
export function stoppedPageFile(path: string, nonce: string, texts: ShellTexts): PageFile | null {
  if (path === PAGE) return { body: html(nonce, texts), type: 'text/html; charset=utf-8', name: PAGE };
  if (path === SCRIPT) return { body: SCRIPT_TEXT, type: 'text/javascript; charset=utf-8', name: SCRIPT };
  return null;
}
