/** The log and the crash files: what they hold, how large they grow, and what never gets into them. */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Log, openLog } from '../../electron/log/log-file.ts';
import { createRedactor, REDACTED, secretsOf } from '../../electron/log/redact.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const NOON = new Date('2026-11-21T12:00:00.000Z');

function stage(max_bytes = 1000): {
  log: Log;
  folder: string;
  echoed: string[];
  read: (name: string) => string;
} {
  const folder = join(tempDir(), 'logs');
  const echoed: string[] = [];
  let minute = 0;
  const log = openLog({
    folder,
    redact: createRedactor('/home/kit').redact,
    now: () => new Date(NOON.getTime() + (minute += 60_000)),
    echo: (line) => echoed.push(line),
    max_bytes,
    keep: 3,
  });
  return { log, folder, echoed, read: (name) => readFileSync(join(folder, name), 'utf8') };
}

describe('the log', () => {
  test('has a time a line, is for this user alone and is heard in the terminal', () => {
    const { log, folder, echoed, read } = stage();
    log.write('The store is damaged: /home/kit/data');
    expect(read('memoir.log')).toBe('2026-11-21T12:01:00.000Z The store is damaged: ~/data\n');
    expect(echoed).toEqual(['The store is damaged: ~/data']);
    expect(statSync(join(folder, 'memoir.log')).mode & 0o777).toBe(0o600);
  });

  test('is put aside when it is full, and the oldest part is deleted', () => {
    const { log, folder, read } = stage();
    for (let line = 0; line < 200; line += 1) log.write(`line ${line} ${'x'.repeat(60)}`);
    expect(readdirSync(folder).toSorted()).toEqual([
      'memoir.1.log',
      'memoir.2.log',
      'memoir.3.log',
      'memoir.log',
    ]);
    for (const name of readdirSync(folder)) expect(read(name).length).toBeLessThanOrEqual(1000);
    expect(read('memoir.log')).toContain('line 199');
    const [first] = /line \d+/.exec(read('memoir.1.log')) ?? [];
    const [last] = /line \d+/.exec(read('memoir.log')) ?? [];
    expect(Number(first?.slice(5))).toBeLessThan(Number(last?.slice(5)));
  });

  test('a crash has a file of its own; the newest few are kept', () => {
    const { log, folder, read } = stage();
    for (let crash = 0; crash < 5; crash += 1)
      log.crash('engine', `Error ${crash}: key sk-0123456789abcdef\n    at x`);
    const crashes = readdirSync(join(folder, 'crashes')).toSorted();
    expect(crashes).toHaveLength(3);
    const newest = read(join('crashes', crashes.at(-1) ?? ''));
    expect(newest).toContain(`Error 4: key ${REDACTED}\n    at x`);
    expect(newest).toContain(process.version);
    expect(read('memoir.log')).toContain('Crash of the engine: Error 4');
  });

  test('a folder that can not be written ends nothing, and says so', () => {
    const file = join(tempDir(), 'file');
    writeFileSync(file, '');
    const echoed: string[] = [];
    const log = openLog({
      folder: join(file, 'logs'),
      redact: (text) => text,
      now: () => NOON,
      echo: (line) => echoed.push(line),
    });
    log.write('hello');
    log.crash('main', 'boom');
    expect(echoed[0]).toBe('hello');
    expect(echoed[1]).toContain('The log could not be written');
  });
});

test('a line of strangers commands no terminal and looks like no other line', () => {
  const { log, folder, echoed, read } = stage();
  log.write('GET /\u001b]0;owned\u0007\u001b[2J\r\u202e\u0000\u009b1m/\n2026-11-21T12:00:00.000Z forged');
  const line =
    'GET /\\u001b]0;owned\\u0007\\u001b[2J\\u000d\\u202e\\u0000\\u009b1m/\n  2026-11-21T12:00:00.000Z forged';
  expect(echoed).toEqual([line]);
  expect(read('memoir.log')).toBe(`2026-11-21T12:01:00.000Z ${line}\n`);
  log.crash('engine', 'Error: \u001b[2J\n    at x');
  const [crash = ''] = readdirSync(join(folder, 'crashes'));
  expect(read(join('crashes', crash))).toContain('Error: \\u001b[2J\n    at x');
});

describe('what is taken out', () => {
  test.each([
    'sk-proj-0123456789abcdefABCDEF',
    'sk-ant-api03-0123456789_abc',
    'gsk_0123456789abcdefABCDEF',
    'AIzaSyA0123456789abcdefghijk',
    'AKIAIOSFODNN7EXAMPLE',
    'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc',
  ])('%s, by its looks', (secret) => {
    const clean = createRedactor('').redact(`401 for ${secret}, sorry`);
    expect(clean).not.toContain(secret.slice(8));
    expect(clean).toMatch(/^401 for .*, sorry$/);
  });

  test.each([
    ['Authorization: Bearer abcdefgh12345678', 'abcdefgh12345678'],
    ['{"api_key":"plain-words-key"}', 'plain-words-key'],
    ['x-api-key=plain-words-key', 'plain-words-key'],
    ['password: hunter22', 'hunter22'],
    ['GET https://kit:hunter22@host/x', 'hunter22'],
    ['GET https://hunter22@host/x', 'hunter22'],
    ['GET https://host/x?key=hunter22&q=private', 'private'],
  ])('%s, by its place', (text, secret) => expect(createRedactor('').redact(text)).not.toContain(secret));

  test('what was learned, in any place, and the name of the home folder', () => {
    const { learn, redact } = createRedactor('/home/kit');
    learn('plain words as a key');
    learn('no');
    expect(redact('no: /home/kit/x said plain words as a key!')).toBe(`no: ~/x said ${REDACTED}!`);
  });

  test('what was learned as it stands in JSON and in an address, and whole where it begins as another does', () => {
    const { learn, redact } = createRedactor('');
    learn('plain+key/1');
    learn('plain+key/1"and=more');
    for (const text of ['plain+key/1"and=more', 'plain+key/1\\"and=more', 'plain%2Bkey%2F1%22and%3Dmore']) {
      expect(redact(`key ${text}!`)).toBe(`key ${REDACTED}!`);
    }
    expect(redact('at /x/plain%2Bkey%2F1?')).toBe(`at /x/${REDACTED}?`);
  });

  test.each([
    ['/home/kit doe', 'at file:///home/kit%20doe/x.ts and /home/kit doe/y', 'at file://~/x.ts and ~/y'],
    [
      String.raw`C:\Users\kit`,
      String.raw`at file:///C:/Users/kit/x.ts, C:\Users\kit\y and "C:\\Users\\kit\\z"`,
      String.raw`at file:///~/x.ts, ~\y and "~\\z"`,
    ],
  ])('the home folder %s, however it is written', (home, text, clean) =>
    expect(createRedactor(home).redact(text)).toBe(clean),
  );

  test('ordinary lines stay as they are', () => {
    const line = 'agents.list: took 12 ms for agent-3f2c1a7e-0000-4000-8000-000000000000, 3 tokens used';
    expect(createRedactor('').redact(line)).toBe(line);
  });

  test('secrets of the environment are known by their names', () => {
    expect(
      secretsOf({ OPENAI_API_KEY: 'a', GITHUB_TOKEN: 'b', DB_PASSWORD: 'c', PATH: 'd', KEYBOARD: 'e' }),
    ).toEqual(['a', 'b', 'c']);
  });
});
