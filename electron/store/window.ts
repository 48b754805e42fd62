import { type Selectable, sql } from 'kysely';
import type { Read, Write } from './database.ts';
import type { Schema } from './schema.ts';
import { type KnownMessages, listMessagesFrom, type WindowMessage } from './window-messages.ts';

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

/** Reads a window in order. Of messages that `known` holds, only the entry is read. */
export async function listWindow(
  db: Read,
  conversation_id: string,
  known?: KnownMessages,
): Promise<WindowItem[]> {
  const window = known?.open(conversation_id);
  const rows = await db
    .selectFrom('window_entry')
    .select(['ord', 'kind', 'ref', 'text'])
    .where('conversation_id', '=', conversation_id)
    .orderBy('ord')
    .execute();
  const messages = new Map(window?.messages);
  const fresh = rows.find(({ kind, ref }) => kind === 'message' && !messages.has(ref));
  if (fresh !== undefined) {
    for (const each of await listMessagesFrom(db, conversation_id, fresh.ord)) messages.set(each.id, each);
  }
  const items = rows.map(({ ord, kind, ref, text }): WindowItem => {
    // An entry without words would be sent as an empty message of the person.
    if (kind !== 'message') return text === null ? { ord, kind: 'missing', ref } : { ord, kind, ref, text };
    const message = messages.get(ref);
    return message === undefined ? { ord, kind: 'missing', ref } : { ord, kind, message, short: text };
  });
  window?.keep(items.flatMap((item) => (item.kind === 'message' ? [item.message] : [])));
  return items;
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
