import type { Context } from 'hono';
import { chooseLanguage, type Language } from '../../shared/languages.ts';
import { makeNonce, secureHeaders } from '../content-policy.ts';
import { type SignInTexts, signInTexts } from './sign-in-texts.ts';

/** Where renderer/signed-fetch.ts finds the token, in this tab alone. */
const TOKEN_KEY = 'memoir.token';

/**
 * Answers the page that asks for the token, where one is needed. The token is typed, never part of an address: those are
 * kept in histories and logs.
 */
export function answerSignIn(context: Context): Response | Promise<Response> {
  const nonce = makeNonce();
  const language = chooseLanguage(wantedLanguages(context.req.header('accept-language') ?? ''));
  return context.html(page(nonce, language, signInTexts(language)), 200, {
    ...secureHeaders(nonce),
    'cache-control': 'no-store',
    vary: 'accept-language',
  });
}

/** Answers the script of that page; the policy of pages allows none within them. */
export function answerSignInScript(context: Context): Response {
  return context.body(SCRIPT, 200, {
    ...secureHeaders(makeNonce()),
    'content-type': 'text/javascript; charset=utf-8',
    'cache-control': 'no-cache',
  });
}

/** The tags of an Accept-Language header, best first; `q=0` refuses one. */
export function wantedLanguages(header: string): string[] {
  return header
    .split(',', 20)
    .map((part) => {
      const [tag = '', ...settings] = part.split(';').map((each) => each.trim());
      const quality = settings.find((setting) => setting.startsWith('q='));
      return { tag, weight: quality === undefined ? 1 : Number(quality.slice(2)) };
    })
    .filter(({ weight }) => weight > 0)
    .toSorted((one, other) => other.weight - one.weight)
    .map(({ tag }) => tag);
}

// Colours of renderer/styles/tokens.css, whose built file has another name after each build.
const page = (nonce: string, language: Language, texts: SignInTexts): string => `<!doctype html>
<html lang="${language}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${texts.sign_in} - Memoir</title>
<style nonce="${nonce}">
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; color: light-dark(#1f1d1a, #ebe7e0);
  background: light-dark(#f4f2ee, #161513); }
main { box-sizing: border-box; width: min(26rem, 100%); padding: 2rem; }
h1 { font-size: 1.4rem; margin: 0 0 .5rem; }
p { color: light-dark(#544f48, #b4aea4); margin: 0 0 1rem; overflow-wrap: anywhere; }
label { display: block; font-weight: 600; }
input, button { box-sizing: border-box; width: 100%; font: inherit; padding: .6rem .75rem; border-radius: 8px; }
input { margin: .25rem 0 1rem; color: inherit; background: light-dark(#ffffff, #252421);
  border: 1px solid light-dark(#8f887d, #7d776e); }
button { border: 0; font-weight: 600; color: light-dark(#ffffff, #07211d); background: light-dark(#0b5c54, #71c7b8); }
:focus-visible { outline: 2px solid light-dark(#0b5c54, #71c7b8); outline-offset: 2px; }
[role=alert] { margin: 1rem 0 0; color: light-dark(#a3231b, #f38d82); }
</style>
<script type="module" src="sign-in.js"></script>
</head>
<body>
<main>
<h1>${texts.title}</h1>
<p>${texts.before} <code>memoir token</code>${texts.after}</p>
<form>
<label for="token">${texts.token}</label>
<input id="token" type="password" autocomplete="current-password" spellcheck="false" required autofocus>
<button>${texts.sign_in}</button>
</form>
<p role="alert" data-silent="${texts.silent}" data-wrong="${texts.wrong}"></p>
</main>
</body>
</html>
`;

const SCRIPT = `const field = document.querySelector('input');
const alert = document.querySelector('[role=alert]');
const say = (what) => { alert.textContent = what === '' ? '' : alert.dataset[what]; };

document.querySelector('form').addEventListener('submit', (event) => {
  event.preventDefault();
  say('');
  signIn(field.value.trim()).catch(() => say('silent'));
});

async function signIn(token) {
  // A header takes nothing else, so no token has it.
  const status = /^[\\x20-\\x7e]+$/.test(token) ? await ask(token) : 401;
  if (status === 401) {
    say('wrong');
    field.select();
    return;
  }
  sessionStorage.setItem('${TOKEN_KEY}', token);
  location.replace('./' + location.hash);
}

async function ask(token) {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer ' + token };
  return (await fetch('rpc/system.info', { method: 'POST', headers, body: '{}' })).status;
}
`;
