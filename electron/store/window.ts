import { type Selectable, sql } from 'kysely';
import type { Message } from '../../shared/contract/conversations.ts';
import type { Read, Write } from './database.ts';
import { fromJson } from './encoding.ts';
import type { Schema } from './schema.ts';

/** A message in the window: what the compiler needs of its row. */
export type WindowMessage = Pick<
  Message,
  | 'id'
  | 'seq'
  | 'role'
  | 'name'
  | 'content'
  | 'text'
  | 'tool_calls'
  | 'tool_call_id'
  | 'tool_status'
  | 'status'
  | 'token_count'
  | 'created_at'
> & { readonly timezone: string };

/** An entry of the window, in the order of `ord`. `missing`: a message that is not in the history. */
export type WindowItem =
  | {
      readonly ord: number;
      readonly kind: 'message';
      readonly message: WindowMessage;
      /** What is shown instead of its words; `null`: they are. */
      readonly short: string | null;
    }
  | {
      readonly ord: number;
      readonly kind: 'summary' | 'memory_delta' | 'note';
      readonly ref: string;
      readonly text: string;
    }
  | { readonly ord: number; readonly kind: 'missing'; readonly ref: string };

/** A block as the window shows it. */
export type WindowBlock = Pick<
  Selectable<Schema['block']>,
  'id' | 'label' | 'value' | 'description' | 'char_limit' | 'read_only' | 'version'
>;

/** Who made a version of a block. */
export type BlockEdit = Pick<
  Selectable<Schema['block_version']>,
  | 'block_id'
  | 'version'
  | 'actor'
  | 'agent_id'
  | 'conversation_id'
  | 'operation'
  | 'label'
  | 'before'
  | 'after'
>;

/** Puts an entry at the end of a window. */
export async function appendWindowEntry(
  tx: Write,
  conversation_id: string,
  entry: Pick<Schema['window_entry'], 'kind' | 'ref' | 'text'>,
): Promise<void> {
  // Inside of a function, `max` would walk the whole window.
  const last = sql<number>`select max(ord) from window_entry where conversation_id = ${conversation_id}`;
  const ord = sql<number>`coalesce((${last}), 0) + 1`;
  await tx
    .insertInto('window_entry')
    .values({ conversation_id, ord, ...entry })
    .execute();
}

/** Reads a window in order. */
export async function listWindow(db: Read, conversation_id: string): Promise<WindowItem[]> {
  const rows = await db
    .selectFrom('window_entry')
    .leftJoin('message', 'message.id', 'window_entry.ref')
    .select([
      'window_entry.ord as entry_ord',
      'window_entry.kind',
      'window_entry.ref',
      'window_entry.text as entry_text',
    ])
    .select(['message.id', 'message.seq', 'message.role', 'message.name', 'message.content', 'message.text'])
    .select([
      'message.tool_calls',
      'message.tool_call_id',
      'message.tool_status',
      'message.status',
      'message.token_count',
    ])
    .select(['message.created_at', 'message.timezone'])
    .where('window_entry.conversation_id', '=', conversation_id)
    .orderBy('window_entry.ord')
    .execute();
  return rows.map((row): WindowItem => {
    const { entry_ord: ord, kind, ref, entry_text, id } = row;
    // An entry without words would be sent as an empty message of the person.
    if (kind !== 'message' && entry_text !== null) return { ord, kind, ref, text: entry_text };
    if (kind !== 'message' || id === null) return { ord, kind: 'missing', ref };
    // The join found the message, so its columns are the table's own, none of them null by the join.
    return { ord, kind, message: toWindowMessage(row as JoinedMessage), short: entry_text };
  });
}

/** Shows a message of the window with other, shorter words; the history keeps its own. */
export async function shortenWindowEntry(
  tx: Write,
  entry: { readonly conversation_id: string; readonly ord: number; readonly text: string },
): Promise<void> {
  await tx
    .updateTable('window_entry')
    .set({ text: entry.text })
    .where('conversation_id', '=', entry.conversation_id)
    .where('ord', '=', entry.ord)
    .execute();
}

/** Replaces all entries of a window. */
export async function writeWindow(
  tx: Write,
  conversation_id: string,
  entries: readonly Pick<Schema['window_entry'], 'ord' | 'kind' | 'ref' | 'text'>[],
): Promise<void> {
  await tx.deleteFrom('window_entry').where('conversation_id', '=', conversation_id).execute();
  for (const entry of entries) {
    await tx
      .insertInto('window_entry')
      .values({ conversation_id, ...entry })
      .execute();
  }
}

/** Puts an entry at a place of a window that is free. */
export async function insertWindowEntry(
  tx: Write,
  conversation_id: string,
  entry: Pick<Schema['window_entry'], 'ord' | 'kind' | 'ref' | 'text'>,
): Promise<void> {
  await tx
    .insertInto('window_entry')
    .values({ conversation_id, ...entry })
    .execute();
}

/** Takes entries out of a window; the history keeps its messages. */
export async function removeWindowEntries(
  tx: Write,
  conversation_id: string,
  ords: readonly number[],
): Promise<void> {
  if (ords.length === 0) return;
  await tx
    .deleteFrom('window_entry')
    .where('conversation_id', '=', conversation_id)
    .where('ord', 'in', ords)
    .execute();
}

/** Takes all memory deltas out of a window, because a new snapshot holds what they said. */
export async function removeMemoryDeltas(tx: Write, conversation_id: string): Promise<void> {
  await tx
    .deleteFrom('window_entry')
    .where('conversation_id', '=', conversation_id)
    .where('kind', '=', 'memory_delta')
    .execute();
}

/** Reads the blocks of an agent as its window shows them, in prompt order. */
export async function listWindowBlocks(db: Read, agent_id: string): Promise<WindowBlock[]> {
  return db
    .selectFrom('agent_block')
    .innerJoin('block', 'block.id', 'agent_block.block_id')
    .select(['block.id', 'block.label', 'block.value', 'block.description', 'block.char_limit'])
    .select(['block.read_only', 'block.version'])
    .where('agent_block.agent_id', '=', agent_id)
    .where('block.deleted_at', 'is', null)
    .orderBy('agent_block.ord')
    .orderBy('block.id')
    .execute();
}

/** Lists who edited a block after a version, oldest first. */
export async function listEditsAfter(db: Read, block_id: string, version: number): Promise<BlockEdit[]> {
  return db
    .selectFrom('block_version')
    .select([
      'block_id',
      'version',
      'actor',
      'agent_id',
      'conversation_id',
      'operation',
      'label',
      'before',
      'after',
    ])
    .where('block_id', '=', block_id)
    .where('version', '>', version)
    .orderBy('version')
    .execute();
}

/** Counts the archival entries an agent can search. */
export async function countArchivalMemory(db: Read, agent_id: string): Promise<number> {
  const row = await db
    .selectFrom('passage')
    .innerJoin('agent_archive', 'agent_archive.archive_id', 'passage.archive_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('agent_archive.agent_id', '=', agent_id)
    .where('passage.deleted_at', 'is', null)
    .executeTakeFirstOrThrow();
  return row.count;
}

type JoinedMessage = Pick<Selectable<Schema['message']>, keyof WindowMessage>;

/** A row of the history as a window shows it. */
export function toWindowMessage(row: JoinedMessage): WindowMessage {
  return {
    id: row.id,
    seq: row.seq,
    role: row.role as WindowMessage['role'],
    name: row.name,
    content: fromJson(row.content),
    text: row.text,
    tool_calls: fromJson(row.tool_calls),
    tool_call_id: row.tool_call_id,
    tool_status: row.tool_status as WindowMessage['tool_status'],
    status: row.status as WindowMessage['status'],
    token_count: row.token_count,
    created_at: row.created_at,
    timezone: row.timezone,
  };
}
