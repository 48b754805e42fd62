/** Looking for models on this computer, where any program may have taken the port. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { expect, onTestFinished, test } from 'vitest';
import type { FoundServer } from '../../shared/contract/providers.ts';
import { open } from '../api/providers-stage.ts';

const NOBODY = 'http://127.0.0.1:1/v1';

type Answer = (response: ServerResponse, path: string) => void;

/** A server of which every request is answered alike, and how many came. */
async function serve(answer: Answer): Promise<{ readonly origin: string; readonly asked: () => number }> {
  let asked = 0;
  const server = createServer((incoming, response) => {
    asked += 1;
    response.on('error', () => undefined);
    incoming.resume().on('end', () => answer(response, incoming.url ?? ''));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked: () => asked };
}

/** What looking around finds where `answer` stands at Ollama's, LM Studio's and llama.cpp's address. */
async function discover(answer: Answer): Promise<FoundServer[]> {
  const { origin, asked } = await serve(answer);
  const env = { OLLAMA_BASE_URL: origin, LMSTUDIO_BASE_URL: origin, LLAMACPP_BASE_URL: origin };
  const { call } = await open(env);
  const began = performance.now();
  const { servers } = await call('providers.discover', {});
  expect(performance.now() - began).toBeLessThan(4000);
  expect(asked()).toBeGreaterThanOrEqual(3);
  return servers;
}

const JSON_TYPE = { 'content-type': 'application/json' };

function sayText(response: ServerResponse, text: string): void {
  response.writeHead(200, JSON_TYPE).end(text);
}

/** The same rows in the words of each of the three. */
function sayRows(response: ServerResponse, rows: readonly object[]): void {
  sayText(response, JSON.stringify({ models: rows, data: rows }));
}

function drip(response: ServerResponse, part: Buffer | string): void {
  const next = (): void => {
    if (!response.destroyed) response.write(part, () => setImmediate(next));
  };
  next();
}

const DEEP = 200_000;
const PACKED = gzipSync(Buffer.alloc(32 * 1024 * 1024, 0x20));

test.each<[string, Answer]>([
  ['a web page', (response) => void response.end('<!doctype html><h1>Sign in</h1>')],
  [
    'an answer without end',
    (response) => drip(response.writeHead(200, JSON_TYPE), Buffer.alloc(65_536, 0x20)),
  ],
  [
    'an answer that grows when it is unpacked',
    (response) => void response.writeHead(200, { ...JSON_TYPE, 'content-encoding': 'gzip' }).end(PACKED),
  ],
  ['headers and then nothing', (response) => response.writeHead(200, JSON_TYPE).flushHeaders()],
  [
    'nesting without end',
    (response) => sayText(response, `{"models":${'['.repeat(DEEP)}${']'.repeat(DEEP)}}`),
  ],
  ['nothing that is JSON', (response) => sayText(response, '{"models":[{')],
  ['a cut line', (response) => void response.destroy()],
  ['an error', (response) => void response.writeHead(500).end('{"models":[{"name":"x"}]}')],
])('%s is no server of models', async (_what, answer) => {
  expect((await discover(answer)).flatMap(({ models }) => models)).toEqual([]);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect (%d) is not followed, on this computer or off it',
  async (status) => {
    const other = await serve((response) => sayRows(response, [{ name: 'x', id: 'x' }]));
    const servers = await discover(
      (response) => void response.writeHead(status, { location: `${other.origin}/v1/models` }).end(),
    );
    expect([servers, other.asked()]).toEqual([[], 0]);
  },
);

test.each<[string, unknown]>([
  ['values that are no lists', { models: 7, data: { length: 3 } }],
  ['rows that are none', { models: [null, 7, 'x', []], data: [null, 7, 'x', []] }],
  ['no value at all', null],
  ['names that are none', { models: [{ name: { toString: 1 } }], data: [{ id: 7 }] }],
  ['names of the prototype', { models: [{ __proto__: { name: 'x' } }], data: [{ constructor: 'x' }] }],
])('%s are no models', async (_what, body) => {
  expect(
    (await discover((response) => sayText(response, JSON.stringify(body)))).flatMap(({ models }) => models),
  ).toEqual([]);
});

test('names no list could show, and more models than anyone has, are left out', async () => {
  const names = ['good:1b', 'x'.repeat(100_000), 'a\nb', 'a\u0000b', 'a\u202Eb', '  ', 'a b', ...many()];
  const servers = await discover((response, path) =>
    path === '/api/show'
      ? sayText(response, '{}')
      : sayRows(
          response,
          names.map((name) => ({ name, id: name })),
        ),
  );
  expect(servers).toHaveLength(3);
  for (const { models } of servers) {
    expect(models[0]?.name).toBe('good:1b');
    expect(models.filter(({ name }) => !/^[\w:]{1,20}$/.test(name))).toEqual([]);
    expect(models.length).toBeLessThanOrEqual(1000);
  }
});

function* many(): Generator<string> {
  for (let number = 0; number < 5000; number += 1) yield `model${number}`;
}

test('numbers no model has are unknown', async () => {
  for (const size of [-1, 0, 1.5, 1e300, '4096', null, [4096]]) {
    const row = {
      name: 'm',
      id: 'm',
      context_length: size,
      loaded_context_length: size,
      meta: { n_ctx_train: size },
    };
    const servers = await discover((response, path) =>
      path === '/props' ? sayText(response, JSON.stringify({ n_ctx: size })) : sayRows(response, [row]),
    );
    for (const { models } of servers) {
      expect([4096, null]).toContain(models[0]?.context_window);
      expect(models[0]?.largest_window).toBeNull();
    }
  }
});

test('a key goes only where it was given for, not to whoever has the port now', async () => {
  const seen: unknown[] = [];
  const server = createServer((incoming, response) => {
    seen.push(incoming.headers.authorization);
    response.writeHead(401).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const { call } = await open({
    OLLAMA_BASE_URL: `http://127.0.0.1:${port}`,
    LMSTUDIO_BASE_URL: NOBODY,
    LLAMACPP_BASE_URL: NOBODY,
    OPENAI_API_KEY: 'sk-canary-0000-1111-2222-WXYZ',
  });
  await call('providers.discover', {});
  expect(seen.length).toBeGreaterThan(0);
  expect(seen.filter((key) => key !== undefined)).toEqual([]);
});
