import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import {
  environmentToken,
  keptToken,
  openTokenFile,
  replaceToken,
} from '../../electron/http/access-token.ts';
import { type RunningServer, startServer } from '../../electron/server.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openDoor } from './door.ts';

/** Windows keeps no modes; there the folder is the person's own. */
const UNIX_ONLY = process.platform === 'win32' ? 0 : 0o777;
const CANARY = 'canary-5f2d8c41b07e';

async function start(options: {
  host?: string;
  env?: Record<string, string>;
  lines?: string[];
}): Promise<RunningServer & { dataDir: string }> {
  const dataDir = tempDir();
  const { host = '0.0.0.0', env = {}, lines = [] } = options;
  const server = await startServer({ port: 0, host, dataDir, env, log: (line) => lines.push(line) });
  onTestFinished(() => server.close());
  return { ...server, dataDir };
}

const status = async (url: string, headers: Record<string, string> = {}): Promise<number> =>
  (await fetch(`${url}/v1/agents/`, { headers })).status;
const bearer = (token: string): Record<string, string> => ({ authorization: `Bearer ${token}` });

describe('who has to send a token', () => {
  test('on loopback nobody, as clients without a key and with any key expect', async () => {
    const { url, token_file } = await start({ host: '127.0.0.1' });
    expect([await status(url), await status(url, bearer('whatever')), token_file]).toEqual([200, 200, null]);
  });

  test('on loopback everybody, once a token is set', async () => {
    for (const name of ['MEMOIR_SERVER_TOKEN', 'LETTA_SERVER_PASSWORD']) {
      const { url, dataDir } = await start({ host: '127.0.0.1', env: { [name]: ` ${CANARY}\n` } });
      expect([
        await status(url),
        await status(url, bearer('wrong')),
        await status(url, bearer(CANARY)),
      ]).toEqual([401, 401, 200]);
      expect(await status(url, { 'x-bare-password': `password ${CANARY}` })).toBe(200);
      expect(readdirSync(dataDir)).not.toContain('server-token');
    }
  });

  test('on every other address everybody; the token is made, closed to others and kept', async () => {
    const { url, token_file, dataDir } = await start({});
    const path = join(dataDir, 'server-token');
    expect(token_file).toEqual({ path, token: expect.stringMatching(/^[\w-]{43}$/) as unknown, isNew: true });
    expect(statSync(path).mode & 0o077 & UNIX_ONLY).toBe(0);
    expect([await status(url), await status(url, bearer(token_file?.token ?? ''))]).toEqual([401, 200]);
    expect(openTokenFile(dataDir)).toEqual({ ...token_file, isNew: false });
  });

  test('a server on the IPv6 loopback needs none and answers to its address', async () => {
    const { url } = await start({ host: '::1' });
    expect(url).toMatch(/^http:\/\/\[::1\]:\d+$/);
    const origin = { origin: url, 'sec-fetch-site': 'same-origin' };
    expect([
      await status(url),
      await status(url, origin),
      await status(url, { origin: 'http://[::2]' }),
    ]).toEqual([200, 200, 403]);
  });

  test('a door beyond loopback that was given no token lets nobody in', async () => {
    const { url } = await openDoor({ host: '0.0.0.0' });
    const rpc = (headers: Record<string, string>): Promise<Response> =>
      fetch(`${url}/ade/rpc/agents.list`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: '{}',
      });
    expect([(await rpc({})).status, (await rpc(bearer(''))).status, (await rpc(bearer('x'))).status]).toEqual(
      [401, 401, 401],
    );
  });
});

describe('a refusal', () => {
  test('says where the token is, and names no folder', async () => {
    const kept = await start({});
    const body = (await (await fetch(`${kept.url}/v1/agents/`)).json()) as { detail: string };
    expect(body.detail).toContain(
      'the file "server-token" of Memoir\'s data folder; the command "memoir token"',
    );
    expect(body.detail).not.toContain(kept.dataDir);
    const set = await start({ env: { LETTA_SERVER_PASSWORD: CANARY } });
    const answer = await fetch(`${set.url}/v1/agents/`, { headers: bearer('wrong') });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer realm="Memoir"');
    expect(((await answer.json()) as { detail: string }).detail).toMatch(
      /not the token.*LETTA_SERVER_PASSWORD/,
    );
  });
});

describe('the file of the token', () => {
  test('a new token counts at once, and the old one no more', async () => {
    const { url, token_file, dataDir } = await start({});
    const { token, isNew } = replaceToken(dataDir);
    expect([
      isNew,
      await status(url, bearer(token_file?.token ?? '')),
      await status(url, bearer(token)),
    ]).toEqual([true, 401, 200]);
    expect(readdirSync(dataDir).filter((name) => name.startsWith('server-token'))).toEqual(['server-token']);
  });

  test.each(['gone', 'empty', 'a folder'])('while it is %s nobody is let in', (state) => {
    const dataDir = tempDir();
    const { path, token } = openTokenFile(dataDir);
    rmSync(path);
    if (state === 'empty') writeFileSync(path, '\n');
    if (state === 'a folder') openTokenFile(path);
    const { matches } = keptToken(path);
    expect([matches(token), matches(''), matches('\n')]).toEqual([false, false, false]);
  });

  test.skipIf(process.platform === 'win32')('one that others may read is closed to them', () => {
    const dataDir = tempDir();
    const { path, token } = openTokenFile(dataDir);
    chmodSync(path, 0o644);
    expect(openTokenFile(dataDir).token).toBe(token);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('one that holds no token is told by its path and left as it is', () => {
    const dataDir = tempDir();
    const path = join(dataDir, 'server-token');
    writeFileSync(path, 'two\nlines');
    expect(() => openTokenFile(dataDir)).toThrow(path);
    expect(readFileSync(path, 'utf8')).toBe('two\nlines');
  });

  test('each is another, of 256 bits', () => {
    const dataDir = tempDir();
    const tokens = Array.from({ length: 20 }, () => replaceToken(dataDir).token);
    expect(new Set(tokens).size).toBe(20);
    expect(tokens.map((token) => Buffer.from(token, 'base64url').length)).toEqual(Array(20).fill(32));
  });
});

test.each(['caf\u00e9', 'a\nb', 'x'.repeat(2000)])(
  'a token no header can carry is refused at the start',
  (token) => {
    expect(() => environmentToken({ MEMOIR_SERVER_TOKEN: token })).toThrow('MEMOIR_SERVER_TOKEN');
  },
);

test('a token that was replaced ends the event streams it had opened, and no others', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => void vi.useRealTimers());
  const dataDir = tempDir();
  const { path, token } = openTokenFile(dataDir);
  const { url } = await openDoor({ token: keptToken(path) });
  const listen = async (with_token: string): Promise<ReadableStreamDefaultReader<string>> => {
    const { body } = await fetch(`${url}/ade/events`, { headers: bearer(with_token) });
    const reader = body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe(': listening\n\n');
    return reader;
  };
  const old = await listen(token);
  vi.advanceTimersByTime(15_000);
  expect((await old.read()).value).toBe(': ping\n\n');
  const fresh = await listen(replaceToken(dataDir).token);
  vi.advanceTimersByTime(15_000);
  expect(await old.read()).toEqual({ done: true, value: undefined });
  expect((await fresh.read()).value).toBe(': ping\n\n');
  await fresh.cancel();
});

test('the token is in no log line, no answer and no file but its own', async () => {
  const lines: string[] = [];
  const env = { MEMOIR_SERVER_TOKEN: CANARY };
  const server = await start({ env, lines });
  const answers: string[] = [];
  const ask = async (path: string, headers: Record<string, string>, body?: string): Promise<void> => {
    const method = body === undefined ? 'GET' : 'POST';
    const type = { 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body };
    const response = await fetch(server.url + path, { method, headers: { ...type, ...headers }, ...sent });
    answers.push(JSON.stringify([...response.headers]), await response.text());
  };
  for (const headers of [bearer(CANARY), bearer(`${CANARY}x`), { 'x-bare-password': `password ${CANARY}` }]) {
    await ask('/v1/agents/', headers);
    await ask('/v1/agents/', headers, '{');
    await ask('/v1/agents/agent-0', headers);
    await ask('/v1/tools/', headers);
    await ask('/ade/rpc/system.info', headers, '{}');
    await ask('/ade/rpc/models.list', headers, '{}');
    await ask('/ade/rpc/agents.create', headers, '{"name":"Kit"}');
    await ask('/ade/', headers);
    await ask('/v1/health', headers);
  }
  await server.close();
  const files = readdirSync(server.dataDir, { recursive: true, encoding: 'utf8' })
    .map((name) => join(server.dataDir, name))
    .filter((path) => statSync(path).isFile());
  const kept = files.map((path) => readFileSync(path, 'latin1'));
  expect(answers).toHaveLength(54);
  expect(files.some((path) => path.endsWith('memoir.db'))).toBe(true);
  expect([...lines, ...answers, ...kept].filter((text) => text.includes(CANARY))).toEqual([]);
  expect(existsSync(join(server.dataDir, 'server-token'))).toBe(false);
});
