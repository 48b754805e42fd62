import { chainDigest } from '../encoding.ts';
import { readDigestAt, readTalk } from '../talk.ts';
import { type Look, selectRows } from './look.ts';

/** A conversation as it is walked through. */
export type TalkHome = {
  readonly id: string;
  readonly agent_id: string;
  readonly title: string;
  readonly fork_seq: number | null;
  readonly next_seq: number;
  readonly digest: string;
};

/** A message as it is walked past. `tool_calls` is `null` where it can not be read. */
export type WalkedMessage = {
  readonly id: string;
  readonly seq: number;
  readonly role: string;
  readonly tool_call_id: string | null;
  readonly run_id: string | null;
  readonly step_id: string | null;
  readonly tool_calls: readonly { readonly tool_call_id: string; readonly name: string }[] | null;
  /** Whether the row is as it was written, by its digest. */
  readonly is_unchanged: boolean;
  /** Number of the message before it in the rows; for the first its own start. */
  readonly before: number;
  readonly digest: string;
};

/** Lists the conversations of an agent, or of all, trash included. */
export function listTalkHomes(look: Look, agent_id: string | null): TalkHome[] {
  const columns = 'select id, agent_id, title, fork_seq, next_seq, digest from conversation';
  const rows =
    agent_id === null
      ? selectRows(look, `${columns} order by rowid`)
      : selectRows(look, `${columns} where agent_id = ? order by rowid`, agent_id);
  return rows as unknown as TalkHome[];
}

/** How many messages these conversations hold. */
export function countMessages(homes: readonly TalkHome[]): number {
  return homes.reduce((sum, home) => sum + Math.max(0, home.next_seq - 1 - (home.fork_seq ?? 0)), 0);
}

const MESSAGES_AT_ONCE = 100;

type Row = {
  readonly id: string;
  readonly seq: number;
  readonly role: string;
  readonly created_at: string;
  readonly content: string;
  readonly tool_calls: string;
  readonly tool_call_id: string | null;
  readonly run_id: string | null;
  readonly step_id: string | null;
  readonly status: string;
  readonly digest: string;
};

/** Walks through the own messages of a conversation in order, a few at a time. */
export async function walkTalk(
  look: Look,
  home: TalkHome,
  visit: (message: WalkedMessage) => void,
): Promise<void> {
  const page = look.raw.prepare(
    `select id, seq, role, created_at, content, tool_calls, tool_call_id, run_id, step_id, status, digest from message
      where conversation_id = ? and seq > ? order by seq limit ${MESSAGES_AT_ONCE}`,
  );
  const start = home.fork_seq ?? 0;
  let before: { seq: number; digest: string | null } = { seq: start, digest: await digestBefore(look, home) };
  let rows = page.all(home.id, -1) as Row[];
  while (rows.length > 0) {
    for (const row of rows) {
      await look.pause();
      const { id, seq, role, tool_call_id, run_id, step_id, digest } = row;
      visit({
        id,
        seq,
        role,
        tool_call_id,
        run_id,
        step_id,
        digest,
        tool_calls: readCalls(row.tool_calls),
        is_unchanged: before.digest === null || digest === digestOf(row, before.digest),
        before: before.seq,
      });
      before = row;
    }
    rows = page.all(home.id, before.seq) as Row[];
  }
}

/** What the first own message is chained to; `null` when what a branch goes on from is not there. */
async function digestBefore({ read }: Look, { id, fork_seq }: TalkHome): Promise<string | null> {
  if (fork_seq === null || fork_seq === 0) return '';
  const digest = await readDigestAt(read, await readTalk(read, id), fork_seq);
  return digest === '' ? null : digest;
}

// The facts `appendMessage` chains, in its order.
function digestOf(row: Row, before: string): string {
  const { id, seq, role, created_at, content, tool_calls, tool_call_id, status, digest } = row;
  const facts = [id, String(seq), role, created_at, content, tool_calls, tool_call_id ?? '', status];
  return chainDigest(before, facts, digest.slice(0, digest.indexOf('.')));
}

function readCalls(text: string): WalkedMessage['tool_calls'] {
  if (text === '[]') return [];
  try {
    const calls: unknown = JSON.parse(text);
    return Array.isArray(calls) && calls.every(isCall) ? calls : null;
  } catch {
    // What can not be read is a finding of its own.
    return null;
  }
}

function isCall(value: unknown): value is { tool_call_id: string; name: string } {
  if (typeof value !== 'object' || value === null) return false;
  const { tool_call_id, name } = value as Record<string, unknown>;
  return typeof tool_call_id === 'string' && typeof name === 'string';
}
