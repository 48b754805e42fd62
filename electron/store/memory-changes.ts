import { sql } from 'kysely';
import type { Actor, MemoryChange, Trust } from '../../shared/contract/blocks.ts';
import type { Read, Write } from './database.ts';
import { toJson } from './encoding.ts';
import type { Schema } from './schema.ts';
import { readTalk } from './talk.ts';

/** Which changes to list. With both ids left out: all. */
export type ChangeFilter = {
  readonly agent_id?: string | undefined;
  readonly conversation_id?: string | undefined;
  /** Only what changed before this moment. */
  readonly before?: string | undefined;
  readonly limit: number;
};

/** Versions of a block, newest first. */
export async function listBlockVersions(
  read: Read,
  block_id: string,
  limit: number,
): Promise<MemoryChange[]> {
  const rows = await read
    .selectFrom('block_version')
    .selectAll()
    .where('block_id', '=', block_id)
    .orderBy('version', 'desc')
    .limit(limit)
    .execute();
  return rows.map(fromBlockRow);
}

/** Versions of an archive entry, newest first. */
export async function listPassageVersions(read: Read, passage_id: string): Promise<MemoryChange[]> {
  const rows = await read
    .selectFrom('passage_version')
    .selectAll()
    .where('passage_id', '=', passage_id)
    .orderBy('version', 'desc')
    .execute();
  return rows.map(fromPassageRow);
}

/** One change by its id, of a block or an archive entry, or `null`. */
export async function getChange(read: Read, change_id: string): Promise<MemoryChange | null> {
  const block = await read
    .selectFrom('block_version')
    .selectAll()
    .where('id', '=', change_id)
    .executeTakeFirst();
  if (block !== undefined) return fromBlockRow(block);
  const passage = await read
    .selectFrom('passage_version')
    .selectAll()
    .where('id', '=', change_id)
    .executeTakeFirst();
  return passage === undefined ? null : fromPassageRow(passage);
}

/**
 * Changes of both memories, newest first. Those of an agent are the ones it made and the ones anybody made to a block
 * or archive of its own.
 */
export async function listChanges(read: Read, filter: ChangeFilter): Promise<MemoryChange[]> {
  const blocks = await listBlockChanges(read, filter);
  const passages = await listPassageChanges(read, filter);
  return [...blocks, ...passages]
    .toSorted((a, b) => (a.created_at < b.created_at ? 1 : a.created_at > b.created_at ? -1 : 0))
    .slice(0, filter.limit);
}

async function listBlockChanges(read: Read, filter: ChangeFilter): Promise<MemoryChange[]> {
  let query = read.selectFrom('block_version').selectAll();
  const { agent_id, conversation_id } = filter;
  if (agent_id !== undefined) {
    query = query.where((where) =>
      where.or([
        where('agent_id', '=', agent_id),
        where(
          'block_id',
          'in',
          where.selectFrom('agent_block').select('block_id').where('agent_id', '=', agent_id),
        ),
      ]),
    );
  }
  if (conversation_id !== undefined) query = query.where('conversation_id', '=', conversation_id);
  if (filter.before !== undefined) query = query.where('created_at', '<', filter.before);
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy(sql`rowid`, 'desc')
    .limit(filter.limit)
    .execute();
  return rows.map(fromBlockRow);
}

async function listPassageChanges(read: Read, filter: ChangeFilter): Promise<MemoryChange[]> {
  let query = read.selectFrom('passage_version').selectAll();
  const { agent_id, conversation_id } = filter;
  if (agent_id !== undefined) {
    query = query.where((where) =>
      where.or([
        where('agent_id', '=', agent_id),
        where(
          'passage_id',
          'in',
          where
            .selectFrom('passage')
            .innerJoin('agent_archive', 'agent_archive.archive_id', 'passage.archive_id')
            .select('passage.id')
            .where('agent_archive.agent_id', '=', agent_id),
        ),
      ]),
    );
  }
  if (conversation_id !== undefined) query = query.where('conversation_id', '=', conversation_id);
  if (filter.before !== undefined) query = query.where('created_at', '<', filter.before);
  const rows = await query
    .orderBy('created_at', 'desc')
    .orderBy(sql`rowid`, 'desc')
    .limit(filter.limit)
    .execute();
  return rows.map(fromPassageRow);
}

/** Changes that the given messages of a talk caused, oldest first. */
export async function listChangesForMessages(
  read: Read,
  conversation_id: string,
  message_ids: readonly string[],
): Promise<MemoryChange[]> {
  if (message_ids.length === 0) return [];
  const wanted = sql<string>`(select value from json_each(${toJson(message_ids)}))`;
  const homes = (await readTalk(read, conversation_id)).map((segment) => segment.conversation_id);
  const blocks = await read
    .selectFrom('block_version')
    .selectAll()
    .where('conversation_id', 'in', homes)
    .where('message_id', 'in', wanted)
    .orderBy(sql`rowid`)
    .execute();
  const passages = await read
    .selectFrom('passage_version')
    .selectAll()
    .where('conversation_id', 'in', homes)
    .where('message_id', 'in', wanted)
    .orderBy(sql`rowid`)
    .execute();
  return [...blocks.map(fromBlockRow), ...passages.map(fromPassageRow)].toSorted((a, b) =>
    a.created_at < b.created_at ? -1 : a.created_at > b.created_at ? 1 : 0,
  );
}

/** Says which change undid this one; `null` puts it in force again. */
export async function markUndone(tx: Write, change: MemoryChange, undone_by: string | null): Promise<void> {
  await tx
    .updateTable(change.kind === 'block' ? 'block_version' : 'passage_version')
    .set({ undone_by })
    .where('id', '=', change.id)
    .execute();
}

/** The columns both version tables have. */
export type VersionColumns = Omit<Schema['passage_version'], 'passage_id' | 'tags'>;

/** A change from the row of a block's version. */
export function fromBlockRow(row: Schema['block_version']): MemoryChange {
  return { ...fromColumns(row), kind: 'block', target_id: row.block_id, label: row.label };
}

/** A change from the row of an entry's version. */
export function fromPassageRow(row: Schema['passage_version']): MemoryChange {
  const label = firstWords(row.after ?? row.before ?? '');
  return { ...fromColumns(row), kind: 'passage', target_id: row.passage_id, label };
}

function fromColumns(row: VersionColumns): Omit<MemoryChange, 'kind' | 'target_id' | 'label'> {
  return {
    id: row.id,
    agent_id: row.agent_id,
    version: row.version,
    operation: row.operation as MemoryChange['operation'],
    before: row.before,
    after: row.after,
    actor: row.actor as Actor,
    run_id: row.run_id,
    step_id: row.step_id,
    tool_call_id: row.tool_call_id,
    message_id: row.message_id,
    conversation_id: row.conversation_id,
    reason: row.reason,
    trust: row.trust as Trust,
    undoes: row.undoes,
    undone_by: row.undone_by,
    created_at: row.created_at,
  };
}

const LABEL_CHARS = 60;

/** The first words of a text on one line, at most 60 characters, for naming an archive entry. */
export function firstWords(text: string): string {
  const line = text
    .slice(0, LABEL_CHARS * 4)
    .replaceAll(/\s+/gu, ' ')
    .trim();
  if (line.length <= LABEL_CHARS) return line;
  const cut = line.slice(0, LABEL_CHARS);
  const space = cut.lastIndexOf(' ');
  return `${(space > 20 ? cut.slice(0, space) : cut).toWellFormed()}…`;
}
