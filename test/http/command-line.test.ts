import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseDiagnoseOptions, parseServerOptions, parseTokenOptions } from '../../electron/command-line.ts';
import { diagnoseServer } from '../../electron/diagnose-command.ts';
import { startServer } from '../../electron/server.ts';
import { ROOT } from '../helpers/sources.ts';
import { tempDir } from '../helpers/temp-dir.ts';

describe('the options of the server', () => {
  test('have defaults', () => {
    expect(parseServerOptions([])).toEqual({
      port: 8283,
      host: '127.0.0.1',
      dataDir: undefined,
      debug: false,
      headless: false,
    });
  });

  test('are taken with a space or an equals sign, an IPv6 address with brackets or without', () => {
    const args = ['--port=0', '--host', '[::1]', '--data', './here', '--debug', '--headless'];
    expect(parseServerOptions(args)).toEqual({
      port: 0,
      host: '::1',
      dataDir: './here',
      debug: true,
      headless: true,
    });
  });

  test.each([
    [['--port', '65536'], 'from 0 to 65535, not "65536"'],
    [['--port', '8e3'], 'from 0 to 65535, not "8e3"'],
    [
      ['--host='],
      '--host needs a value. Known: --port VALUE, --host VALUE, --data VALUE, --debug, --headless.',
    ],
    [['--data'], '--data'],
    [['--colour'], "'--colour'. "],
    [['here'], "'here'"],
  ])('%j is refused, with what is known', (args, reason) => {
    expect(() => parseServerOptions(args)).toThrow(reason);
  });

  test('of the token are a folder and whether to make a new one', () => {
    expect(parseTokenOptions(['--rotate', '--data', 'x'])).toEqual({ dataDir: 'x', rotate: true });
    expect(() => parseTokenOptions(['--port', '1'])).toThrow('Known: --data VALUE, --rotate.');
  });
});

test('the options of a diagnosis are whom to look at, and where the server is', () => {
  const common = { port: 8283, host: '127.0.0.1', dataDir: undefined };
  expect(parseDiagnoseOptions([])).toEqual({ ...common, agent: null });
  expect(parseDiagnoseOptions(['Ada', '--port', '1'])).toEqual({ ...common, port: 1, agent: 'Ada' });
  expect(() => parseDiagnoseOptions(['--debug'])).toThrow('Known: --port VALUE, --host VALUE, --data VALUE.');
});

type Printed = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a program of the project until it ends or prints where the ADE is. */
async function run(program: string, env: Record<string, string> = {}): Promise<Printed> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: ROOT,
    env: {
      PATH: process.env['PATH'] ?? '',
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? '',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const printed = { out: '', err: '' };
  child.stdout.on('data', (bytes: Buffer) => (printed.out += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (printed.err += bytes.toString()));
  const [code] = (await once(child, 'exit')) as [number | null];
  return { code, ...printed };
}

/** Starts `memoir server` from source in that process, does something there, and ends it as a person would. */
function serveAnd(dataDir: string, then: string, host = '0.0.0.0'): string {
  const args = JSON.stringify(['--port', '0', '--host', host, '--data', dataDir, '--debug']);
  return `const { runServer, runToken } = await import('./electron/server.ts');
    await runServer(${args});
    ${then}
    process.kill(process.pid, 'SIGTERM');`;
}

describe('the process of the server', () => {
  test('shows the token it made once, on no line of the log, and then says where it is', async () => {
    const dataDir = tempDir();
    const first = await run(serveAnd(dataDir, ''));
    const token = readFileSync(join(dataDir, 'server-token'), 'utf8').trim();
    expect(first.code).toBe(0);
    expect(first.out.split(token)).toHaveLength(2);
    expect(first.out).toMatch(
      /^ADE ready: http:\/\/127\.0\.0\.1:\d+\/ade\nCallers need this token, shown once/,
    );
    const again = await run(serveAnd(dataDir, ''));
    expect(again.out).toContain(
      `Callers need the token in ${join(dataDir, 'server-token')}; "memoir token" shows it.`,
    );
    expect([again.out, again.err, first.err].filter((text) => text.includes(token))).toEqual([]);
  });

  test('prints nothing of a token that was set', async () => {
    const { code, out, err } = await run(serveAnd(tempDir(), ''), {
      MEMOIR_SERVER_TOKEN: 'canary-5f2d8c41b07e',
    });
    expect([code, out]).toEqual([0, expect.stringMatching(/^ADE ready: \S+\nLog: \S+\n$/) as unknown]);
    expect(out + err).not.toContain('canary');
  });

  test('"memoir token" shows the token, and makes another with --rotate', async () => {
    const data = ['--data', tempDir()];
    const { code, out } = await run(`const { runToken } = await import('./electron/server.ts');
      const data = ${JSON.stringify(data)};
      for (const args of [data, data, [...data, '--rotate'], data]) runToken(args);`);
    const [made, same, other, kept] = out.trim().split('\n');
    expect([code, made, kept]).toEqual([0, expect.stringMatching(/^[\w-]{43}$/) as unknown, other]);
    expect([same === made, other === made]).toEqual([true, false]);
  });

  test('on loopback asks for none, and goes on after a fault that nothing caught, and tells it', async () => {
    const fault = `setTimeout(() => { throw new Error('thrown aside'); });
      void Promise.reject(new Error('left alone'));
      await new Promise((resolve) => setTimeout(resolve));
      process.stdout.write('still here');`;
    const { code, out, err } = await run(serveAnd(tempDir(), fault, '127.0.0.1'));
    expect([code, out]).toEqual([
      0,
      expect.stringMatching(/^ADE ready: \S+\nLog: \S+\nstill here$/) as unknown,
    ]);
    expect(err).toMatch(/Memoir goes on\. Error: left alone[\s\S]*Memoir goes on\. Error: thrown aside/);
  });

  test('with --debug tells each request without what it asks for, and keeps the same in its log file', async () => {
    const dataDir = tempDir();
    const { out, err } = await run(
      serveAnd(
        dataDir,
        `const { readFileSync } = await import('node:fs');
        const [, url] = /listens on (\\S+);/.exec(readFileSync(${JSON.stringify(join(dataDir, 'logs', 'memoir.log'))}, 'utf8'));
        await (await fetch(url + '/v1/health?key=canary-5f2d8c41b07e')).text();`,
        '127.0.0.1',
      ),
    );
    expect(out).toContain(`Log: ${join(dataDir, 'logs', 'memoir.log')}`);
    expect(err).toMatch(/listens on http[^\n]+\nGET \/v1\/health 200 \d+ ms\nMemoir is asked to end/);
    const log = readFileSync(join(dataDir, 'logs', 'memoir.log'), 'utf8');
    expect(log).toMatch(/^\S+Z Memoir \S+ listens on http.*\n\S+Z GET \/v1\/health 200/);
    expect(log + err).not.toContain('canary');
  });

  test('repeats no key it was told by a page or found in a file, whatever a fault says', async () => {
    const dataDir = tempDir();
    const path = join(tempDir(), 'key');
    writeFileSync(path, 'canary.of.a.file\n');
    const { out, err } = await run(
      serveAnd(
        dataDir,
        `const { readFileSync } = await import('node:fs');
        const [, url] = /listens on (\\S+);/.exec(readFileSync(${JSON.stringify(join(dataDir, 'logs', 'memoir.log'))}, 'utf8'));
        const headers = { 'content-type': 'application/json' };
        const body = JSON.stringify({ provider: 'openai', api_key: 'canary.of.a.page' });
        await (await fetch(url + '/ade/rpc/providers.connect', { method: 'POST', headers, body })).text();
        void Promise.reject(new Error('It said canary.of.a.page and canary.of.a.file and canary.of.env'));
        await new Promise((resolve) => setTimeout(resolve));`,
        '127.0.0.1',
      ),
      { GROQ_API_KEY_FILE: path, GROQ_API_KEY: '', DEEPSEEK_API_KEY: 'canary.of.env' },
    );
    const log = readFileSync(join(dataDir, 'logs', 'memoir.log'), 'utf8');
    for (const text of [log, err]) expect(text).toContain('It said [redacted] and [redacted] and [redacted]');
    expect(out + err + log).not.toContain('canary');
  });

  test('that finds its port taken by another program names both cures', async () => {
    const taken = await listenAnywhere();
    const { code, err } = await run(`const { runServer } = await import('./electron/server.ts');
      await runServer(['--port', '${taken}', '--data', ${JSON.stringify(tempDir())}]);`);
    expect(code).toBe(1);
    expect(err).toBe(
      `memoir: Port ${taken} is taken by another program, so Memoir can not listen on 127.0.0.1:${taken}. Close that program, or choose another port with --port.\n`,
    );
  });
});

describe('memoir diagnose', () => {
  const diagnose = (args: readonly string[]): Promise<Printed> =>
    run(`const { runDiagnose } = await import('./electron/server.ts');
      await runDiagnose(${JSON.stringify(args)});`);

  test('prints each row, finds the token by itself, and ends well when nothing is in trouble', async () => {
    const dataDir = tempDir();
    const server = await startServer({ port: 0, host: '0.0.0.0', dataDir, env: {} });
    onTestFinished(() => server.close());
    const where = ['--port', new URL(server.url).port, '--data', dataDir];
    const { code, out } = await diagnose(['Ada', ...where]);
    expect(code).toBe(0);
    expect(out).toMatch(/^Agent: Ada\nno_answer: ok\n {2}cause: /);
    expect(out.match(/^\w+: ok$/gm)).toHaveLength(7);

    const stranger = await diagnoseServer([...where.slice(0, 2), '--data', tempDir()], {});
    expect(stranger).toEqual({
      code: 1,
      text: expect.stringMatching(/^connection: TROUBLE\n {2}cause: .*token/) as unknown,
    });
    await expect(diagnoseServer(['Nobody', ...where], {})).rejects.toThrow(
      'There is no agent "Nobody". There are: Ada.',
    );
  });

  test('says where nothing listens, how to start it and where the log is, and ends with code 1', async () => {
    const free = await listenAnywhere(true);
    const dataDir = tempDir();
    const { code, out } = await diagnose(['--port', `${free}`, '--data', dataDir]);
    expect([code, out.split('\n')]).toEqual([
      1,
      [
        'connection: TROUBLE',
        `  cause: nothing is listening on 127.0.0.1:${free}`,
        '  cure: start it with: memoir server',
        `  log: if it ends by itself, the last lines of ${join(dataDir, 'logs', 'memoir.log')} say why`,
        '',
      ],
    ]);
  });
});

/** A port another program listens on until the test ends; with `closed`, one that was just given back. */
async function listenAnywhere(closed = false): Promise<number> {
  const server = createServer((socket) => socket.destroy());
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const close = (): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  if (closed) await close();
  else onTestFinished(close);
  return port;
}
