import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
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

const damage: Record<string, (folder: string) => void> = {
  corrupt: (folder) => writeFileSync(join(folder, STORE_FILE), 'this is no database, but somebody needs it'),
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

describe('a store that does not open', () => {
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
      await expect(backend.call('blocks.list', {})).rejects.toMatchObject({ code });
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

test('a store that did not open is opened by the next look once the cause is gone', async () => {
  const folder = await usedFolder();
  const sound = readFileSync(join(folder, STORE_FILE));
  damage['corrupt']?.(folder);
  const backend = await open(folder);
  onTestFinished(() => backend.close());
  const heard: string[] = [];
  backend.subscribe(({ event }) => heard.push(event.type));
  expect(await backend.call('system.info', {})).toMatchObject({ store: 'corrupt' });
  writeFileSync(join(folder, STORE_FILE), sound);
  const looks = [backend.call('system.info', {}), backend.call('system.info', {})];
  expect(await Promise.all(looks)).toMatchObject([{ store: 'ready' }, { store: 'ready' }]);
  await backend.call('agents.create', { name: 'Kit' });
  expect(heard).toContain('agent.changed');
});

describe('a store of a newer Memoir', () => {
  function alter(folder: string, sql: string): void {
    const handle = new SqliteHandle(join(folder, STORE_FILE));
    handle.exec(`${sql}; pragma user_version = 99999`);
    handle.close();
  }

  test.each(['wal', 'delete'])(
    'in journal mode %s lists and exports its agents, and nothing in the folder changes',
    async (mode) => {
      const folder = await usedFolder();
      alter(folder, `pragma journal_mode = ${mode}; alter table agent add column mood text`);
      const before = contents(folder);
      const backend = await open(folder);
      const { agents } = await backend.call('agents.list', {});
      expect(agents.map(({ name }) => name)).toEqual(['Ada']);
      const { text } = await backend.call('agents.export', { agent_id: agents[0]?.id ?? '' });
      expect(JSON.parse(text)).toMatchObject({ agents: [{ name: 'Ada' }] });
      await expect(
        backend.call('agents.get', { agent_id: systemClock.newId('agent') }),
      ).rejects.toMatchObject({ code: 'not_found' });
      await backend.close();
      expect(contents(folder)).toEqual(before);
    },
  );

  test('that was killed is read with what only its log holds, and its log stays', async () => {
    const folder = await usedFolder();
    const handle = new SqliteHandle(join(folder, STORE_FILE));
    handle.exec("update agent set name = 'Bo'; pragma user_version = 99999; pragma wal_checkpoint(truncate)");
    handle.exec("update agent set name = 'Cleo'");
    const killed = tempDir();
    for (const [name, bytes] of contents(folder)) writeFileSync(join(killed, name), bytes, 'latin1');
    handle.close();
    const before = contents(killed);
    const backend = await open(killed);
    expect((await backend.call('agents.list', {})).agents.map(({ name }) => name)).toEqual(['Cleo']);
    await backend.close();
    expect(contents(killed)).toEqual(before);
  });

  test('whose tables are others says plainly that it can not be read', async () => {
    const folder = await usedFolder();
    alter(folder, 'alter table agent rename column system to instructions');
    const backend = await open(folder);
    onTestFinished(() => backend.close());
    await expect(backend.call('agents.list', {})).rejects.toMatchObject({
      code: 'store_newer',
      message: expect.stringContaining('in a form that this one can not read') as unknown,
    });
  });

  test('that is open elsewhere is not copied while it changes', async () => {
    const folder = await usedFolder();
    alter(folder, '');
    const backend = await open(folder);
    onTestFinished(() => backend.close());
    const lock = lockFolder(folder);
    await expect(backend.call('agents.list', {})).rejects.toMatchObject({ code: 'store_locked' });
    lock.release();
    expect((await backend.call('agents.list', {})).agents).toHaveLength(1);
  });
});

describe('a damaged page', () => {
  test('anywhere ends no start: each is ready or corrupt', { timeout: 60_000 }, async () => {
    const sound = readFileSync(join(await usedFolder(), STORE_FILE));
    const seen = new Set<string>();
    for (let start = 0; start < sound.length; start += 4096) {
      const folder = tempDir();
      const bytes = Buffer.from(sound);
      bytes.fill(0xff, start === 0 ? 100 : start, start + 4096);
      writeFileSync(join(folder, STORE_FILE), bytes);
      const backend = await open(folder);
      const { store, message } = await backend.call('system.info', {});
      await backend.close();
      expect(message ?? '').not.toContain('malformed');
      seen.add(store);
    }
    expect([...seen].toSorted()).toEqual(['corrupt', 'ready']);
  });
});

describe('a folder that can not be used', () => {
  test('because a file is in its place is refused in words', async () => {
    const path = join(tempDir(), 'memoir');
    writeFileSync(path, 'mine');
    for (const dataDir of [path, join(path, 'inside')]) {
      await expect(open(dataDir)).rejects.toMatchObject({
        code: 'store_read_only',
        message: `${dataDir} can not be the data folder: it is a file, or lies inside of one. Nothing was changed. Choose another data folder.`,
      });
    }
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  test('because a folder is in the place of the store is told as damage', async () => {
    const folder = tempDir();
    mkdirSync(join(folder, STORE_FILE));
    const backend = await open(folder);
    expect(await backend.call('system.info', {})).toMatchObject({
      store: 'corrupt',
      message: expect.stringContaining('there is a folder in the place of its file') as unknown,
    });
    await backend.close();
  });

  test.each(['new', 'used'])('because it is read-only is refused in words (%s)', async (kind) => {
    const folder = kind === 'new' ? tempDir() : await usedFolder();
    chmodSync(folder, 0o555);
    onTestFinished(() => chmodSync(folder, 0o755));
    expect(startAsNobody(folder)).toMatch(
      /^store_read_only Memoir may not write to .*\. Nothing was changed\. Allow/,
    );
  });
});

/** Starts in a process that may not write everywhere, as root may, and answers how that failed. */
function startAsNobody(folder: string): string {
  const backend = new URL('../../electron/backend.ts', import.meta.url).href;
  const code = `
    import { openBackend } from ${JSON.stringify(backend)};
    if (process.getuid?.() === 0) process.setuid(65534);
    await openBackend({ dataDir: ${JSON.stringify(folder)}, env: {}, log: () => undefined }).then(
      () => process.stdout.write('opened'),
      (error) => process.stdout.write(error.code + ' ' + error.message),
    );
    process.exit(0);
  `;
  return spawnSync(process.execPath, ['--input-type=module', '--eval', code]).stdout.toString();
}

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
