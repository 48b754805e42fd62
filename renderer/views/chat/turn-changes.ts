import { useShallow } from 'zustand/react/shallow';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import { useMemory, useTalk } from '../../state/stores.ts';

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

/** Changes of a run that belong to none of the calls known in this talk. */
export function useStrayChanges(runId: string | null): readonly MemoryChange[] {
  const calls = useTalk((state) => state.tool_calls);
  return useMemory(
    useShallow((state) => {
      if (runId === null) return [];
      return inOrder(
        Object.values(state.changes).filter(
          (each) =>
            each.run_id === runId &&
            each.actor === 'agent' &&
            each.undoes === null &&
            (each.tool_call_id === null || calls[each.tool_call_id] === undefined),
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
