import type { Hono } from 'hono';
import { describe, expect, onTestFinished, test } from 'vitest';
import { contract } from '../../shared/contract/index.ts';
import { startServer } from '../../electron/server.ts';
import { createLettaRoutes } from '../../electron/letta/routes.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { watchedApp } from './access-matrix.ts';
import { openDoor } from './door.ts';
import { registeredRoutes, type Route } from './registered-routes.ts';

const DEEP = 20_000;
const JSON_TYPE = 'application/json';

/** Bodies that no client of good will sends, and their types. */
const BODIES: readonly (readonly [body: string | Uint8Array, type: string])[] = [
  ['', JSON_TYPE],
  ['{', JSON_TYPE],
  ['}', JSON_TYPE],
  ['[]', JSON_TYPE],
  ['null', JSON_TYPE],
  ['true', JSON_TYPE],
  ['-0', JSON_TYPE],
  ['1e999', JSON_TYPE],
  ['"text"', JSON_TYPE],
  ['NaN', JSON_TYPE],
  ["{'name':'a'}", JSON_TYPE],
  ['{"name":"a",}', JSON_TYPE],
  ['\u{feff}{"name":"a"}', JSON_TYPE],
  ['{"name":"\\ud800","value":"\\u0000"}', JSON_TYPE],
  ['{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}', JSON_TYPE],
  ['{"agent_id":7,"block_id":{},"conversation_id":[],"passage_id":true,"run_id":-1}', JSON_TYPE],
  ['{"agent_id":"agent-\'; drop table agents; --"}', JSON_TYPE],
  ['{"agent_ids":[{}],"ids":[null],"values":[[]]}', JSON_TYPE],
  ['{"messages":"x"}', JSON_TYPE],
  ['{"messages":[null]}', JSON_TYPE],
  ['{"messages":[{"role":7,"content":{"type":"none"}}]}', JSON_TYPE],
  ['{"input":[{"type":"image"}],"max_steps":-1}', JSON_TYPE],
  ['{"limit":-1,"offset":1e308,"order":"sideways","before":{}}', JSON_TYPE],
  ['{"text":{},"query":[],"title":0,"name":false,"label":null,"value":[1]}', JSON_TYPE],
  [`{"text":"${'x'.repeat(1_000_000)}","name":"${'y'.repeat(100_000)}"}`, JSON_TYPE],
  [`[${'0,'.repeat(100_000)}0]`, JSON_TYPE],
  ['['.repeat(DEEP) + ']'.repeat(DEEP), JSON_TYPE],
  [`{"text":"","x":${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}}`, JSON_TYPE],
  [new Uint8Array([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x80, 0x7d]), JSON_TYPE],
  [new Uint8Array(64), `${JSON_TYPE}; charset=utf-16`],
  ['--x\r\ncontent-disposition: form-data; name="file"\r\n\r\n', 'multipart/form-data; boundary=x'],
  ['name=a&messages=b', 'application/x-www-form-urlencoded'],
  ['<agent/>', 'text/xml'],
];

const PASSES_ON_THE_QUERY = 200;

/** A body that all doors cut off at the same place: every fourth route shows it. */
const LONG = 10_000;

/** Sends a body, or, where a method carries none, as much of it as fits a query. */
async function send(
  url: string,
  { method, path }: Route,
  [body, type]: (typeof BODIES)[number],
): Promise<Response> {
  if (method !== 'GET') {
    return fetch(url + path, { method, headers: { 'content-type': type }, body: body as BodyInit });
  }
  const text = encodeURIComponent(String(body).slice(0, PASSES_ON_THE_QUERY));
  const query = ['limit', 'before', 'after', 'order', 'tags', 'name', 'query'].map((key) => `${key}=${text}`);
  return fetch(`${url}${path}?${query.join('&')}`);
}

/** What is wrong with an answer: nothing, or that it blames the server, or gives no reason. */
async function faultOf(response: Response): Promise<string | null> {
  const text = await response.text();
  const isPage = response.headers.get('content-type')?.startsWith('application/json') !== true;
  // Only the page that says the ADE is not built may do that.
  if (response.status >= 500 && !(isPage && new URL(response.url).pathname === '/ade/')) {
    return `${response.status} ${text.slice(0, 300)}`;
  }
  if (response.status < 400 || isPage) return null;
  const { error, detail } = JSON.parse(text) as {
    error?: { code?: string; message?: string };
    detail?: string;
  };
  const reason = detail ?? (error?.code === undefined ? undefined : error.message);
  return typeof reason === 'string' && reason !== '' ? null : `${response.status} without a reason: ${text}`;
}

/** Every route but the stream; those that do not delete, on an agent that exists. */
function routesOn(agent_id: string): Route[] {
  return registeredRoutes(watchedApp('loopback').app)
    .filter(({ path }) => path !== '/ade/events')
    .map(({ method, path }) =>
      method === 'DELETE' ? { method, path } : { method, path: path.replace(/agent-[\da-f-]+/, agent_id) },
    );
}

describe('malformed bodies', () => {
  test('each gets a reason from every route, and the server goes on', { timeout: 60_000 }, async () => {
    const server = await startServer({ port: 0, dataDir: tempDir(), env: {} });
    onTestFinished(() => server.close());
    const made = await fetch(`${server.url}/v1/agents/`, {
      method: 'POST',
      headers: { 'content-type': JSON_TYPE },
      body: '{"name":"Kit","model":"memoir/offline"}',
    });
    const { id } = (await made.json()) as { id: string };
    const routes = routesOn(id);
    expect([routes.length > 80, BODIES.length >= 30]).toEqual([true, true]);
    const faults: string[] = [];
    for (const body of BODIES) {
      for (const route of routes.filter((_, at) => body[0].length < LONG || at % 4 === 0)) {
        const fault = await faultOf(await send(server.url, route, body));
        if (fault !== null)
          faults.push(`${route.method} ${route.path} ${String(body[0]).slice(0, 60)}: ${fault}`);
      }
    }
    expect(faults).toEqual([]);
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
    expect((await fetch(`${server.url}/v1/agents/${id}`)).status).toBe(200);
  });
});

test('a fault no one foresaw is answered with a code, and the next request is served', async () => {
  const call = (name: string): Promise<unknown> => {
    if (name === 'agents.list') throw new TypeError('x is not a function in /home/kit');
    return Promise.resolve({});
  };
  const broken = { call: call as never, subscribe: () => () => undefined, log: () => undefined };
  const letta: Hono = createLettaRoutes({ ...broken, closing: new AbortController().signal });
  const { url } = await openDoor({ call, letta });
  const post = (name: string): Promise<Response> =>
    fetch(`${url}/ade/rpc/${name}`, { method: 'POST', headers: { 'content-type': JSON_TYPE }, body: '{}' });
  const answer = await post('agents.list');
  const said = await answer.text();
  expect([answer.status, JSON.parse(said)]).toMatchObject([500, { error: { code: 'internal' } }]);
  // A stack or a path names files of this computer; the log has them.
  expect(said).not.toMatch(/not a function|home/);
  const old = await fetch(`${url}/v1/agents`);
  const told = await old.text();
  expect([old.status, JSON.parse(told)]).toMatchObject([500, { detail: expect.any(String) as unknown }]);
  expect(told).not.toMatch(/not a function|home/);
  expect((await post('system.info')).status).toBe(200);
});

test.each([65, 1000, 20_000])(
  'JSON of %d levels is kept nowhere, by no method that takes any',
  async (depth) => {
    const server = await startServer({ port: 0, dataDir: tempDir(), env: {} });
    onTestFinished(() => server.close());
    const post = (name: string, body: string): Promise<Response> =>
      fetch(`${server.url}/ade/rpc/${name}`, {
        method: 'POST',
        headers: { 'content-type': JSON_TYPE },
        body,
      });
    const deep = `{"a":`.repeat(depth) + '1' + '}'.repeat(depth);
    const answer = await post('agents.create', `{"name":"Kit","metadata":${deep}}`);
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { code: 'invalid_input' } }]);
    for (const [name] of Object.entries(contract)) {
      const refused = await post(name, `{"metadata":${deep},"input":${deep}}`);
      expect([name, refused.status, await refused.json()]).toMatchObject([
        name,
        400,
        { error: { message: 'The input is nested deeper than 64 levels. Nothing was done.' } },
      ]);
    }
  },
);
