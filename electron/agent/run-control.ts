import type { Message, Run } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import { readAgent } from '../store/agents.ts';
import { readConversation } from '../store/conversations.ts';
import { readInbox } from '../store/inbox.ts';
import { readLastRun, readRun, reopenRun } from '../store/runs.ts';
import type { Expiry } from './expiry.ts';
import type { Leases } from './leases.ts';
import type { Mailbox } from './mailbox.ts';
import { closeWaitingRun, type OpenedRun } from './open-run.ts';
import { type RunEnds, tellClosed } from './run-ends.ts';
import type { ActiveRun, RuntimeDeps } from './runtime-deps.ts';
import type { Waiters } from './waiters.ts';

/** A run opened and not yet at work; one that goes on brings no message. */
export type ReadyRun = Omit<OpenedRun, 'inbox_id' | 'message'> & {
  readonly message: Message | null;
  /** It waited for decisions, and they came. */
  readonly goes_on?: true;
};

/** What a runtime keeps in memory. */
export type RuntimeState = {
  readonly active: Map<string, ActiveRun>;
  /** Runs opened and not yet at work; a resumed one brings no message. */
  readonly ready: Map<string, ReadyRun>;
  readonly ends: RunEnds;
  readonly leases: Leases;
  readonly waiters: Waiters;
  readonly expiry: Expiry;
  /** Runs to stop as soon as they are at work. */
  readonly stops: Set<string>;
  /** Each calls a retry off. */
  readonly retries: (() => void)[];
  closed: boolean;
};

/** Resolves with the run of a sent message or of a run id, once it ended or waits. */
export async function waitFor(deps: RuntimeDeps, state: RuntimeState, id: string): Promise<Run> {
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

async function waitForRun(deps: RuntimeDeps, state: RuntimeState, run: Run): Promise<Run> {
  const ended = state.waiters.next(run.conversation_id, null);
  // It may have ended between the first look and the wait; a second look closes that gap.
  const now = await readRun(deps.database.read, run.id);
  if (now.state !== 'running') return now;
  await ended;
  return waitFor(deps, state, run.id);
}

/** Where runs are worked on. */
export type Post = { readonly state: RuntimeState; readonly mailbox: Mailbox };

/** Stops a run, at work or waiting, and resolves with its end. Throws `not_found`, `conflict`. */
export async function cancelRun(deps: RuntimeDeps, { state, mailbox }: Post, run_id: string): Promise<Run> {
  const run = await readRun(deps.database.read, run_id);
  if (run.state === 'waiting') {
    const end = { state: 'cancelled', stop_reason: 'cancelled', error: null } as const;
    const closed = await closeWaitingRun(deps, run_id, end);
    // Decided at this very moment: it is at work again, and stopped there.
    if (closed === null) return cancelRun(deps, { state, mailbox }, run_id);
    state.waiters.settle(await tellClosed(deps, closed));
    mailbox.wake(run.conversation_id);
    return closed.run;
  }
  const active = state.active.get(run.conversation_id);
  if (run.state === 'running' && active === undefined && mailbox.isBusy(run.conversation_id)) {
    // Opened, or gone on with, at this very moment.
    state.stops.add(run_id);
    return waitFor(deps, state, run_id);
  }
  if (run.state !== 'running' || active?.run.id !== run_id) {
    throw new AppError('conflict', 'This run is no longer going on; there is nothing to stop.', {
      details: { state: run.state },
    });
  }
  active.controller.abort('cancelled');
  return waitFor(deps, state, run_id);
}

/** Goes on with the newest run that did not complete, or ran out of steps. Throws `not_found`, `conflict`, `busy`. */
export async function resumeRun(deps: RuntimeDeps, { state, mailbox }: Post, run_id: string): Promise<Run> {
  const { conversation_id } = await readRun(deps.database.read, run_id);
  await state.ends.keepRefused(conversation_id);
  const run = await readRun(deps.database.read, run_id);
  if (run.state === 'waiting') {
    throw new AppError(
      'conflict',
      'This run waits for a decision about its calls; it goes on by itself then.',
      {
        details: { state: run.state },
      },
    );
  }
  if (run.state === 'running' || mailbox.isBusy(run.conversation_id)) {
    throw new AppError('busy', 'The conversation is at work. Wait for its end, or stop it first.');
  }
  const last = await readLastRun(deps.database.read, run.conversation_id);
  // One that took as many steps as it may did not come to its own end.
  const is_done = run.state === 'completed' && run.stop_reason !== 'max_steps';
  if (is_done || last?.id !== run_id) {
    throw new AppError(
      'conflict',
      'Only the newest run of a conversation can go on, if it did not complete.',
      {
        details: { state: run.state },
      },
    );
  }
  const { open, agent } = await deps.database.transaction(async (tx) => {
    // A run opened in the trash would be worked on by nobody, and would keep its conversation when it is back.
    await readConversation(tx, conversation_id);
    return {
      agent: await readAgent(tx, run.agent_id),
      open: await reopenRun(tx, run_id, { instance_id: deps.instance_id, now: deps.clock.now() }),
    };
  });
  state.ready.set(run.conversation_id, { run: open, agent, earlier: [], message: null });
  mailbox.wake(run.conversation_id);
  return open;
}
