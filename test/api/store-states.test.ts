import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openBackend } from '../../electron/backend.ts';
import { systemClock } from '../../electron/store/clock.ts';
import { lockFolder } from '../../electron/store/lock.ts';
import { openStore, STORE_FILE } from '../../electron/store/open.ts';
import { AppError } from '../../shared/errors.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const open = (dataDir: string) => openBackend({ dataDir, env: {}, log: () => undefined });

/** Name and bytes of every file but the lock's, which holds nothing. */
function contents(folder: string): [string, string][] {
  return readdirSync(folder)
    .filter((name) => name !== 'lock.db')
    .toSorted()
    .map((name) => [name, readFileSync(join(folder, name)).toString('latin1')]);
}

async function usedFolder(): Promise<string> {
  const folder = tempDir();
  await (await open(folder)).close();
  return folder;
}

describe('a store that does not open', () => {
  const damage: Record<string, (folder: string) => void> = {
    corrupt: (folder) =>
      writeFileSync(join(folder, STORE_FILE), 'this is no database, but somebody needs it'),
    newer: (folder) => {
      const handle = new SqliteHandle(join(folder, STORE_FILE));
      handle.pragma('user_version = 99999');
      handle.close();
    },
    locked: (folder) => {
      const lock = lockFolder(folder);
      onTestFinished(() => lock.release());
    },
  };

  test.each(['corrupt', 'newer', 'locked'] as const)(
    'because it is %s says so, refuses the rest and writes nothing',
    async (state) => {
      const folder = await usedFolder();
      damage[state]?.(folder);
      const before = contents(folder);
      const backend = await open(folder);
      expect(await backend.call('system.info', {})).toMatchObject({
        store: state,
        message: expect.stringMatching(/\. \w/) as unknown,
        data_dir: folder,
      });
      const code = `store_${state}`;
      await expect(backend.call('agents.list', {})).rejects.toMatchObject({ code });
      await expect(backend.call('agents.create', { name: 'Kit' })).rejects.toMatchObject({ code });
      await backend.close();
      expect(contents(folder)).toEqual(before);
    },
  );

  test('because the disk filled up on the way is closed again, and opens once there is room', async () => {
    const folder = tempDir();
    const full = new AppError('store_full', 'The disk is full. Free some space and try again.');
    const clock = {
      ...systemClock,
      newId: () => {
        throw full;
      },
    };
    const backend = await openBackend({ dataDir: folder, env: {}, log: () => undefined, clock });
    expect(await backend.call('system.info', {})).toMatchObject({ store: 'full', message: full.message });
    await expect(backend.call('agents.list', {})).rejects.toBe(full);
    // The files beside the store are there exactly as long as somebody has it open.
    expect(contents(folder).map(([name]) => name)).toEqual([STORE_FILE]);
    const again = await open(folder);
    onTestFinished(() => again.close());
    expect((await again.call('agents.list', {})).agents).toHaveLength(1);
  });

  test('frees the folder for the next start when it was only damaged', async () => {
    const folder = await usedFolder();
    const sound = readFileSync(join(folder, STORE_FILE));
    damage['corrupt']?.(folder);
    await open(folder);
    writeFileSync(join(folder, STORE_FILE), sound);
    const backend = await open(folder);
    onTestFinished(() => backend.close());
    expect(await backend.call('system.info', {})).toMatchObject({ store: 'ready', message: null });
  });
});

test('what was written is in one file once the backend has closed', async () => {
  const folder = tempDir();
  const backend = await open(folder);
  const made = await backend.call('agents.create', { name: 'Kit' });
  await backend.close();
  expect(contents(folder).map(([name]) => name)).toEqual([STORE_FILE]);
  const { database } = await openStore(folder);
  onTestFinished(() => database.close());
  const names = await database.read.selectFrom('agent').select('name').where('id', '=', made.id).execute();
  expect(names).toEqual([{ name: 'Kit' }]);
});
