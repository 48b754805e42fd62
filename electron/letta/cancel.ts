import type { Conversation, Run } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import { API, type LettaBackend } from './backend.ts';
import { detail } from './errors.ts';

/**
 * Stops the run of a conversation, or the given runs of its agent. Answers `cancelled` or `failed` for each. 409
 * when no run was named and none is going on.
 */
export async function cancelRuns(
  { call }: LettaBackend,
  conversation: Pick<Conversation, 'id' | 'agent_id'>,
  run_ids: readonly string[] | null,
): Promise<Readonly<Record<string, 'cancelled' | 'failed'>>> {
  const { agent_id } = conversation;
  const { run } = await call('runs.current', { conversation_id: conversation.id }, API);
  if (run_ids === null && !isOpen(run)) throw detail(409, 'CONFLICT: No active run to cancel');
  const results: Record<string, 'cancelled' | 'failed'> = {};
  for (const run_id of run_ids ?? (run === null ? [] : [run.id])) {
    results[run_id] = (await cancelRun(call, agent_id, run_id)) ? 'cancelled' : 'failed';
  }
  return results;
}

function isOpen(run: Run | null): boolean {
  return run?.state === 'running' || run?.state === 'waiting';
}

async function cancelRun(call: LettaBackend['call'], agent_id: string, run_id: string): Promise<boolean> {
  try {
    const run = await call('runs.get', { run_id }, API);
    if (run.agent_id !== agent_id || !isOpen(run)) return false;
    await call('runs.cancel', { run_id }, API);
    return true;
  } catch (error) {
    // It ended by itself meanwhile, or never was: V1 says so per run.
    if (error instanceof AppError && ['not_found', 'conflict', 'invalid_input'].includes(error.code))
      return false;
    throw error;
  }
}
