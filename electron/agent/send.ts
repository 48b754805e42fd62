import type { ClientTool } from '../../shared/contract/approvals.ts';
import type { ContentPart } from '../../shared/contract/conversations.ts';
import { readAgent } from '../store/agents.ts';
import { readConversation } from '../store/conversations.ts';
import { type InboxRow, type InboxWords, listQueue, putInbox, toQueuedMessage } from '../store/inbox.ts';
import type { Write } from '../store/database.ts';
import type { Mailbox } from './mailbox.ts';
import { type OpenedRun, openNextRun } from './open-run.ts';
import type { RuntimeDeps } from './runtime-deps.ts';

/** Something said: text, or content parts with the text in them. */
export type SpokenInput = {
  readonly text?: string | undefined;
  readonly content?: readonly ContentPart[] | undefined;
  readonly role?: 'user' | 'system' | undefined;
  readonly name?: string | undefined;
};

/** A message to send. */
export type SendInput = SpokenInput & {
  /** Made by the sender; the same one again changes nothing. */
  readonly otid: string;
  readonly max_steps?: number | undefined;
  /** Tools the sender runs itself. */
  readonly client_tools?: readonly ClientTool[] | undefined;
  /** What is said before it, oldest first; its run answers to all. */
  readonly before?: readonly (SpokenInput & { readonly otid?: string | undefined })[] | undefined;
};

/** Where a sent message stands. */
export type SendOutcome = { readonly inbox_id: string; readonly state: 'queued' | 'running' | 'done' };

const DEFAULT_MAX_STEPS = 50;

type Sent = { readonly row: InboxRow; readonly is_new: boolean; readonly opened: OpenedRun | null };

/**
 * Saves a message, and opens its run in the same commit when nobody works on the conversation: `start` is then handed
 * the run before the worker wakes. Resolves after the commit.
 */
export async function sendMessage(
  deps: RuntimeDeps,
  target: {
    readonly conversation_id: string;
    readonly mailbox: Mailbox;
    readonly start: (opened: OpenedRun) => void;
  },
  input: SendInput,
): Promise<SendOutcome> {
  const { conversation_id, mailbox } = target;
  const release = mailbox.claim(conversation_id);
  let sent: Sent;
  try {
    sent = await keepSent(deps, conversation_id, { input, opens: release !== null });
    if (sent.opened !== null) target.start(sent.opened);
  } finally {
    release?.();
  }
  const { row, is_new, opened } = sent;
  if (!is_new) return { inbox_id: row.id, state: row.state === 'withdrawn' ? 'done' : row.state };
  if (opened?.inbox_id === row.id) return { inbox_id: row.id, state: 'running' };
  await emitQueue(deps, conversation_id);
  mailbox.wake(conversation_id);
  return { inbox_id: row.id, state: 'queued' };
}

/** Writes down a sent message as waiting, in a transaction of the caller's. Throws `not_found`, `conflict`. */
export async function putSent(
  tx: Write,
  deps: Pick<RuntimeDeps, 'clock'>,
  { conversation_id, input }: { readonly conversation_id: string; readonly input: SendInput },
): Promise<{ readonly row: InboxRow; readonly is_new: boolean }> {
  const before = (input.before ?? []).map((each) => ({
    ...wordsOf(each),
    role: each.role ?? ('user' as const),
    otid: each.otid ?? null,
  }));
  const conversation = await readConversation(tx, conversation_id);
  await readAgent(tx, conversation.agent_id);
  return putInbox(tx, {
    id: deps.clock.newId('inbox'),
    conversation_id,
    otid: input.otid,
    role: input.role ?? 'user',
    payload: {
      ...wordsOf(input),
      max_steps: input.max_steps ?? DEFAULT_MAX_STEPS,
      ...(before.length === 0 ? {} : { before }),
      ...(input.client_tools === undefined ? {} : { client_tools: input.client_tools }),
    },
    created_at: deps.clock.now(),
  });
}

function keepSent(
  deps: RuntimeDeps,
  conversation_id: string,
  { input, opens }: { readonly input: SendInput; readonly opens: boolean },
): Promise<Sent> {
  return deps.database.transaction(async (tx) => {
    const { row, is_new } = await putSent(tx, deps, { conversation_id, input });
    return { row, is_new, opened: opens && is_new ? await openNextRun(tx, deps, conversation_id) : null };
  });
}

function wordsOf(input: SpokenInput): InboxWords {
  const content = input.content ?? [{ type: 'text', text: input.text ?? '' }];
  return { content, text: input.text ?? textOf(content), name: input.name ?? null };
}

function textOf(content: readonly ContentPart[]): string {
  return content
    .flatMap((part) => ('text' in part && typeof part.text === 'string' ? [part.text] : []))
    .join('\n');
}

/** Tells what waits in a conversation. */
export async function emitQueue(deps: RuntimeDeps, conversation_id: string): Promise<void> {
  const queue = (await listQueue(deps.database.read, conversation_id)).map(toQueuedMessage);
  deps.emit({ type: 'queue.changed', conversation_id, queue });
}
