import type { ContextOverview } from '../../shared/contract/agents.ts';
import type { ContentPart, Draft, QueuedMessage, Run } from '../../shared/contract/conversations.ts';
import { AppError, toWire } from '../../shared/errors.ts';
import { readAgent } from '../store/agents.ts';
import { readConversation } from '../store/conversations.ts';
import {
  listQueue,
  listWaitingConversations,
  putInbox,
  readInbox,
  toQueuedMessage,
  withdrawInbox,
} from '../store/inbox.ts';
import { listAbandonedRuns, readLastRun, readRun, reopenRun } from '../store/runs.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { closeRun, openNextRun } from './open-run.ts';
import { overviewOf } from './overview.ts';
import { type ActiveRun, type RuntimeDeps, workRun } from './run-worker.ts';
import { createWaiters, type Waiters } from './waiters.ts';

/** A message to send: text, or content parts with the text in them. */
export type SendInput = {
  readonly text?: string | undefined;
  readonly content?: readonly ContentPart[] | undefined;
  readonly role?: 'user' | 'system' | undefined;
  /** Made by the sender; the same one again changes nothing. */
  readonly otid: string;
  readonly max_steps?: number | undefined;
  readonly name?: string | undefined;
};

/** Where a sent message stands. */
export type SendOutcome = { readonly inbox_id: string; readonly state: 'queued' | 'running' | 'done' };

/** What a conversation is doing. */
export type CurrentRun = {
  readonly run: Run | null;
  readonly draft: Draft | null;
  readonly queue: QueuedMessage[];
};

/** Runs conversations: one run at a time in each, everything acknowledged only after its commit. */
export type Runtime = {
  /** Saves a message and starts or queues its run. Resolves after the commit. Throws `not_found`, `store_full`. */
  readonly send: (conversation_id: string, input: SendInput) => Promise<SendOutcome>;
  /** Resolves with the ended run of a sent message or of a run id. Throws `cancelled` for a withdrawn message. */
  readonly waitFor: (id: string) => Promise<Run>;
  /** Stops a run at once and resolves with its end. Throws `not_found`, `conflict` when it has ended. */
  readonly cancel: (run_id: string) => Promise<Run>;
  /** Goes on with the newest run of a conversation that did not complete. Throws `not_found`, `conflict`, `busy`. */
  readonly resume: (run_id: string) => Promise<Run>;
  readonly current: (conversation_id: string) => Promise<CurrentRun>;
  /** Takes a waiting message back. Throws `not_found`, `conflict`. */
  readonly unsend: (inbox_id: string) => Promise<void>;
  /** Says what fills the window before the next request; the default conversation when none is named. */
  readonly overview: (agent_id: string, conversation_id?: string) => Promise<ContextOverview>;
  readonly isBusy: (conversation_id: string) => boolean;
  /** Closes what dead processes left open and starts what waits. Once, at the start. */
  readonly recover: () => Promise<void>;
  /** Stops all runs as interrupted and waits for them; nothing starts after. */
  readonly close: () => Promise<void>;
};

type State = {
  readonly active: Map<string, ActiveRun>;
  readonly resumed: Map<string, Run>;
  readonly waiters: Waiters;
  closed: boolean;
};

const DEFAULT_MAX_STEPS = 50;

/** Makes the runtime of a store. Call `recover` before the first message. */
export function createRuntime(deps: RuntimeDeps): Runtime {
  const state: State = { active: new Map(), resumed: new Map(), waiters: createWaiters(), closed: false };
  const mailbox = createMailbox(
    (conversation_id) => workNext(deps, state, conversation_id),
    (conversation_id, error) => {
      deps.log(`A conversation stopped working: ${toWire(error).code}`);
      state.waiters.fail(conversation_id, error);
    },
  );
  return {
    send: (conversation_id, input) => send(deps, mailbox, conversation_id, input),
    waitFor: (id) => waitFor(deps, state, id),
    cancel: (run_id) => cancel(deps, state, run_id),
    resume: (run_id) => resume(deps, { state, mailbox }, run_id),
    current: async (conversation_id) => {
      await readConversation(deps.database.read, conversation_id);
      const queue = (await listQueue(deps.database.read, conversation_id)).map(toQueuedMessage);
      const run = await readLastRun(deps.database.read, conversation_id);
      const active = state.active.get(conversation_id);
      return { run, draft: active?.draft ?? null, queue };
    },
    unsend: async (inbox_id) => {
      const row = await deps.database.transaction((tx) => withdrawInbox(tx, inbox_id));
      state.waiters.withdraw(row.conversation_id, inbox_id);
      await emitQueue(deps, row.conversation_id);
    },
    overview: (agent_id, conversation_id) => overviewOf(deps, agent_id, conversation_id),
    isBusy: (conversation_id) => mailbox.isBusy(conversation_id),
    recover: () => recover(deps, mailbox),
    close: async () => {
      state.closed = true;
      for (const { controller } of state.active.values()) controller.abort('interrupted');
      await mailbox.idle();
    },
  };
}

async function send(
  deps: RuntimeDeps,
  mailbox: Mailbox,
  conversation_id: string,
  input: SendInput,
): Promise<SendOutcome> {
  const content = input.content ?? [{ type: 'text', text: input.text ?? '' }];
  const text =
    input.text ??
    content
      .flatMap((part) => ('text' in part && typeof part.text === 'string' ? [part.text] : []))
      .join('\n');
  const { row, is_new } = await deps.database.transaction(async (tx) => {
    const conversation = await readConversation(tx, conversation_id);
    await readAgent(tx, conversation.agent_id);
    return putInbox(tx, {
      id: deps.clock.newId('inbox'),
      conversation_id,
      otid: input.otid,
      role: input.role ?? 'user',
      payload: { content, text, name: input.name ?? null, max_steps: input.max_steps ?? DEFAULT_MAX_STEPS },
      created_at: deps.clock.now(),
    });
  });
  if (!is_new) return { inbox_id: row.id, state: row.state === 'withdrawn' ? 'done' : row.state };
  const starts_now = !mailbox.isBusy(conversation_id);
  if (!starts_now) await emitQueue(deps, conversation_id);
  mailbox.wake(conversation_id);
  return { inbox_id: row.id, state: starts_now ? 'running' : 'queued' };
}

// Asked by a function, since it may change at any await.
function isClosed(state: State): boolean {
  return state.closed;
}

async function emitQueue(deps: RuntimeDeps, conversation_id: string): Promise<void> {
  const queue = (await listQueue(deps.database.read, conversation_id)).map(toQueuedMessage);
  deps.emit({ type: 'queue.changed', conversation_id, queue });
}

async function workNext(deps: RuntimeDeps, state: State, conversation_id: string): Promise<boolean> {
  if (isClosed(state)) return false;
  const resumed = state.resumed.get(conversation_id);
  state.resumed.delete(conversation_id);
  const opened =
    resumed === undefined
      ? await openNextRun(deps, conversation_id)
      : { run: resumed, agent: await readAgent(deps.database.read, resumed.agent_id), message: null };
  if (opened === null) return false;
  const { run, agent, message } = opened;
  const active: ActiveRun = { run, controller: new AbortController(), draft: null };
  state.active.set(conversation_id, active);
  if (isClosed(state)) active.controller.abort('interrupted');
  try {
    deps.emit({ type: 'run.started', run });
    if (message !== null) {
      deps.emit({ type: 'message.added', message });
      await emitQueue(deps, conversation_id);
      const conversation = await readConversation(deps.database.read, conversation_id);
      deps.emit({ type: 'conversation.changed', conversation });
    }
    state.waiters.settle(await workRun(deps, active, agent));
  } finally {
    state.active.delete(conversation_id);
  }
  return true;
}

async function waitFor(deps: RuntimeDeps, state: State, id: string): Promise<Run> {
  if (id.startsWith('run-')) {
    const found = await readRun(deps.database.read, id);
    return found.state === 'running' ? waitForRun(deps, state, found) : found;
  }
  const row = await readInbox(deps.database.read, id);
  if (row.run_id !== null) return waitFor(deps, state, row.run_id);
  if (row.state === 'withdrawn')
    throw new AppError('cancelled', 'This message was taken back before its run.');
  const ended = state.waiters.next(row.conversation_id, id);
  // Its run may have begun between the first look and the wait; a second look closes that gap.
  if ((await readInbox(deps.database.read, id)).state === 'queued') await ended;
  return waitFor(deps, state, id);
}

async function waitForRun(deps: RuntimeDeps, state: State, run: Run): Promise<Run> {
  const ended = state.waiters.next(run.conversation_id, null);
  // It may have ended between the first look and the wait; a second look closes that gap.
  const now = await readRun(deps.database.read, run.id);
  if (now.state !== 'running') return now;
  await ended;
  return waitFor(deps, state, run.id);
}

async function cancel(deps: RuntimeDeps, state: State, run_id: string): Promise<Run> {
  const run = await readRun(deps.database.read, run_id);
  const active = state.active.get(run.conversation_id);
  if (run.state !== 'running' || active?.run.id !== run_id) {
    throw new AppError('conflict', 'This run is no longer going on; there is nothing to stop.', {
      details: { state: run.state },
    });
  }
  active.controller.abort('cancelled');
  return waitFor(deps, state, run_id);
}

async function resume(
  deps: RuntimeDeps,
  { state, mailbox }: { readonly state: State; readonly mailbox: Mailbox },
  run_id: string,
): Promise<Run> {
  const run = await readRun(deps.database.read, run_id);
  if (run.state === 'running' || mailbox.isBusy(run.conversation_id)) {
    throw new AppError('busy', 'The conversation is at work. Wait for its end, or stop it first.');
  }
  const last = await readLastRun(deps.database.read, run.conversation_id);
  if (run.state === 'completed' || last?.id !== run_id) {
    throw new AppError(
      'conflict',
      'Only the newest run of a conversation can go on, if it did not complete.',
      {
        details: { state: run.state },
      },
    );
  }
  const open = await deps.database.transaction((tx) => reopenRun(tx, run_id, deps.instance_id));
  state.resumed.set(run.conversation_id, open);
  mailbox.wake(run.conversation_id);
  return open;
}

async function recover(deps: RuntimeDeps, mailbox: Mailbox): Promise<void> {
  const message = 'Memoir stopped before this was finished. What was saved is kept; resume to go on.';
  for (const run of await listAbandonedRuns(deps.database.read, deps.instance_id)) {
    const error = { code: 'cancelled', message };
    await closeRun(deps, run, { state: 'interrupted', stop_reason: 'interrupted', error });
  }
  for (const conversation_id of await listWaitingConversations(deps.database.read)) {
    mailbox.wake(conversation_id);
  }
}
