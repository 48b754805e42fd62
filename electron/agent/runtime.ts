import type { ContextOverview } from '../../shared/contract/agents.ts';
import type { Draft, Message, QueuedMessage, Run } from '../../shared/contract/conversations.ts';
import { AppError, toWire } from '../../shared/errors.ts';
import { system_timers } from '../models/timers.ts';
import { readAgent } from '../store/agents.ts';
import { readConversation } from '../store/conversations.ts';
import {
  listQueue,
  listWaitingConversations,
  readInbox,
  toQueuedMessage,
  withdrawInbox,
} from '../store/inbox.ts';
import { listAbandonedRuns, readLastRun, readRun, reopenRun } from '../store/runs.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { closeRun, type OpenedRun, openNextRun } from './open-run.ts';
import { overviewOf } from './overview.ts';
import { takeTurn } from './run-worker.ts';
import type { ActiveRun, RuntimeDeps, RuntimeOptions } from './runtime-deps.ts';
import { createRunEnds, type RunEnds } from './run-ends.ts';
import { emitQueue, type SendInput, type SendOutcome, sendMessage } from './send.ts';
import { createWaiters, type Waiters } from './waiters.ts';
import { createWording } from './wording.ts';

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

type ReadyRun = Omit<OpenedRun, 'inbox_id' | 'message'> & { readonly message: Message | null };

type State = {
  readonly active: Map<string, ActiveRun>;
  /** Runs opened and not yet at work; a resumed one brings no message. */
  readonly ready: Map<string, ReadyRun>;
  readonly ends: RunEnds;
  readonly waiters: Waiters;
  /** Each calls a retry off. */
  readonly retries: (() => void)[];
  closed: boolean;
};

const RETRY_MS = 5000;

/** Makes the runtime of a store. Call `recover` before the first message. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const deps: RuntimeDeps = { ...options, wording: createWording() };
  const waiters = createWaiters();
  const state: State = {
    active: new Map(),
    ready: new Map(),
    ends: createRunEnds(deps, waiters),
    waiters,
    retries: [],
    closed: false,
  };
  const mailbox = createMailbox(
    (conversation_id) => workNext(deps, state, conversation_id),
    (conversation_id, error) => {
      deps.log(`A conversation stopped working: ${toWire(error).code}`);
      state.waiters.fail(conversation_id, error);
      // The store may take it later, when there is room again; until then what waits is safe in the inbox.
      const { after } = options.timers ?? system_timers;
      if (!state.closed) state.retries.push(after(RETRY_MS, () => mailbox.wake(conversation_id)));
    },
  );
  return {
    send: async (conversation_id, input) => {
      await state.ends.keepRefused(conversation_id);
      const start = (opened: OpenedRun): void => void state.ready.set(conversation_id, opened);
      return sendMessage(deps, { conversation_id, mailbox, start }, input);
    },
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
      for (const callOff of state.retries) callOff();
      for (const { controller } of state.active.values()) controller.abort('interrupted');
      await mailbox.idle();
    },
  };
}

// Asked by a function, since it may change at any await.
function isClosed(state: State): boolean {
  return state.closed;
}

async function workNext(deps: RuntimeDeps, state: State, conversation_id: string): Promise<boolean> {
  if (isClosed(state)) return false;
  await state.ends.keepRefused(conversation_id);
  const ready = state.ready.get(conversation_id);
  state.ready.delete(conversation_id);
  const opened = ready ?? (await openWaiting(deps, conversation_id));
  if (opened === null) return false;
  const { run, agent, earlier, message } = opened;
  const active: ActiveRun = { run, controller: new AbortController(), draft: null };
  state.active.set(conversation_id, active);
  if (isClosed(state)) active.controller.abort('interrupted');
  try {
    deps.emit({ type: 'run.started', run });
    if (message !== null) {
      for (const said of [...earlier, message]) deps.emit({ type: 'message.added', message: said });
      await emitQueue(deps, conversation_id);
      const conversation = await readConversation(deps.database.read, conversation_id);
      deps.emit({ type: 'conversation.changed', conversation });
    }
    await state.ends.keep(run, await takeTurn(deps, active, agent));
  } finally {
    state.active.delete(conversation_id);
  }
  return true;
}

async function openWaiting(deps: RuntimeDeps, conversation_id: string): Promise<OpenedRun | null> {
  const queue = await listQueue(deps.database.read, conversation_id);
  if (queue.length === 0) return null;
  return deps.database.transaction((tx) => openNextRun(tx, deps, conversation_id));
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
  const { conversation_id } = await readRun(deps.database.read, run_id);
  await state.ends.keepRefused(conversation_id);
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
  const agent = await readAgent(deps.database.read, open.agent_id);
  state.ready.set(run.conversation_id, { run: open, agent, earlier: [], message: null });
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
