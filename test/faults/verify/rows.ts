import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { migrations } from '../../../electron/store/migrations/index.ts';
import { STORE_FILE } from '../../../electron/store/open.ts';
import { type Ack, findLost } from './acks.ts';
import { findBrokenBackups } from './backups.ts';
import { type Finding, findingsOf } from './findings.ts';
import { findHalfEdits } from './memory.ts';
import { findBrokenTalk, findBrokenWindows, findUnpaired } from './talk.ts';

/** When the rows are looked at: as a dead process left them, or after the next start has recovered them. */
export type Moment = 'dead' | 'recovered';

/**
 * Looks at a copy of a folder's store without any code of the product writing to it. Schemas before the newest are only
 * checked as files, since a migration that did not happen is no fault.
 */
export function inspectFolder(
  folder: string,
  scratch: string,
  acks: readonly Ack[],
  moment: Moment,
): Finding[] {
  rmSync(scratch, { recursive: true, force: true });
  mkdirSync(scratch, { recursive: true });
  for (const suffix of ['', '-wal']) {
    const from = join(folder, STORE_FILE + suffix);
    if (existsSync(from)) copyFileSync(from, join(scratch, STORE_FILE + suffix));
  }
  const path = join(scratch, STORE_FILE);
  if (!existsSync(path)) return acks.length === 0 ? [] : findingsOf('lost', ['the store itself is gone']);
  const handle = new SqliteHandle(path);
  try {
    return [...inspectRows(handle, acks, moment), ...findingsOf('corrupt', findBrokenBackups(folder))];
  } catch (error) {
    return findingsOf('corrupt', [`the store can not be read: ${String(error)}`]);
  } finally {
    handle.close();
  }
}

/** Looks at the rows of an open store; writes nothing but the check of the search index. */
export function inspectRows(handle: SqliteHandle.Database, acks: readonly Ack[], moment: Moment): Finding[] {
  const damage = findDamage(handle);
  if (damage.length > 0) return findingsOf('corrupt', damage);
  if (Number(handle.pragma('user_version', { simple: true })) < (migrations.at(-1)?.version ?? 0)) {
    return acks.length === 0
      ? []
      : findingsOf('lost', ['the store has an older schema than was acknowledged']);
  }
  return [
    ...findingsOf('lost', findLost(handle, acks)),
    ...findingsOf('corrupt', [...findBrokenTalk(handle), ...findUnindexed(handle)]),
    ...findingsOf('half', [...findHalfEdits(handle), ...findBrokenWindows(handle)]),
    ...findingsOf('unpaired', findUnpaired(handle, moment === 'recovered')),
    ...findingsOf('other', moment === 'recovered' ? findLeftOpen(handle) : []),
  ];
}

function findDamage(handle: SqliteHandle.Database): string[] {
  const integrity = handle.pragma('integrity_check') as { integrity_check: string }[];
  const foreign = handle.pragma('foreign_key_check') as unknown[];
  const faults = integrity.map((row) => row.integrity_check).filter((verdict) => verdict !== 'ok');
  if (foreign.length > 0) faults.push(`${foreign.length} rows point to nothing`);
  return faults;
}

function findUnindexed(handle: SqliteHandle.Database): string[] {
  const faults: string[] = [];
  for (const table of ['message', 'passage']) {
    handle.exec(`insert into ${table}_fts(${table}_fts) values ('integrity-check')`);
    const living = table === 'passage' ? 'deleted_at is null' : 'true';
    const differing = handle
      .prepare(
        `select count(*) from (select ord from ${table} where ${living}) full join
           (select id from ${table}_fts_docsize) on id = ord where id is null or ord is null`,
      )
      .pluck()
      .get() as number;
    if (differing > 0) faults.push(`the index of ${table} and its rows differ in ${differing}`);
  }
  return faults;
}

/** What no start may leave behind: runs at work in nobody's hands, steps and drafts of ended runs. */
function findLeftOpen(handle: SqliteHandle.Database): string[] {
  return handle
    .prepare(
      `select 'run ' || id || ' is still running' from run where state = 'running' union all
       select 'step ' || step.id || ' is open in a run that ended' from step join run on run.id = step.run_id
         where step.closed_at is null and run.state not in ('running', 'waiting') union all
       select 'a draft of ' || run_id || ' is left' from draft union all
       select 'the message ' || inbox.id || ' is ' || inbox.state from inbox join run on run.id = inbox.run_id
         where inbox.state = 'running' and run.state not in ('running', 'waiting') union all
       select 'approval ' || approval.id || ' waits for a run that ended' from approval
         join run on run.id = approval.run_id
         where approval.state = 'pending' and run.state not in ('running', 'waiting')`,
    )
    .pluck()
    .all() as string[];
}
