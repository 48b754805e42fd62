import type { Run } from '../../shared/contract/conversations.ts';
import { toApproval } from '../store/approvals.ts';
import { readConversation } from '../store/conversations.ts';
import type { RunEnd } from '../store/runs.ts';
import { toToolCall } from '../store/tool-calls.ts';
import { failure } from './loop.ts';
import { closeRun, type ClosedRun } from './open-run.ts';
import type { RuntimeDeps } from './runtime-deps.ts';
import type { Waiters } from './waiters.ts';

/** Keeps how runs end. */
export type RunEnds = {
  /**
   * Keeps an end and tells of it. When the store refuses, the end is told all the same, as failed for that reason, and
   * remembered; the refusal is thrown.
   */
  readonly keep: (run: Run, end: RunEnd) => Promise<void>;
  /** Keeps what the store refused in a conversation, before anything else happens there. Throws when it refuses again. */
  readonly keepRefused: (conversation_id: string) => Promise<void>;
};

/** Makes the keeper of run ends. */
export function createRunEnds(deps: RuntimeDeps, waiters: Waiters): RunEnds {
  const refused = new Map<string, { readonly run: Run; readonly end: RunEnd }>();
  const keep = async (run: Run, end: RunEnd): Promise<void> => {
    try {
      const kept = await keepEnd(deps, run, end);
      refused.delete(run.conversation_id);
      waiters.settle(kept);
    } catch (error) {
      refused.set(run.conversation_id, { run, end });
      const { stop_reason, error: reason } = failure(error);
      deps.emit({ type: 'run.finished', run: { ...run, state: 'failed', stop_reason, error: reason } });
      throw error;
    }
  };
  return {
    keep,
    keepRefused: async (conversation_id) => {
      const left = refused.get(conversation_id);
      if (left !== undefined) await keep(left.run, left.end);
    },
  };
}

async function keepEnd(deps: RuntimeDeps, run: Run, end: RunEnd): Promise<Run> {
  return tellClosed(deps, await closeRun(deps, run, end));
}

/** Tells of a closed run, after its commit. */
export async function tellClosed(deps: RuntimeDeps, closed: ClosedRun): Promise<Run> {
  tellEnd(deps, closed);
  const conversation = await readConversation(deps.database.read, closed.run.conversation_id);
  deps.emit({ type: 'conversation.changed', conversation });
  return closed.run;
}

/** The same for a run whose conversation has gone to the trash. */
export function tellEnd(deps: Pick<RuntimeDeps, 'emit'>, closed: ClosedRun): void {
  const { conversation_id } = closed.run;
  for (const approval of closed.approvals) {
    deps.emit({ type: 'approval.changed', approval: toApproval(approval) });
  }
  for (const message of closed.messages) deps.emit({ type: 'message.added', message });
  for (const call of closed.calls) {
    deps.emit({ type: 'tool.changed', conversation_id, tool_call: toToolCall(call) });
  }
  deps.emit({ type: 'run.finished', run: closed.run });
}
