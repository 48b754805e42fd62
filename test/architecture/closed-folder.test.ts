/** Whatever makes the data folder first makes it for this user alone: what is remembered lies in it. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openBackend } from '../../electron/backend.ts';
import { openTokenFile } from '../../electron/http/access-token.ts';
import { openProcessLog } from '../../electron/log/process-log.ts';
import { readSources } from '../helpers/sources.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const MAKERS: readonly [string, (dataDir: string) => unknown][] = [
  ['the token', openTokenFile],
  ['the log', (dataDir) => openProcessLog(dataDir, { env: {}, echo: () => undefined }).write('hello')],
  [
    'a crash file',
    (dataDir) => openProcessLog(dataDir, { env: {}, echo: () => undefined }).crash('main', 'boom'),
  ],
  [
    'the store',
    async (dataDir) => {
      const backend = await openBackend({ dataDir, env: {}, log: () => undefined });
      onTestFinished(() => backend.close());
    },
  ],
];

test.each(MAKERS)('%s', async (_what, make) => {
  const before = process.umask(0o022);
  onTestFinished(() => void process.umask(before));
  const dataDir = join(tempDir(), 'deep', 'data');
  await make(dataDir);
  expect(statSync(dataDir).mode & 0o077).toBe(0);
});

test('no folder is made open to others', () => {
  const open = /mkdir(?:Sync)?\((?![^;]*mode: 0o700)/;
  expect(open.test('mkdirSync(folder, { recursive: true });')).toBe(true);
  expect(
    readSources('electron')
      .filter(({ text }) => open.test(text))
      .map(({ path }) => path),
  ).toEqual([]);
});
