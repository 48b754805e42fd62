import { useShallow } from 'zustand/react/shallow';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import type { Message } from '../../../shared/contract/conversations.ts';
import { useMemory } from '../../state/stores.ts';

/** Changes a tool call made, oldest first; an Undo is not shown as a change of its own. */
export function useChangesOfCall(toolCallId: string): readonly MemoryChange[] {
  return useMemory(
    useShallow((state) =>
      inOrder(
        Object.values(state.changes).filter(
          (each) => each.tool_call_id === toolCallId && each.undoes === null,
        ),
      ),
    ),
  );
}

/** Changes of a run that belong to none of the calls in its messages. */
export function useStrayChanges(runId: string | null, messages: readonly Message[]): readonly MemoryChange[] {
  return useMemory(
    useShallow((state) => {
      if (runId === null) return [];
      const calls = new Set(
        messages.flatMap((message) => message.tool_calls.map((call) => call.tool_call_id)),
      );
      return inOrder(
        Object.values(state.changes).filter(
          (each) =>
            each.run_id === runId &&
            each.actor === 'agent' &&
            each.undoes === null &&
            (each.tool_call_id === null || !calls.has(each.tool_call_id)),
        ),
      );
    }),
  );
}

function inOrder(changes: readonly MemoryChange[]): readonly MemoryChange[] {
  return changes.toSorted(
    (left, right) => left.created_at.localeCompare(right.created_at) || left.version - right.version,
  );
}
