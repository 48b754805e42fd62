import type { Selectable } from 'kysely';
import type { Message } from '../../shared/contract/conversations.ts';
import type { Read } from './database.ts';
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

/**
 * The messages of the windows that were read lately, by id. A message never changes once it is in the history, so its
 * row is read once; whoever changes rows behind the history has them forgotten. The same object stands for the same
 * message each time.
 */
export type KnownMessages = {
  readonly open: (conversation_id: string) => KnownWindow;
  readonly forget: () => void;
};

/** What is known of a window that is about to be read. */
export type KnownWindow = {
  readonly messages: ReadonlyMap<string, WindowMessage>;
  /** Takes the messages the window has now in place of those it had; nothing when all was to be forgotten meanwhile. */
  readonly keep: (messages: readonly WindowMessage[]) => void;
};

// Each holds a whole window: few talks are answered at the same time.
const MOST_WINDOWS = 8;

/** Remembers the windows asked for last. */
export function createKnownMessages(): KnownMessages {
  let windows = new Map<string, ReadonlyMap<string, WindowMessage>>();
  return {
    open: (conversation_id) => {
      const here = windows;
      return {
        messages: here.get(conversation_id) ?? new Map(),
        keep: (messages) => {
          here.delete(conversation_id);
          here.set(conversation_id, new Map(messages.map((message) => [message.id, message])));
          const [oldest] = here.keys();
          if (here.size > MOST_WINDOWS && oldest !== undefined) here.delete(oldest);
        },
      };
    },
    // What is read just now is kept where nobody looks any more.
    forget: () => {
      windows = new Map();
    },
  };
}

/** Reads the messages of a window from an entry on, in order. */
export async function listMessagesFrom(
  db: Read,
  conversation_id: string,
  from_ord: number,
): Promise<WindowMessage[]> {
  const rows = await db
    .selectFrom('window_entry')
    .innerJoin('message', 'message.id', 'window_entry.ref')
    .select(['message.id', 'message.seq', 'message.role', 'message.name', 'message.content', 'message.text'])
    .select(['message.tool_calls', 'message.tool_call_id', 'message.tool_status', 'message.status'])
    .select(['message.token_count', 'message.created_at', 'message.timezone'])
    .where('window_entry.conversation_id', '=', conversation_id)
    .where('window_entry.kind', '=', 'message')
    .where('window_entry.ord', '>=', from_ord)
    .execute();
  return rows.map(toWindowMessage);
}

/** A row of the history as a window shows it. */
export function toWindowMessage(
  row: Pick<Selectable<Schema['message']>, keyof WindowMessage>,
): WindowMessage {
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
