import { readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import type { Clock } from './clock.ts';
import type { Database } from './database.ts';
import { damaged, makeFolder } from './failures.ts';
import { connect } from './open.ts';
import { createPause } from './pause.ts';

/** Snapshots kept of each occasion; older ones go when a new one is there. Backups of migrations are not counted and stay. */
export const SNAPSHOTS_KEPT = 10;

/** What a snapshot is taken before. */
export type Occasion = 'import' | 'repair';

const prefixOf = (before: Occasion): string => `memoir-before-${before}-`;

/**
 * Copies the store as it stands when this is called into `backups/` beside it, checks the copy, then gives it its name;
 * resolves to that name's path. What is written meanwhile is not in it, and no one has to wait for it. `null` for a
 * store without a file. Throws `store_full`, `store_read_only`, `store_corrupt`.
 */
export async function takeSnapshot(
  database: Database,
  clock: Clock,
  before: Occasion = 'import',
): Promise<string | null> {
  const store = database.raw.name;
  if (store === '' || database.raw.memory) return null;
  const folder = snapshotFolder(database);
  makeFolder(folder);
  const stamp = clock.now().replaceAll(/\D/gu, '');
  const path = join(folder, `${prefixOf(before)}${stamp}-${clock.newId('snapshot').slice(-12)}.db`);
  const unfinished = `${path}.part`;
  try {
    await copyMoment(store, unfinished);
    await assertWhole(unfinished, store);
    renameSync(unfinished, path);
  } catch (cause) {
    rmSync(unfinished, { force: true });
    throw cause;
  }
  removeOldest(folder, prefixOf(before));
  return path;
}

/** The folder that holds the snapshots of a store. */
export function snapshotFolder(database: Database): string {
  return join(dirname(database.raw.name), 'backups');
}

async function copyMoment(store: string, target: string): Promise<void> {
  const moment = connect(store, true);
  try {
    // From its first read on, this connection sees the store as it is now.
    moment.exec('begin');
    moment.prepare('select count(*) from sqlite_schema').get();
    await moment.backup(target);
  } finally {
    moment.close();
  }
}

// Table by table: the check of a large store takes half a second, and nothing else runs meanwhile.
async function assertWhole(path: string, store: string): Promise<void> {
  // Not read only: such a connection would leave its -wal and -shm files behind.
  const copy = new SqliteHandle(path);
  try {
    const pause = createPause();
    const tables = copy
      .prepare("select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'")
      .pluck()
      .all() as string[];
    for (const table of tables) {
      await pause();
      const verdict = String(copy.pragma(`quick_check("${table}")`, { simple: true }));
      if (verdict !== 'ok') throw damaged(store, `a copy of it failed its check: ${verdict}`);
    }
  } finally {
    copy.close();
  }
}

// A copy grows all the time while it is made; one that does not was left by a process that ended.
const ABANDONED_MS = 600_000;

function removeOldest(folder: string, prefix: string): void {
  const own = readdirSync(folder).filter((name) => name.startsWith(prefix));
  const done = own.filter((name) => name.endsWith('.db')).toSorted();
  const abandoned = own.filter(
    (name) => name.endsWith('.part') && Date.now() - statSync(join(folder, name)).mtimeMs > ABANDONED_MS,
  );
  for (const name of [...done.slice(0, -SNAPSHOTS_KEPT), ...abandoned]) {
    rmSync(join(folder, name), { force: true });
  }
}
