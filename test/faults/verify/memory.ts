import type SqliteHandle from 'better-sqlite3';
import { brokenLink } from './digests.ts';

type Version = {
  readonly id: string;
  readonly owner: string;
  readonly version: number;
  readonly operation: string;
  readonly actor: string;
  readonly before: string | null;
  readonly after: string | null;
  readonly rest: string;
  readonly digest: string;
  readonly created_at: string;
};

type Kept = {
  readonly id: string;
  readonly text: string;
  readonly version: number;
  readonly deleted_at: string | null;
};

/**
 * Edits of memory that are half done: a text that is not its newest version, versions that are missing, an edit without
 * the call that made it, a call that is done without its edit.
 */
export function findHalfEdits(handle: SqliteHandle.Database): string[] {
  const blocks = rows<Kept>(handle, 'select id, value as text, version, deleted_at from block');
  const entries = rows<Kept>(handle, 'select id, text, version, deleted_at from passage');
  const ofBlocks = rows<Version>(
    handle,
    'select *, block_id as owner, settings as rest from block_version order by block_id, version',
  );
  const ofEntries = rows<Version>(
    handle,
    'select *, passage_id as owner, tags as rest from passage_version order by passage_id, version',
  );
  return [
    ...findBrokenLines('block', blocks, ofBlocks),
    ...findBrokenLines('entry', entries, ofEntries),
    ...findCallsApart(handle),
  ];
}

function findBrokenLines(what: string, kept: readonly Kept[], versions: readonly Version[]): string[] {
  const byOwner = Map.groupBy(versions, ({ owner }) => owner);
  return kept.flatMap(({ id, text, version, deleted_at }) => {
    const line = byOwner.get(id) ?? [];
    const named = `${what} ${id}`;
    const newest = line.at(-1);
    if (newest === undefined) return [`${named} has no version`];
    const faults: string[] = [];
    if (line.length !== version) faults.push(`${named} is at version ${version} and has ${line.length}`);
    if (newest.version !== version) faults.push(`${named} is at ${version}, its newest is ${newest.version}`);
    const told = deleted_at === null ? text : null;
    if (newest.after !== told) faults.push(`${named} differs from its version ${version}`);
    const steps = line.flatMap((each, index) => findBrokenStep(line[index - 1], each));
    return [...faults, ...steps.map((fault) => `${named}: ${fault}`)];
  });
}

function findBrokenStep(before: Version | undefined, version: Version): string[] {
  const faults: string[] = [];
  if (before !== undefined && version.before !== before.after) {
    faults.push(`version ${version.version} does not begin where the one before ended`);
  }
  const { id, operation, actor, created_at, rest, after, digest } = version;
  const facts = [id, String(version.version), operation, actor, created_at, rest];
  const texts = [JSON.stringify(version.before), JSON.stringify(after)];
  if (brokenLink(before?.digest ?? '', digest, [...facts, ...texts])) {
    faults.push(`the chain breaks at version ${version.version}`);
  }
  return faults;
}

const EDITING = `('memory_insert', 'memory_replace', 'memory_rethink', 'core_memory_append', 'core_memory_replace',
  'archival_memory_insert')`;

function findCallsApart(handle: SqliteHandle.Database): string[] {
  const without = rows<{ tool_call_id: string; name: string }>(
    handle,
    `select tool_call_id, name from tool_call where state = 'done' and name in ${EDITING}
       and not exists (select 1 from block_version v where v.tool_call_id = tool_call.tool_call_id)
       and not exists (select 1 from passage_version v where v.tool_call_id = tool_call.tool_call_id)
       and not exists (select 1 from proposal p where p.tool_call_id = tool_call.tool_call_id)`,
  );
  const unclaimed = rows<{ id: string; tool_call_id: string }>(
    handle,
    `select v.id, v.tool_call_id from (
       select id, tool_call_id, step_id, operation from block_version union all
       select id, tool_call_id, step_id, operation from passage_version union all
       select id, tool_call_id, step_id, operation from proposal) v
     join step on step.id = v.step_id
     where v.tool_call_id is not null and not exists (
       select 1 from tool_call c where c.tool_call_id = v.tool_call_id and c.step_id = v.step_id and c.state = 'done')`,
  );
  return [
    ...without.map(({ tool_call_id, name }) => `${name} ${tool_call_id} is done and changed nothing`),
    ...unclaimed.map(({ id, tool_call_id }) => `${id} was written by ${tool_call_id}, which is not done`),
  ];
}

function rows<Row>(handle: SqliteHandle.Database, sql: string): Row[] {
  return handle.prepare(sql).all() as Row[];
}
