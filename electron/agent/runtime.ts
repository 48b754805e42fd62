import type { Approval, ApprovalDecision, ClientTool } from '../../shared/contract/approvals.ts';
import type { Actor } from '../../shared/contract/blocks.ts';
import type { Draft, QueuedMessage, Run } from '../../shared/contract/conversations.ts';
import { toWire } from '../../shared/errors.ts';
import { system_timers } from '../models/timers.ts';
import { listApprovals, toApproval } from '../store/approvals.ts';
import { readConversation } from '../store/conversations.ts';
import { listQueue, listWaitingConversations, toQueuedMessage, withdrawInbox } from '../store/inbox.ts';
import { listAbandonedRuns, listWaitingRuns, readLastRun } from '../store/runs.ts';
import { createKnownMessages } from '../store/window-messages.ts';
import { endAbandonedRun } from './abandoned-run.ts';
import { decideCalls, takeUpRun } from './decisions.ts';
import { createExpiry } from './expiry.ts';
import { createLeases } from './leases.ts';
import { createMailbox } from './mailbox.ts';
import { failure, type TurnEnd } from './loop.ts';
import { type OpenedRun, openNextRun } from './open-run.ts';
import { cancelRun, type Post, type ReadyRun, resumeRun, type RuntimeState, waitFor } from './run-control.ts';
import { takeTurn } from './run-worker.ts';
import type { ActiveRun, RuntimeDeps, RuntimeOptions } from './runtime-deps.ts';
import { createRunEnds } from './run-ends.ts';
import { emitQueue, type SendInput, type SendOutcome, sendMessage } from './send.ts';
import { type SetAside, setAside } from './set-aside.ts';
import { createWaiters } from './waiters.ts';
import { createWindowDesk, type WindowDesk } from './window-desk.ts';
import { createWording } from './wording.ts';

/** What a conversation is doing. */
export type CurrentRun = {
  readonly run: Run | null;
  readonly draft: Draft | null;
  readonly queue: QueuedMessage[];
  /** What the run waits for. */
  readonly approvals: Approval[];
  /** Who has its window made smaller just now: the run, or a person who asked for it. */
  readonly compacting: 'run' | 'person' | null;
};

/** Runs conversations: one run at a time in each, everything acknowledged only after its commit. */
export type Runtime = {
  /** Saves a message and starts or queues its run. Resolves after the commit. Throws `not_found`, `store_full`. */
  readonly send: (conversation_id: string, input: SendInput) => Promise<SendOutcome>;
  /**
   * Resolves with the run of a sent message or of a run id, once it ended or waits for a decision. Throws `cancelled`
   * for a withdrawn message.
   */
  readonly waitFor: (id: string) => Promise<Run>;
  /** Stops a run at once and resolves with its end. Throws `not_found`, `conflict` when it has ended. */
  readonly cancel: (run_id: string) => Promise<Run>;
  /** Goes on with the newest run of a conversation that did not complete. Throws `not_found`, `conflict`, `busy`. */
  readonly resume: (run_id: string) => Promise<Run>;
  /**
   * Decides about waiting calls and lets their runs go on, with `client_tools` in place of those the message brought.
   * Throws `not_found`, `conflict`, `invalid_input`.
   */
  readonly decide: (
    decisions: readonly ApprovalDecision[],
    actor: Actor,
    client_tools?: readonly ClientTool[],
  ) => Promise<Approval[]>;
  readonly current: (conversation_id: string) => Promise<CurrentRun>;
  /** Takes a waiting message back. Throws `not_found`, `conflict`. */
  readonly unsend: (inbox_id: string) => Promise<void>;
  /** The windows of conversations. */
  readonly windows: WindowDesk;
  readonly isBusy: (conversation_id: string) => boolean;
  /** Moves talks to the trash, and ends what waits for decisions in them. Throws `busy`; then nothing was changed. */
  readonly setAside: (what: SetAside) => Promise<void>;
  /** Starts what was written down as waiting in a conversation and tells of its queue. */
  readonly answerWaiting: (conversation_id: string) => Promise<void>;
  /** Reads windows anew, after rows of messages were changed: a repair may, nothing else does. */
  readonly forgetWindows: () => void;
  /** Closes what dead processes left open and starts what waits. Once, at the start. */
  readonly recover: () => Promise<void>;
  /** Stops all runs as interrupted and waits for them; nothing starts after. */
  readonly close: () => Promise<void>;
};

const RETRY_MS = 5000;

/** Makes the runtime of a store. Call `recover` before the first message. */
export function createRuntime(options: RuntimeOptions): Runtime {
  const deps: RuntimeDeps = { ...options, wording: createWording(), known: createKnownMessages() };
  const waiters = createWaiters();
  const windows = createWindowDesk(deps);
  const state: RuntimeState = {
    active: new Map(),
    ready: new Map(),
    ends: createRunEnds(deps, waiters),
    leases: createLeases({ ...options, timers: options.timers ?? system_timers }),
    waiters,
    expiry: createExpiry(deps, (conversation_id) => mailbox.wake(conversation_id)),
    stops: new Set(),
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
    cancel: (run_id) => cancelRun(deps, { state, mailbox }, run_id),
    decide: async (decisions, actor, client_tools) => {
      const decider = { actor, client_tools };
      const { approvals, conversation_ids } = await decideCalls(deps, decisions, decider);
      for (const conversation_id of conversation_ids) mailbox.wake(conversation_id);
      return approvals;
    },
    resume: (run_id) => resumeRun(deps, { state, mailbox }, run_id),
    current: (conversation_id) => currentRun(deps, { state, windows }, conversation_id),
    unsend: (inbox_id) => unsend(deps, state, inbox_id),
    windows,
    isBusy: (conversation_id) => mailbox.isBusy(conversation_id),
    setAside: (what) => setAside(deps, state, what),
    answerWaiting: async (conversation_id) => {
      mailbox.wake(conversation_id);
      await emitQueue(deps, conversation_id);
    },
    forgetWindows: () => deps.known.forget(),
    recover: () => recover(deps, { state, mailbox }),
    close: async () => {
      state.closed = true;
      for (const callOff of state.retries) callOff();
      state.expiry.close();
      for (const { controller } of state.active.values()) controller.abort('interrupted');
      await windows.close();
      await mailbox.idle();
    },
  };
}

async function unsend(deps: RuntimeDeps, state: RuntimeState, inbox_id: string): Promise<void> {
  const row = await deps.database.transaction((tx) => withdrawInbox(tx, inbox_id));
  state.waiters.withdraw(row.conversation_id, inbox_id);
  await emitQueue(deps, row.conversation_id);
}

async function currentRun(
  { database }: RuntimeDeps,
  { state, windows }: { readonly state: RuntimeState; readonly windows: WindowDesk },
  conversation_id: string,
): Promise<CurrentRun> {
  await readConversation(database.read, conversation_id);
  const queue = (await listQueue(database.read, conversation_id)).map(toQueuedMessage);
  const run = await readLastRun(database.read, conversation_id);
  const approvals = await listApprovals(database.read, { conversation_id, states: ['pending'] });
  const active = state.active.get(conversation_id);
  const asked = windows.isCompacting(conversation_id) ? 'person' : null;
  return {
    run,
    draft: active?.draft ?? null,
    queue,
    approvals: approvals.map(toApproval),
    compacting: active?.compacts === true ? 'run' : asked,
  };
}

// Asked by a function, since it may change at any await.
function isClosed(state: RuntimeState): boolean {
  return state.closed;
}

async function workNext(deps: RuntimeDeps, state: RuntimeState, conversation_id: string): Promise<boolean> {
  if (isClosed(state)) return false;
  await state.ends.keepRefused(conversation_id);
  const ready = state.ready.get(conversation_id);
  state.ready.delete(conversation_id);
  const opened = ready ?? (await takeUp(deps, conversation_id)) ?? (await openWaiting(deps, conversation_id));
  if (opened === null) return false;
  const { run } = opened;
  const onAsked = (): void => void state.expiry.look();
  const active: ActiveRun = { run, controller: new AbortController(), onAsked, draft: null, compacts: false };
  state.active.set(conversation_id, active);
  const letGo = state.leases.hold(run.id);
  if (isClosed(state)) active.controller.abort('interrupted');
  if (state.stops.delete(run.id)) active.controller.abort('cancelled');
  try {
    // An open run keeps its conversation, so it must have an end whatever happens.
    const end = await beginTurn(deps, active, opened).catch((error: unknown) => failure(error));
    if (end.state === 'waiting') state.waiters.settle(end.run);
    else await state.ends.keep(run, end);
  } finally {
    letGo();
    state.active.delete(conversation_id);
  }
  return true;
}

async function beginTurn(deps: RuntimeDeps, active: ActiveRun, opened: ReadyRun): Promise<TurnEnd> {
  const { run, agent, earlier, message, goes_on = false } = opened;
  const { conversation_id } = run;
  deps.emit({ type: 'run.started', run });
  if (message !== null) {
    for (const said of [...earlier, message]) deps.emit({ type: 'message.added', message: said });
    await emitQueue(deps, conversation_id);
    const conversation = await readConversation(deps.database.read, conversation_id);
    deps.emit({ type: 'conversation.changed', conversation });
  }
  return takeTurn(deps, active, { agent, goes_on });
}

async function takeUp(deps: RuntimeDeps, conversation_id: string): Promise<ReadyRun | null> {
  const decided = await takeUpRun(deps, conversation_id);
  return decided === null ? null : { ...decided, earlier: [], message: null, goes_on: true };
}

async function openWaiting(deps: RuntimeDeps, conversation_id: string): Promise<ReadyRun | null> {
  const queue = await listQueue(deps.database.read, conversation_id);
  if (queue.length === 0) return null;
  return deps.database.transaction((tx) => openNextRun(tx, deps, conversation_id));
}

async function recover(deps: RuntimeDeps, { state, mailbox }: Post): Promise<void> {
  const { instance_id, clock, database } = deps;
  for (const run of await listAbandonedRuns(database.read, { instance_id, now: clock.now() })) {
    await database.transaction((tx) => endAbandonedRun(tx, deps, run));
  }
  await state.expiry.look();
  for (const { conversation_id } of await listWaitingRuns(deps.database.read)) mailbox.wake(conversation_id);
  for (const conversation_id of await listWaitingConversations(deps.database.read)) {
    mailbox.wake(conversation_id);
  }
}
