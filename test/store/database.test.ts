import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { describe, expect, onTestFinished, test } from 'vitest';
import { systemClock } from '../../electron/store/clock.ts';
import { type Database, wrapDatabase } from '../../electron/store/database.ts';
import { storeFailure } from '../../electron/store/failures.ts';
import { connect, openStore, STORE_FILE } from '../../electron/store/open.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { tempStore } from '../helpers/temp-store.ts';

function write(database: Database, key: string, value = 'x'): Promise<unknown> {
  return database.transaction((tx) => tx.insertInto('setting').values({ key, value }).execute());
}

async function keys(database: Database): Promise<string[]> {
  const rows = await database.read.selectFrom('setting').select('key').orderBy('key').execute();
  return rows.map((row) => row.key);
}

test('the plain handle inside a transaction throws, so that no read misses what was just written', async () => {
  const database = await tempStore();
  await expect(
    database.transaction(async (tx) => {
      await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
      return keys(database);
    }),
  ).rejects.toMatchObject({ code: 'internal' });
  expect(await keys(database)).toEqual([]);
});

test('a transaction inside a transaction throws instead of waiting for itself', async () => {
  const database = await tempStore();
  await expect(database.transaction(() => write(database, 'a'))).rejects.toMatchObject({ code: 'internal' });
  await write(database, 'b');
  expect(await keys(database)).toEqual(['b']);
});

test('a transaction that throws leaves nothing behind, and the next one works', async () => {
  const database = await tempStore();
  await expect(
    database.transaction(async (tx) => {
      await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
      throw new Error('planted');
    }),
  ).rejects.toThrow('planted');
  await write(database, 'b');
  expect(await keys(database)).toEqual(['b']);
});

test('transactions asked for at once run one after the other', async () => {
  const database = await tempStore();
  await write(database, 'count', '0');
  const add = (): Promise<unknown> =>
    database.transaction(async (tx) => {
      const { value } = await tx
        .selectFrom('setting')
        .select('value')
        .where('key', '=', 'count')
        .executeTakeFirstOrThrow();
      await tx
        .updateTable('setting')
        .set({ value: String(Number(value) + 1) })
        .where('key', '=', 'count')
        .execute();
    });
  await Promise.all(Array.from({ length: 50 }, add));
  const row = await database.read.selectFrom('setting').select('value').executeTakeFirstOrThrow();
  expect(row.value).toBe('50');
});

test('a transaction takes the write lock when it begins, so a read in it is never refused its write', async () => {
  const folder = tempDir();
  const { database } = await openStore(folder);
  onTestFinished(() => database.close());
  const path = join(folder, STORE_FILE);
  const other = connect(path, false);
  onTestFinished(() => {
    other.close();
  });
  other.pragma('busy_timeout = 0');
  await database.transaction(async (tx) => {
    await tx.selectFrom('setting').selectAll().execute();
    // A deferred transaction would let this one in between, and the write below would fail as locked.
    expect(() => other.exec("insert into setting values ('other', '1')")).toThrow(/database is locked/);
    await tx.insertInto('setting').values({ key: 'mine', value: '1' }).execute();
  });
  other.exec("insert into setting values ('other', '1')");
  expect(await keys(database)).toEqual(['mine', 'other']);
});

test('readers see the last commit while a transaction is open', async () => {
  const folder = tempDir();
  const { database } = await openStore(folder);
  onTestFinished(() => database.close());
  const reader = connect(join(folder, STORE_FILE), true);
  onTestFinished(() => {
    reader.close();
  });
  const count = (): unknown => reader.prepare('select count(*) from setting').pluck().get();
  await database.transaction(async (tx) => {
    await tx.insertInto('setting').values({ key: 'a', value: '1' }).execute();
    expect(count()).toBe(0);
  });
  expect(count()).toBe(1);
});

test('a full disk is store_full, writes nothing by halves, and work goes on once there is room', async () => {
  const database = await tempStore();
  const pages = database.raw.pragma('page_count', { simple: true }) as number;
  database.raw.pragma(`max_page_count = ${pages}`);
  const large = 'x'.repeat(1_000_000);
  await expect(
    database.transaction(async (tx) => {
      await tx.insertInto('setting').values({ key: 'small', value: '1' }).execute();
      await tx.insertInto('setting').values({ key: 'large', value: large }).execute();
    }),
  ).rejects.toMatchObject({
    code: 'store_full',
    message: expect.stringContaining('Free some space') as unknown,
  });
  expect(await keys(database)).toEqual([]);
  expect(database.raw.pragma('integrity_check', { simple: true })).toBe('ok');
  database.raw.pragma('max_page_count = 1000000');
  await write(database, systemClock.newId('setting'), large);
  expect(await keys(database)).toHaveLength(1);
});

test('closing brings everything into the one file, even when nothing was read or written', async () => {
  const folder = tempDir();
  const path = join(folder, STORE_FILE);
  const first = await openStore(folder);
  await write(first.database, 'a');
  await first.database.close();
  expect(readdirSync(folder)).toEqual([STORE_FILE]);
  const writer = connect(path, false);
  const reader = connect(path, true);
  await wrapDatabase(writer, reader).close();
  expect([writer.open, reader.open]).toEqual([false, false]);
  expect(readdirSync(folder)).toEqual([STORE_FILE]);
});

describe('a failure of the store itself', () => {
  async function failing(): Promise<{ database: Database; path: string }> {
    const folder = tempDir();
    const { database } = await openStore(folder);
    onTestFinished(() => database.close());
    return { database, path: join(folder, STORE_FILE) };
  }

  test('that is damage is store_corrupt, for a read and for a write', async () => {
    const folder = tempDir();
    const path = join(folder, STORE_FILE);
    const sound = await openStore(folder);
    const roots = sound.database.raw
      .prepare("select rootpage from sqlite_schema where tbl_name = 'setting'")
      .pluck()
      .all() as number[];
    await sound.database.close();
    const bytes = readFileSync(path);
    for (const root of roots) bytes.fill(0xff, (root - 1) * 4096, root * 4096);
    writeFileSync(path, bytes);
    const { database } = await openStore(folder);
    onTestFinished(() => database.close());
    const told = {
      code: 'store_corrupt',
      message: expect.stringMatching(
        /damaged.*What was saved before is kept\. Export your agents/,
      ) as unknown,
    };
    await expect(keys(database)).rejects.toMatchObject(told);
    await expect(write(database, 'a')).rejects.toMatchObject(told);
  });

  test('that is a lock of another program is store_locked', async () => {
    const { database, path } = await failing();
    const other = connect(path, false);
    onTestFinished(() => {
      other.close();
    });
    other.exec('begin immediate');
    database.raw.pragma('busy_timeout = 0');
    await expect(write(database, 'a')).rejects.toMatchObject({
      code: 'store_locked',
      message: expect.stringContaining('Close that program and try again') as unknown,
    });
    other.exec('rollback');
    await write(database, 'a');
    expect(await keys(database)).toEqual(['a']);
  });

  test('that is a missing right is store_read_only', async () => {
    const { database } = await failing();
    database.raw.pragma('query_only = ON');
    await expect(write(database, 'a')).rejects.toMatchObject({
      code: 'store_read_only',
      message: expect.stringContaining('What was saved before is kept') as unknown,
    });
  });

  test.each([
    ['SQLITE_CORRUPT_VTAB', 'store_corrupt'],
    ['SQLITE_NOTADB', 'store_corrupt'],
    ['SQLITE_BUSY_SNAPSHOT', 'store_locked'],
    ['SQLITE_FULL', 'store_full'],
    ['SQLITE_IOERR_SHMSIZE', 'store_full'],
    ['SQLITE_READONLY_DBMOVED', 'store_read_only'],
    ['SQLITE_IOERR_FSYNC', 'store_read_only'],
    ['SQLITE_CANTOPEN', 'store_read_only'],
  ])('%s is %s in sentences that hold no code', (code, expected) => {
    for (const moment of ['open', 'use'] as const) {
      const failure = storeFailure(new SqliteHandle.SqliteError('raw words', code), moment, '/data');
      expect(failure?.code).toBe(expected);
      expect(failure?.message).toMatch(/^[^{}]+\. [^{}]+\. [^{}]+\.$/);
      expect(failure?.message).not.toMatch(/SQLITE|raw words/);
    }
  });

  test('is no broken constraint', async () => {
    const { database } = await failing();
    await write(database, 'a');
    await expect(write(database, 'a')).rejects.toMatchObject({ code: 'SQLITE_CONSTRAINT_PRIMARYKEY' });
  });
});

test('only a transaction that may reach the disk with the next one is committed without waiting for the disk', async () => {
  const database = await tempStore();
  const level = (): unknown => database.raw.pragma('synchronous', { simple: true });
  const seen: unknown[] = [level()];
  await database.transaction(() => Promise.resolve(seen.push(level())));
  await database.transaction(() => Promise.resolve(seen.push(level())), { durability: 'with_next' });
  seen.push(level());
  const failing = database.transaction(() => Promise.reject(new Error(`planted at ${String(level())}`)), {
    durability: 'with_next',
  });
  await expect(failing).rejects.toThrow('planted at 1');
  await Promise.all([
    database.transaction(() => Promise.resolve(seen.push(level())), { durability: 'with_next' }),
    database.transaction(() => Promise.resolve(seen.push(level()))),
  ]);
  expect([...seen, level()]).toEqual([2, 2, 1, 2, 1, 2, 2]);
});
