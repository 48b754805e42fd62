import type { MemoirEvent } from '../../shared/events.ts';
import type { PassageEdit } from './passage-versions.ts';
import type { BlockEdit } from './block-versions.ts';
import type { Undone } from './undo.ts';

/** What to tell subscribers about an edit of a block, once it is committed. */
export function eventsOfBlockEdit({ block, change, proposal }: BlockEdit): MemoirEvent[] {
  if (proposal !== undefined) return [{ type: 'proposal.changed', proposal }];
  if (change === null) return [];
  return [
    { type: 'block.changed', block },
    { type: 'memory.changed', change },
  ];
}

/** What to tell subscribers about a change of the archive, once it is committed. */
export function eventsOfPassageEdit({ passage, change, agent_ids, is_deleted }: PassageEdit): MemoirEvent[] {
  if (change === null) return [];
  return [
    is_deleted
      ? { type: 'passage.deleted', passage_id: passage.id, agent_ids }
      : { type: 'passage.changed', passage, agent_ids },
    { type: 'memory.changed', change },
  ];
}

/** What to tell subscribers about a change taken back, the marks on the old changes included. */
export function eventsOfUndo(undone: Undone): MemoirEvent[] {
  const marked = undone.marked.map((change): MemoirEvent => ({ type: 'memory.changed', change }));
  if (undone.passage_edit !== null) return [...eventsOfPassageEdit(undone.passage_edit), ...marked];
  const { block, change } = undone;
  const moved: MemoirEvent =
    block === null ? { type: 'block.deleted', block_id: change.target_id } : { type: 'block.changed', block };
  return [moved, { type: 'memory.changed', change }, ...marked];
}
