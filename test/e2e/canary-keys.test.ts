/**
 * E13: keys that come by every way there is, before servers that say them again in every way there is, are found nowhere:
 * not in the database, its packed traces, the log, crash files, exports, reports, the page and what the window stores.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { inflateSync } from 'node:zlib';
import SQLite from 'better-sqlite3';
import type { Page } from 'playwright-core';
import { expect, onTestFinished, test } from 'vitest';
import type { InputOf, MethodName, OutputOf } from '../../shared/contract/index.ts';
import { eventually } from '../helpers/ade.ts';
import type { Desktop } from '../helpers/electron-double/desktop.ts';
import { windowPage } from '../helpers/electron-double/person.ts';
import { startDouble } from '../helpers/electron-double/start-double.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** No key of a known shape: what hides keys by their looks is not spared the rest. */
const KEYS = {
  groq: 'canary.environment.Wq8LrT4vNc6B',
  together: 'canary.file.7fQ2mZ0xLrT4vNc6',
  openai: 'canary.keyring.Zx81LrT4vNc6BmQ',
  deepseek: 'canary.passphrase.M0pLrT4vNc6Bw',
  anthropic: 'canary.anthropic.W3LrT4vNc6BmQ2',
  openrouter: 'canary.session.u7LrT4vNc6BmQ2aa',
} as const;
const PASSPHRASE = 'canary words to remember';
const IN_ADDRESS = 'canary.address.Yt5LrT4vNc6B';
const REFUSED = 'canary.refused.Pk2LrT4vNc6BmQ';
const SECRETS = [...Object.values(KEYS), PASSPHRASE, IN_ADDRESS, REFUSED];

test('keys are found nowhere, however they came and whatever servers say', { timeout: 120_000 }, async () => {
  const server = await startEcho();
  const data_dir = tempDir();
  const desktop = await startDouble({ data_dir, env: environment(server.origin) });
  onTestFinished(() => desktop.kill());
  const page = await windowPage(desktop);
  await connectAll(page, server.origin);
  const texts: string[] = [];
  for (const provider of Object.keys(KEYS)) texts.push(...(await talkTo(page, provider)));
  // Every key did reach the server, which said it again in each answer.
  expect(new Set(server.heard)).toEqual(new Set(Object.values(KEYS)));
  expect(server.answers()).toBeGreaterThan(ANSWERS.length * Object.keys(KEYS).length);
  for (const method of ['models.list', 'providers.list', 'system.info', 'agents.list'] as const) {
    texts.push(JSON.stringify(await call(page, method, {})));
  }
  await crash(desktop);
  await windowPage(desktop);
  texts.push(await storedIn(page), desktop.printed());
  await desktop.evaluate(({ app }) => app.quit());
  await desktop.ended;

  const files = filesUnder(data_dir);
  const places = ['memoir.db', 'memoir.log', 'keys.json', 'crashes', 'window'];
  for (const place of places)
    expect(
      files.some((path) => path.includes(place)),
      place,
    ).toBe(true);
  const traces = tracesIn(join(data_dir, 'memoir.db'));
  expect(traces.filter((text) => text.includes('(key)')).length).toBeGreaterThan(10);
  expect(texts.join().includes('Memoir diagnosis of')).toBe(true);
  const found = (secret: string): string[] => [
    ...files.filter((path) => holds(path, secret)),
    ...[...texts, ...traces].filter((text) => text.includes(secret)).map((text) => around(text, secret)),
  ];
  expect(SECRETS.flatMap(found)).toEqual([]);
  // The same search finds what is there.
  expect(found('openrouter').length).toBeGreaterThan(2);
});

/** What the server says with a key at hand: refusals of all kinds, a stream that breaks off, a page, a redirect. */
const ANSWERS: readonly ((key: string, response: ServerResponse) => void)[] = [
  (key, response) => error(response, 400, { message: `You sent ${key}`, code: key, type: key, param: key }),
  (key, response) => error(response, 401, { message: `Incorrect API key provided: ${key}.`, type: key }),
  (key, response) => error(response, 404, { message: `No such model for Bearer ${key}` }),
  (key, response) => error(response, 413, { message: `${key} `.repeat(200) }),
  (key, response) => response.writeHead(307, { location: `http://127.0.0.1:1/${key}?key=${key}` }).end(key),
  (key, response) => response.writeHead(200, { 'content-type': `application/${key}` }).end(key),
  (key, response) => response.writeHead(200, { 'content-type': 'text/html' }).end(`<p>${key}</p>`),
  (key, response) => {
    const body = { error: { message: `Bad key ${key}`, code: key, type: key } };
    stream(response, `: ${key}\nevent: error\ndata: ${JSON.stringify(body)}\n\n`);
  },
  (key, response) => stream(response, `data: {"${key}": \n\n`),
  (key, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'x-key': key });
    response.write(`: ${key}\n\n`, () => response.destroy());
  },
];

function error(response: ServerResponse, status: number, said: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ type: 'error', error: said }));
}

function stream(response: ServerResponse, text: string): void {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).end(text);
}

type Echo = { readonly origin: string; readonly heard: string[]; readonly answers: () => number };

async function startEcho(): Promise<Echo> {
  const heard: string[] = [];
  const counts = new Map<string, number>();
  let answers = 0;
  const answer = (incoming: IncomingMessage, response: ServerResponse): void => {
    answers += 1;
    const { authorization = '', 'x-api-key': other } = incoming.headers;
    const key = typeof other === 'string' ? other : authorization.replace('Bearer ', '');
    if (incoming.method === 'GET') return error(response, 403, { message: `Refused: ${key}` });
    heard.push(key);
    const count = counts.get(key) ?? 0;
    counts.set(key, count + 1);
    ANSWERS[count % ANSWERS.length]?.(key, response);
  };
  const server = createServer((incoming, response) => {
    incoming.resume().on('end', () => answer(incoming, response));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, heard, answers: () => answers };
}

function environment(origin: string): Record<string, string> {
  const path = join(tempDir(), 'key');
  writeFileSync(path, `${KEYS.together}\n`);
  const named = origin.replace('//', `//kit:${IN_ADDRESS}@`);
  return {
    GROQ_API_KEY: KEYS.groq,
    GROQ_BASE_URL: `${named}/v1?key=${IN_ADDRESS}`,
    TOGETHER_API_KEY_FILE: path,
    TOGETHER_BASE_URL: `${origin}/v1`,
  };
}

async function connectAll(page: Page, origin: string): Promise<void> {
  const base_url = `${origin}/v1`;
  const passphrase = { kind: 'passphrase', passphrase: PASSPHRASE } as const;
  const keep = { openai: { kind: 'keyring' }, deepseek: passphrase, anthropic: { kind: 'keyring' } } as const;
  for (const [provider, kept] of Object.entries({ ...keep, openrouter: { kind: 'session' } as const })) {
    const api_key = KEYS[provider as keyof typeof KEYS];
    await call(page, 'providers.connect', { provider, api_key, base_url, keep: kept });
  }
  const tried = await call(page, 'providers.test', { provider: 'gemini', api_key: REFUSED, base_url });
  expect(tried).toMatchObject({ ok: false, problem: { code: 'model_auth' } });
}

/** Has an agent answered by a provider as often as the server has answers; tells all that is known of it then. */
async function talkTo(page: Page, provider: string): Promise<string[]> {
  const agent = await call(page, 'agents.create', { name: provider, model: `${provider}/one` });
  const { conversations } = await call(page, 'conversations.list', { agent_id: agent.id });
  const conversation_id = conversations[0]?.id ?? '';
  const texts: string[] = [];
  for (const [number] of ANSWERS.entries()) {
    const otid = `${provider}-${number}`;
    await call(page, 'messages.send', { conversation_id, text: 'Hi', otid });
    await eventually(async () => (await call(page, 'messages.sent', { conversation_id, otid })).state).toBe(
      'done',
    );
    const found = await call(page, 'system.diagnose', { agent_id: agent.id });
    texts.push(JSON.stringify(found), found.report);
  }
  const told = [
    await call(page, 'runs.list', { conversation_id }),
    await call(page, 'messages.list', { conversation_id }),
    await call(page, 'agents.export', { agent_id: agent.id }),
  ];
  return [...texts, ...told.map((each) => JSON.stringify(each))];
}

/** The engine's thread and a helper process end with words that hold every key the app was told. */
async function crash(desktop: Desktop): Promise<void> {
  const known = SECRETS.filter((secret) => secret !== REFUSED && secret !== IN_ADDRESS);
  await desktop.evaluate(({ app }, words) => {
    app.emit('child-process-gone', {}, { type: words, reason: 'crashed' });
    const { Worker } = process.getBuiltinModule('node:worker_threads');
    const { prototype } = Worker;
    const usual = Object.getOwnPropertyDescriptor(prototype, 'postMessage') ?? {};
    prototype.postMessage = function (this: Worker): void {
      Object.defineProperty(prototype, 'postMessage', usual);
      this.emit('error', new Error(words));
      void this.terminate();
    };
  }, known.join(' and '));
  const page = await windowPage(desktop);
  await page.evaluate("memoir.call('system.info', {})");
  await eventually(
    async () => ((await page.evaluate("memoir.call('system.info', {})")) as { ok: boolean }).ok,
  ).toBe(true);
}

async function call<Name extends MethodName>(
  page: Page,
  name: Name,
  input: InputOf<Name>,
): Promise<OutputOf<Name>> {
  const answer = await page.evaluate<{ ok: boolean; output: OutputOf<Name> }>(
    `memoir.call(${JSON.stringify(name)}, ${JSON.stringify(input)})`,
  );
  if (!answer.ok) throw new Error(`${name} failed: ${JSON.stringify(answer)}`);
  return answer.output;
}

function storedIn(page: Page): Promise<string> {
  return page.evaluate<string>(`indexedDB.databases().then((databases) => [
    document.documentElement.outerHTML, ...[...document.querySelectorAll('input,textarea')].map((each) => each.value),
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, history.state, location.href, databases]),
  ].join(' '))`);
}

function tracesIn(path: string): string[] {
  const database = new SQLite(path, { readonly: true });
  try {
    const rows = database.prepare('select request, response from step_trace').all() as Record<
      string,
      Buffer | null
    >[];
    return rows.flatMap((row) =>
      Object.values(row).flatMap((packed) => (packed === null ? [] : [inflateSync(packed).toString()])),
    );
  } finally {
    database.close();
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

/** Whether a file holds a text, plain, as browsers keep it, or in base64 with no letters before it. */
function holds(path: string, text: string): boolean {
  const bytes = readFileSync(path);
  return [Buffer.from(text), Buffer.from(text, 'utf16le'), Buffer.from(text).toString('base64')].some(
    (form) => bytes.includes(form),
  );
}

function around(text: string, secret: string): string {
  const at = text.indexOf(secret);
  return text.slice(Math.max(0, at - 200), at + secret.length + 80);
}
