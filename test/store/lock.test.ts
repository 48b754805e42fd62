import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { lockFolder } from '../../electron/store/lock.ts';
import { openStore } from '../../electron/store/open.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const LOCK = fileURLToPath(new URL('../../electron/store/lock.ts', import.meta.url));

/** Another process that takes the lock, says what came of it, and stays until it is killed. */
async function takeElsewhere(folder: string): Promise<{ child: ChildProcess; said: string }> {
  const code = `
    import { lockFolder } from ${JSON.stringify(LOCK)};
    try {
      globalThis.lock = lockFolder(${JSON.stringify(folder)});
      process.stdout.write('held');
    } catch (error) {
      process.stdout.write(error.code);
    }
    setInterval(() => undefined, 60_000);
  `;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  const [bytes] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: bytes.toString() };
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit');
  child.kill('SIGKILL');
  await gone;
}

test('a folder held by another process is refused at once, naming the folder', async () => {
  const folder = tempDir();
  const { said } = await takeElsewhere(folder);
  expect(said).toBe('held');
  expect(() => lockFolder(folder)).toThrow(
    expect.objectContaining({
      code: 'store_locked',
      details: { path: folder },
      message: expect.stringContaining(folder) as unknown,
    }),
  );
});

test('a second process is refused while this one holds the folder, and not after its release', async () => {
  const folder = tempDir();
  const lock = lockFolder(folder);
  expect((await takeElsewhere(folder)).said).toBe('store_locked');
  lock.release();
  expect((await takeElsewhere(folder)).said).toBe('held');
});

test('a folder is free as soon as its holder was killed', async () => {
  const folder = tempDir();
  const { child, said } = await takeElsewhere(folder);
  expect(said).toBe('held');
  await kill(child);
  lockFolder(folder).release();
});

test('the same process can not take a folder twice, and another folder is not concerned', () => {
  const folder = tempDir();
  const lock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(expect.objectContaining({ code: 'store_locked' }));
  lockFolder(tempDir()).release();
  lock.release();
  lockFolder(folder).release();
});

test('deleting the lock file lets nobody in while a store is open, and the next start is free again', async () => {
  const folder = tempDir();
  const { database } = await openStore(folder);
  rmSync(join(folder, 'lock.db'), { force: true });
  const first = await takeElsewhere(folder);
  const second = await takeElsewhere(folder);
  expect([first.said, second.said]).toEqual(['store_locked', 'store_locked']);
  await database.close();
  lockFolder(folder).release();
});

test('a lock file that is no database holds nothing and is replaced, unless somebody uses the store', async () => {
  const folder = tempDir();
  writeFileSync(join(folder, 'lock.db'), 'not a lock at all'.repeat(1000));
  lockFolder(folder).release();
  const { database } = await openStore(folder);
  writeFileSync(join(folder, 'lock.db'), 'not a lock at all'.repeat(1000));
  expect((await takeElsewhere(folder)).said).toBe('store_locked');
  await database.close();
  lockFolder(folder).release();
});

test('a lock file that can not be opened is not blamed on another Memoir', () => {
  const folder = tempDir();
  mkdirSync(join(folder, 'lock.db'));
  expect(() => lockFolder(folder)).toThrow(
    expect.objectContaining({
      code: 'store_read_only',
      message: expect.stringContaining(`may not write to ${folder}`) as unknown,
    }),
  );
});

test('the folder holds no file of the lock but one', () => {
  const folder = tempDir();
  const lock = lockFolder(folder);
  expect(readdirSync(folder)).toEqual(['lock.db']);
  lock.release();
  expect(readdirSync(folder)).toEqual(['lock.db']);
});
