import { AppError } from '../../shared/errors.ts';
import type { Write } from '../store/database.ts';
import { readOpenRun } from '../store/runs.ts';
import { type ClosedRun, closeRunIn } from './open-run.ts';
import { type RunEnds, tellEnd } from './run-ends.ts';
import type { RuntimeDeps } from './runtime-deps.ts';
import { emitQueue } from './send.ts';
import type { Waiters } from './waiters.ts';

/** What goes to the trash. */
export type SetAside = {
  /** All talks that go. */
  readonly conversation_ids: readonly string[];
  /** Moves them; what it throws leaves everything as it was. */
  readonly remove: (tx: Write) => Promise<void>;
  /** What is said when an agent is at work in one of them. */
  readonly busy: string;
};

const STOPPED = { state: 'cancelled', stop_reason: 'cancelled', error: null } as const;

/**
 * Moves talks to the trash: runs that wait for decisions end with the same commit, what waits in the queue stays there.
 * Whoever waits for an answer hears `not_found`. Throws `busy` when a run is at work, and nothing was changed.
 */
export async function setAside(
  deps: RuntimeDeps,
  { ends, waiters }: { readonly ends: RunEnds; readonly waiters: Waiters },
  { conversation_ids, remove, busy }: SetAside,
): Promise<void> {
  for (const conversation_id of conversation_ids) await ends.keepRefused(conversation_id);
  const closed = await deps.database.transaction(async (tx) => {
    const ended: ClosedRun[] = [];
    for (const conversation_id of conversation_ids) {
      const run = await readOpenRun(tx, conversation_id);
      if (run?.state === 'running') throw new AppError('busy', busy);
      if (run !== null) ended.push(await closeRunIn(tx, deps, run, STOPPED));
    }
    await remove(tx);
    return ended;
  });
  for (const each of closed) tellEnd(deps, each);
  const gone = new AppError(
    'not_found',
    'This conversation was moved to the trash. Your message is kept in it.',
  );
  for (const conversation_id of conversation_ids) {
    waiters.fail(conversation_id, gone);
    // Whoever follows its queue looks again, and finds the talk gone.
    await emitQueue(deps, conversation_id);
  }
}
