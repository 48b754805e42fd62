import { sql } from 'kysely';
import type { Read } from './database.ts';
import { toJson } from './encoding.ts';
import type { Schema } from './schema.ts';
import { holdsMessage, type Segment } from './talk.ts';

/** A message of a talk, as a moment in the life of its agent's memory. */
export type Moment = {
  readonly talk: readonly Segment[];
  readonly seq: number;
  /** Its place among all messages of the store. */
  readonly ord: number;
  readonly created_at: string;
};

/** A version by what tells when it was made. */
type Version = Pick<
  Schema['block_version'],
  'id' | 'version' | 'conversation_id' | 'run_id' | 'tool_call_id' | 'created_at'
>;

/**
 * Says which version of a block or entry was the newest at a moment, from all its versions, oldest first; `null` when it
 * was not yet there. Which message was the newest when a version was made decides. Versions that came with a file do
 * not say: one by a call of this talk belongs to the call's result, others go by time.
 */
export type VersionThen = <Row extends Version>(versions: readonly Row[]) => Row | null;

/** Makes the judge of a moment, for versions with these ids. */
export async function judgeOf(
  read: Read,
  moment: Moment,
  version_ids: readonly string[],
): Promise<VersionThen> {
  const results = await readResults(read, moment.talk);
  const ords = await readOrds(read, version_ids);
  const isPast = (version: Version): boolean => {
    const ord = ords.get(version.id);
    if (ord !== undefined) return ord < moment.ord;
    const seq = results.get(`${version.run_id ?? ''} ${version.tool_call_id ?? ''}`);
    return seq === undefined ? version.created_at <= moment.created_at : seq <= moment.seq;
  };
  // The versions of one thing are a chain: before one that is past, all are.
  return (versions) => versions.findLast(isPast) ?? null;
}

async function readOrds(read: Read, version_ids: readonly string[]): Promise<Map<string, number>> {
  const rows = await read
    .selectFrom('version_moment')
    .selectAll()
    .where('version_id', 'in', sql<string>`(select value from json_each(${toJson(version_ids)}))`)
    .execute();
  return new Map(rows.map((row) => [row.version_id, row.ord]));
}

async function readResults(read: Read, talk: readonly Segment[]): Promise<Map<string, number>> {
  const homes = talk.map((segment) => segment.conversation_id);
  const rows = await read
    .selectFrom('message')
    .select(['conversation_id', 'seq', 'run_id', 'tool_call_id'])
    .where('conversation_id', 'in', homes)
    .where('role', '=', 'tool')
    .execute();
  const own = rows.filter((row) => row.run_id !== null && holdsMessage(talk, row));
  return new Map(own.map((row) => [`${row.run_id ?? ''} ${row.tool_call_id ?? ''}`, row.seq]));
}

/** Lists the blocks an agent had at a moment, in prompt order, those it lost since included. */
export async function listBlocksThen(
  read: Read,
  agent_id: string,
  moment: Moment,
): Promise<{ readonly block_id: string; readonly ord: number }[]> {
  const rows = await read
    .selectFrom('block_attachment')
    .select(['block_id', 'ord'])
    .where('agent_id', '=', agent_id)
    .where('from_ord', '<', moment.ord)
    .where((where) => where.or([where('to_ord', 'is', null), where('to_ord', '>=', moment.ord)]))
    .orderBy('ord')
    .orderBy('block_id')
    .execute();
  return rows;
}
