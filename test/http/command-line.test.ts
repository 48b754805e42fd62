import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parseServerOptions, parseTokenOptions } from '../../electron/command-line.ts';
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

type Printed = { readonly code: number | null; readonly out: string; readonly err: string };

/** Runs a program of the project until it ends or prints where the ADE is. */
async function run(program: string, env: Record<string, string> = {}): Promise<Printed> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: ROOT,
    env: { PATH: process.env['PATH'] ?? '', ...env },
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
    expect([code, out, err]).toEqual([0, expect.stringMatching(/^ADE ready: \S+\n$/) as unknown, '']);
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
    expect([code, out]).toEqual([0, expect.stringMatching(/^ADE ready: \S+\nstill here$/) as unknown]);
    expect(err).toMatch(/Memoir goes on\. Error: left alone[\s\S]*Memoir goes on\. Error: thrown aside/);
  });
});
