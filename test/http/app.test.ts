import { mkdirSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { AppError } from '../../shared/errors.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openDoor } from './door.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

/** `fetch` normalises paths and sets Host itself, so raw requests go through Node. */
function raw(
  port: number,
  options: { path: string; method?: string; headers?: Record<string, string> },
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const asked = request({ host: '127.0.0.1', port, ...options }, (response) => {
      let body = '';
      response.on('data', (bytes: Buffer) => (body += bytes.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end();
  });
}

describe('who may call', () => {
  test.each(['evil.example', 'evil.example:8283', '127.evil.example.:80', '10.0.0.1'])(
    'the host name %s is refused',
    async (host) => {
      const { port } = await openDoor();
      const { status, body } = await raw(port, { path: '/ade/', headers: { host } });
      expect(status).toBe(403);
      expect(body).toContain(host);
    },
  );

  test.each(['localhost', '127.0.0.1', '[::1]', 'LOCALHOST'])(
    'the host name %s passes with the port, and with no other',
    async (name) => {
      const { port } = await openDoor();
      const status = async (host: string): Promise<number> =>
        (await raw(port, { path: '/v1/nothing', headers: { host } })).status;
      expect(await status(`${name}:${port}`)).toBe(404);
      expect([await status(name), await status(`${name}:1`)]).toEqual([403, 403]);
    },
  );

  test.each(['http://evil.example', 'null', 'http://127.0.0.1:1'])(
    'a page of %s is refused',
    async (origin) => {
      const { url } = await openDoor();
      const response = await fetch(`${url}/ade/rpc/agents.list`, {
        method: 'POST',
        headers: { ...JSON_TYPE, origin },
        body: '{}',
      });
      expect(response.status).toBe(403);
      expect(await response.json()).toMatchObject({ error: { code: 'invalid_input' } });
    },
  );

  test('a page of its own origin and of an allowed one may call', async () => {
    const { url } = await openDoor();
    for (const origin of [url, 'https://friend.example']) {
      const response = await fetch(`${url}/ade/rpc/agents.list`, {
        method: 'POST',
        headers: { ...JSON_TYPE, origin, 'sec-fetch-site': origin === url ? 'same-origin' : 'cross-site' },
        body: '{}',
      });
      expect(response.status).toBe(200);
    }
  });

  test('a cross-site write without an origin is refused', async () => {
    const { url } = await openDoor();
    const headers = { ...JSON_TYPE, 'sec-fetch-site': 'cross-site' };
    const response = await fetch(`${url}/v1/agents`, { method: 'POST', headers, body: '{}' });
    expect(response.status).toBe(403);
    expect(await response.json()).toHaveProperty('detail');
  });
});

describe('calls by name', () => {
  test('an answer comes as JSON', async () => {
    const { url } = await openDoor({ call: (name, input) => Promise.resolve({ name, input }) });
    const response = await fetch(`${url}/ade/rpc/agents.list`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{"query":"a"}',
    });
    expect(await response.json()).toEqual({ name: 'agents.list', input: { query: 'a' } });
  });

  test('a body that is not declared as JSON is refused', async () => {
    const { url } = await openDoor();
    const response = await fetch(`${url}/ade/rpc/agents.list`, { method: 'POST', body: '{}' });
    expect(response.status).toBe(415);
  });

  test('a body that is no JSON, and a name outside the contract, are told', async () => {
    const { url } = await openDoor();
    const broken = await fetch(`${url}/ade/rpc/agents.list`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{',
    });
    expect([broken.status, await broken.json()]).toMatchObject([400, { error: { code: 'invalid_input' } }]);
    const unknown = await fetch(`${url}/ade/rpc/agents.steal`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{}',
    });
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: { code: 'not_found' } }]);
  });

  test('a body over the limit is refused with the number', async () => {
    const { url } = await openDoor();
    const body = JSON.stringify({ text: 'x'.repeat(65 * 1024 * 1024) });
    const response = await fetch(`${url}/ade/rpc/agents.list`, { method: 'POST', headers: JSON_TYPE, body });
    expect(response.status).toBe(413);
    expect(JSON.stringify(await response.json())).toContain('64 MiB (67108864 bytes)');
  });

  test('a body that does not say its size is counted, and refused at the same number', async () => {
    const { url } = await openDoor();
    const piece = new Uint8Array(1024 * 1024).fill(0x20);
    let pieces = 0;
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pieces += 1;
        if (pieces > 66) controller.close();
        else controller.enqueue(piece);
      },
    });
    const request = { method: 'POST', headers: JSON_TYPE, body, duplex: 'half' } as RequestInit;
    expect((await fetch(`${url}/ade/rpc/agents.list`, request)).status).toBe(413);
  });

  test('a failure keeps its code, message and details', async () => {
    const failure = new AppError('conflict', 'It changed meanwhile.', { details: { current: 'b' } });
    const { url } = await openDoor({ call: () => Promise.reject(failure) });
    const response = await fetch(`${url}/ade/rpc/blocks.update`, {
      method: 'POST',
      headers: JSON_TYPE,
      body: '{}',
    });
    expect(response.status).toBe(409);
    expect(await response.json()).toEqual({
      error: { code: 'conflict', message: 'It changed meanwhile.', details: { current: 'b' } },
    });
  });
});

describe('the event stream', () => {
  test('events come in order with their numbers, and a reader that leaves is forgotten', async () => {
    const { url, hub } = await openDoor();
    const stop = new AbortController();
    const response = await fetch(`${url}/ade/events`, { signal: stop.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
    expect((await reader.read()).value).toBe(': listening\n\n');
    hub.emit({ type: 'block.deleted', block_id: 'block-1' });
    hub.emit({ type: 'block.deleted', block_id: 'block-2' });
    let text = '';
    while (!text.includes('block-2')) text += (await reader.read()).value ?? '';
    const envelopes = text.match(/(?<=^data: ).+$/gm)!.map((line) => JSON.parse(line) as { seq: number });
    expect(envelopes.map(({ seq }) => seq)).toEqual([1, 2]);
    stop.abort();
    await expect(reader.read()).rejects.toThrow('aborted');
  });

  test('closing the server ends open streams quickly', async () => {
    const door = await openDoor();
    const response = await fetch(`${door.url}/ade/events`);
    const started = performance.now();
    await Promise.all([response.text(), door.close()]);
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('the files of the ADE', () => {
  function renderer(): string {
    const outside = tempDir();
    writeFileSync(join(outside, 'secret.txt'), 'secret');
    const folder = join(outside, 'renderer');
    mkdirSync(join(folder, 'assets'), { recursive: true });
    writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Memoir</title>');
    writeFileSync(join(folder, 'assets', 'main-AbCd1234.js'), 'export {};');
    return folder;
  }

  test('/ and /ade lead to /ade/, which is the page with its policy', async () => {
    const { url } = await openDoor({ rendererDir: renderer() });
    for (const path of ['/', '/ade']) expect((await fetch(url + path)).url).toBe(`${url}/ade/`);
    const page = await fetch(`${url}/ade/`);
    expect(await page.text()).toContain('<title>Memoir</title>');
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(page.headers.get('referrer-policy')).toBe('no-referrer');
    expect(page.headers.get('cache-control')).toBe('no-cache');
  });

  test('a file with a hash in its name may be kept for ever', async () => {
    const { url } = await openDoor({ rendererDir: renderer() });
    const { headers } = await fetch(`${url}/ade/assets/main-AbCd1234.js`);
    expect(headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(headers.get('cache-control')).toContain('immutable');
  });

  test.each([
    '/ade/../secret.txt',
    '/ade/%2e%2e/secret.txt',
    '/ade/..%2fsecret.txt',
    '/ade/assets/..%2f..%2fsecret.txt',
    '/ade/..%5csecret.txt',
    '/ade/%00',
    '/ade/%',
    '/ade//etc/passwd',
    '/ade/assets',
  ])('%s gives nothing', async (path) => {
    const { port } = await openDoor({ rendererDir: renderer() });
    const { status, body } = await raw(port, { path });
    expect([404, 400]).toContain(status);
    expect(body).not.toContain('secret');
  });

  test('without a build, the page says how to make one', async () => {
    const { url } = await openDoor();
    const page = await fetch(`${url}/ade/`);
    expect(page.status).toBe(503);
    expect(await page.text()).toContain('npm run build');
  });
});

test('a taken port is named together with the setting that changes it', async () => {
  const { port } = await openDoor();
  const taken = openDoor({ port });
  await expect(taken).rejects.toMatchObject({ code: 'port_taken' });
  await expect(taken).rejects.toThrow(new RegExp(`Port ${port}.*--port`));
});
