import type { Hono } from 'hono';
import type { AccessToken } from '../../electron/http/access-token.ts';
import { environmentToken } from '../../electron/http/access-token.ts';
import { createApp } from '../../electron/http/app.ts';
import { createLettaRoutes } from '../../electron/letta/routes.ts';
import type { Dispatch } from '../../electron/api/dispatch.ts';
import type { Route } from './registered-routes.ts';

/** One request in all that decides about it. */
export type Attempt = Route & {
  readonly host: keyof typeof HOSTS;
  readonly origin: 'none' | 'own' | 'foreign' | 'null' | 'allowed';
  readonly site: 'unsaid' | 'cross-site' | 'same-site';
  readonly mode: 'cors' | 'navigate';
  readonly token: 'none' | 'wrong' | 'right';
  readonly type: 'json' | 'text' | 'form';
  readonly size: 'small' | 'large';
};

/** An app of which every call is counted. */
export type WatchedApp = {
  readonly app: Hono;
  /** Where it listens. */
  readonly reach: 'loopback' | 'network';
  /** Calls that reached the backend since the last question. */
  readonly takeCalls: () => number;
};

const PORT = 8283;
const TOKEN = 'right-8d1f0c5e7b';
const FRIEND = 'https://friend.example';

const HOSTS = {
  loopback: '127.0.0.1:8283',
  ip: '192.168.1.5:8283',
  declared: 'memoir.example',
  foreign: 'evil.example',
  rebound: 'evil.example:8283',
  other_port: '127.0.0.1:9999',
} as const;

const TYPES = {
  json: 'application/json; charset=utf-8',
  text: 'text/plain',
  form: 'multipart/form-data; boundary=x',
};

/** What a page of any site may read: the door, and whether someone is in. */
const OPEN = new Set([
  '/',
  '/ade',
  '/ade/',
  '/ade/assets/anything',
  '/ade/sign-in',
  '/ade/sign-in.js',
  '/v1/health',
  '/v1/ready',
]);
const PAGES = new Set(['/', '/ade', '/ade/', '/ade/sign-in']);

/** The door as the server opens it on loopback, and on the network with a token, over a backend that does nothing. */
export function watchedApp(reach: WatchedApp['reach']): WatchedApp {
  let calls = 0;
  const call = (() => {
    calls += 1;
    return Promise.resolve({});
  }) as unknown as Dispatch;
  const token: AccessToken | null =
    reach === 'loopback' ? null : environmentToken({ MEMOIR_SERVER_TOKEN: TOKEN });
  const common = {
    call,
    subscribe: () => () => undefined,
    closing: new AbortController().signal,
    log: () => undefined,
  };
  const app = createApp({
    ...common,
    letta: createLettaRoutes(common),
    rendererDir: '/nowhere',
    host: reach === 'loopback' ? '127.0.0.1' : '0.0.0.0',
    allowedHosts: ['memoir.example'],
    allowedOrigins: [FRIEND],
    token,
  });
  return {
    app,
    reach,
    takeCalls: () => {
      const taken = calls;
      calls = 0;
      return taken;
    },
  };
}

/** Sends each attempt and tells those that were let in, or refused, against the rule. */
export async function findMistakes(watched: WatchedApp, attempts: Iterable<Attempt>): Promise<string[]> {
  const mistakes: string[] = [];
  for (const attempt of attempts) {
    watched.takeCalls();
    const response = await watched.app.fetch(requestOf(attempt), {
      incoming: { socket: { localPort: PORT } },
    });
    await response.body?.cancel();
    const refusal = [401, 403, 413, 415].includes(response.status) ? response.status : null;
    const expected = refusalOf(attempt, watched.reach);
    const wasReached = watched.takeCalls() > 0;
    if (refusal !== expected || (expected !== null && wasReached)) {
      mistakes.push(`${JSON.stringify(attempt)}: ${response.status} in place of ${expected ?? 'an answer'}`);
    }
  }
  return mistakes;
}

function requestOf(attempt: Attempt): Request {
  const { method, path, host, origin, site, mode, token, type, size } = attempt;
  const headers = new Headers({ host: HOSTS[host] });
  const asked = HOSTS[host];
  const origins = { own: `http://${asked}`, foreign: 'http://evil.example', null: 'null', allowed: FRIEND };
  if (origin !== 'none') headers.set('origin', origins[origin]);
  if (site !== 'unsaid') {
    headers.set('sec-fetch-site', site);
    headers.set('sec-fetch-mode', mode);
    if (mode === 'navigate') headers.set('sec-fetch-dest', 'document');
  }
  if (token !== 'none')
    headers.set('authorization', `Bearer ${token === 'right' ? TOKEN : 'wrong-8d1f0c5e7b'}`);
  if (!carriesBody(method)) return new Request(`http://server${path}`, { method, headers });
  headers.set('content-type', TYPES[type]);
  headers.set('content-length', String(size === 'small' ? 2 : 2 ** 30));
  return new Request(`http://server${path}`, { method, headers, body: '{}' });
}

/** The rule once more, in other words than the product's: the status that refuses an attempt, `null` to let it in. */
function refusalOf(attempt: Attempt, reach: WatchedApp['reach']): number | null {
  const isRead = !carriesBody(attempt.method);
  if (isForeign(attempt, reach, isRead)) return 403;
  if (reach === 'network' && attempt.token !== 'right' && !(isRead && OPEN.has(attempt.path))) return 401;
  return isRead ? null : refusalOfBody(attempt);
}

function isForeign(attempt: Attempt, reach: WatchedApp['reach'], isRead: boolean): boolean {
  const { path, host, origin, site, mode } = attempt;
  const hosts = reach === 'loopback' ? ['loopback', 'declared'] : ['loopback', 'declared', 'ip'];
  if (!hosts.includes(host) || origin === 'foreign' || origin === 'null') return true;
  if (site === 'unsaid' || origin === 'allowed') return false;
  return !(mode === 'navigate' && isRead && PAGES.has(path));
}

function refusalOfBody({ path, type, size }: Attempt): number | null {
  if (type === 'text' || (type === 'form' && path !== '/v1/agents/import')) return 415;
  return size === 'large' ? 413 : null;
}

function carriesBody(method: string): boolean {
  return method !== 'GET' && method !== 'HEAD';
}
