import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { migrations } from '../../electron/store/migrations/index.ts';
import { backUp, connect, openStore, STORE_FILE } from '../../electron/store/open.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { insertTestAgent } from '../helpers/temp-store.ts';
import { ROOT } from '../helpers/sources.ts';

type Pragmas = Record<'journal_mode' | 'synchronous' | 'foreign_keys', unknown>;

const DURABLE: Pragmas = { journal_mode: 'wal', synchronous: 2, foreign_keys: 1 };

function pragmasOf(handle: SqliteHandle.Database): Pragmas {
  const read = (name: string): unknown => handle.pragma(name, { simple: true });
  return {
    journal_mode: read('journal_mode'),
    synchronous: read('synchronous'),
    foreign_keys: read('foreign_keys'),
  };
}

/** A plain connection, as a program that knows nothing of Memoir opens it. */
function plainConnection(path: string): SqliteHandle.Database {
  const handle = new SqliteHandle(path);
  onTestFinished(() => {
    handle.close();
  });
  return handle;
}

/** A closed store with an agent in it; answers its folder. */
async function closedStore(): Promise<string> {
  const folder = tempDir();
  const { database } = await openStore(folder);
  await insertTestAgent(database);
  await database.close();
  return folder;
}

/** Writes over a page, all but the header of the file. */
function damagePage(path: string, page: number): void {
  const bytes = readFileSync(path);
  bytes.fill(0xff, page === 1 ? 100 : (page - 1) * 4096, page * 4096);
  writeFileSync(path, bytes);
}

function storeFiles(folder: string): string[] {
  return readdirSync(folder).toSorted();
}

describe('a connection', () => {
  test.each([false, true])('(read only: %s) is durable and keeps foreign keys', async (readonly) => {
    const path = join(await closedStore(), STORE_FILE);
    const writer = connect(path, false);
    onTestFinished(() => {
      writer.close();
    });
    const handle = connect(path, readonly);
    onTestFinished(() => {
      handle.close();
    });
    expect(pragmasOf(handle)).toEqual(DURABLE);
  });

  test('that was opened without the pragmas is told apart', async () => {
    const handle = plainConnection(join(await closedStore(), STORE_FILE));
    handle.pragma('synchronous = NORMAL');
    handle.pragma('foreign_keys = OFF');
    expect(pragmasOf(handle)).not.toEqual(DURABLE);
  });

  test('to a store that can not be made durable is refused', () => {
    const path = join(tempDir(), STORE_FILE);
    const handle = plainConnection(path);
    handle.exec('create table setting (key text)');
    // A reader may not change the journal mode, so the assertion is all that stands between it and a lost commit.
    expect(() => connect(path, true)).toThrow(/refused journal_mode=wal \(it says delete\)/);
  });

  test('of an open store writes with them and refuses a row without its parent', async () => {
    const { database } = await openStore(tempDir());
    onTestFinished(() => database.close());
    expect(pragmasOf(database.raw)).toEqual(DURABLE);
    const orphan = { agent_id: 'agent-none', block_id: 'block-none', ord: 1 };
    await expect(
      database.transaction((tx) => tx.insertInto('agent_block').values(orphan).execute()),
    ).rejects.toThrow(/FOREIGN KEY/);
  });
});

describe('a store of a newer Memoir', () => {
  test.each(['wal', 'delete'])('in journal mode %s is refused and not touched', async (mode) => {
    const folder = await closedStore();
    const path = join(folder, STORE_FILE);
    const handle = new SqliteHandle(path);
    handle.pragma(`journal_mode = ${mode}`);
    handle.pragma('user_version = 99999');
    handle.close();
    const before = { bytes: readFileSync(path), files: storeFiles(folder) };
    await expect(openStore(folder)).rejects.toMatchObject({
      code: 'store_newer',
      details: { found: 99_999, known: migrations.at(-1)?.version },
    });
    expect(readFileSync(path).equals(before.bytes)).toBe(true);
    expect(storeFiles(folder)).toEqual(before.files);
  });
});

describe('a damaged store', () => {
  test('with a wrong header is refused, and nothing is deleted', async () => {
    const folder = await closedStore();
    const path = join(folder, STORE_FILE);
    const bytes = readFileSync(path);
    bytes.write('not a database', 0);
    writeFileSync(path, bytes);
    await expect(openStore(folder)).rejects.toMatchObject({
      code: 'store_corrupt',
      message: expect.stringContaining('Nothing was deleted') as unknown,
    });
    expect(readFileSync(path).equals(bytes)).toBe(true);
    expect(storeFiles(folder)).toEqual([STORE_FILE]);
  });

  test('whose schema can not be read is refused, and nothing is deleted', async () => {
    const folder = await closedStore();
    const path = join(folder, STORE_FILE);
    damagePage(path, 1);
    const bytes = readFileSync(path);
    await expect(openStore(folder)).rejects.toMatchObject({ code: 'store_corrupt' });
    expect(readFileSync(path).equals(bytes)).toBe(true);
  });

  test.each(['empty', 'missing'])(
    'whose file is %s beside a log is refused, and the log stays',
    async (kind) => {
      const folder = tempDir();
      const path = join(folder, STORE_FILE);
      if (kind === 'empty') writeFileSync(path, '');
      writeFileSync(`${path}-wal`, 'everything that was ever saved');
      const before = storeFiles(folder);
      await expect(openStore(folder)).rejects.toMatchObject({
        code: 'store_corrupt',
        message: expect.stringContaining(`its file is ${kind}, but the log beside it is not`) as unknown,
      });
      expect(storeFiles(folder)).toEqual(before);
      expect(readFileSync(`${path}-wal`, 'utf8')).toBe('everything that was ever saved');
    },
  );

  test('with a damaged page is found by the quick check, a sound one is not', async () => {
    const folder = await closedStore();
    const path = join(folder, STORE_FILE);
    const sound = await openStore(folder);
    expect(sound.quickCheck()).toBeNull();
    const root = sound.database.raw
      .prepare("select rootpage from sqlite_schema where type = 'table' and name = 'agent'")
      .pluck()
      .get() as number;
    await sound.database.close();
    damagePage(path, root);
    const damaged = await openStore(folder);
    onTestFinished(() => damaged.database.close());
    expect(damaged.quickCheck()).toMatch(/\w+/);
  });
});

describe('a migration', () => {
  const newest = migrations.at(-1)?.version ?? 0;
  const step = { version: newest + 10, name: 'test', sql: 'alter table setting add column note text' };
  const failing = {
    version: newest + 20,
    name: 'failing',
    sql: 'create table half (a); insert into nowhere values (1)',
  };

  test('of an existing store makes a whole copy of the old one first', async () => {
    const folder = await closedStore();
    const store = await openStore(folder, [...migrations, step]);
    onTestFinished(() => store.database.close());
    expect(store.database.raw.pragma('user_version', { simple: true })).toBe(step.version);
    expect(store.backup).not.toBeNull();
    const copy = plainConnection(store.backup ?? '');
    expect(copy.pragma('integrity_check', { simple: true })).toBe('ok');
    expect(copy.pragma('user_version', { simple: true })).toBe(newest);
    expect(copy.prepare('select name from agent').pluck().all()).toEqual(['Ada']);
    expect(readdirSync(join(folder, 'backups')).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  test('that fails leaves the old version whole, with its backup, and it opens as before', async () => {
    const folder = await closedStore();
    await expect(openStore(folder, [...migrations, step, failing])).rejects.toThrow(/nowhere/);
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(1);
    const { database, backup } = await openStore(folder);
    onTestFinished(() => database.close());
    expect(backup).toBeNull();
    expect(database.raw.pragma('user_version', { simple: true })).toBe(newest);
    const tables = database.raw.prepare("select name from sqlite_schema where name = 'half'").all();
    const columns = database.raw.prepare('select name from pragma_table_info(?)').pluck().all('setting');
    expect([tables, columns]).toEqual([[], ['key', 'value']]);
  });

  test('is not run twice, and a new or current store needs no backup', async () => {
    const folder = tempDir();
    const first = await openStore(folder, [...migrations, step]);
    await first.database.close();
    const second = await openStore(folder, [...migrations, step]);
    await second.database.close();
    expect([first.backup, second.backup]).toEqual([null, null]);
    expect(existsSync(join(folder, 'backups'))).toBe(false);
  });

  test('never happens when the backup fails its check', async () => {
    const folder = await closedStore();
    const path = join(folder, STORE_FILE);
    damagePage(path, 6);
    await expect(openStore(folder, [...migrations, step])).rejects.toMatchObject({ code: 'store_corrupt' });
    const handle = plainConnection(path);
    expect(handle.pragma('user_version', { simple: true })).toBe(newest);
    expect(readdirSync(join(folder, 'backups'))).toEqual([]);
    await expect(backUp(handle, folder, newest)).rejects.toMatchObject({ code: 'store_corrupt' });
  });

  test('is listed, and the list grows in version and file order', () => {
    const names = readdirSync(join(ROOT, 'electron', 'store', 'migrations'))
      .filter((name) => /^\d/.test(name))
      .toSorted();
    expect(migrations.map(({ version }) => version)).toEqual(names.map((name) => Number(name.slice(0, 4))));
    expect(names.map((name) => name.slice(5, -3))).toEqual(migrations.map(({ name }) => name));
    expect(new Set(migrations.map(({ version }) => version)).size).toBe(migrations.length);
  });
});
