import type { Run } from '../../shared/contract/conversations.ts';
import type { Write } from '../store/database.ts';
import type { RunEnd } from '../store/runs.ts';
import { type CloseDeps, closeRunIn, pauseAbandonedRunIn } from './open-run.ts';

const INTERRUPTED: RunEnd = {
  state: 'interrupted',
  stop_reason: 'interrupted',
  error: {
    code: 'cancelled',
    message: 'Memoir stopped before this was finished. What was saved is kept; resume to go on.',
  },
};

/**
 * Ends a run that nobody works on any more, in the given transaction: what waits for people goes on waiting, all else
 * becomes interrupted, with a result for every call and what was streamed kept as a message.
 */
export async function endAbandonedRun(tx: Write, deps: CloseDeps, run: Run): Promise<'paused' | 'closed'> {
  if (run.state === 'running' && (await pauseAbandonedRunIn(tx, deps, run, INTERRUPTED)) !== null)
    return 'paused';
  await closeRunIn(tx, deps, run, INTERRUPTED);
  return 'closed';
}
