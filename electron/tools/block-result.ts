import type { BlockEdit } from '../memory/block-versions.ts';
import { eventsOfBlockEdit } from '../memory/events.ts';
import { formatCount } from '../memory/text.ts';
import type { ToolContext } from './tool.ts';

const WHOLE_CHARS = 2000;

/** Announces an edit and says to the model how the block reads now; long blocks only by their size. */
export function reportBlockEdit(edit: BlockEdit, context: ToolContext): string {
  for (const event of eventsOfBlockEdit(edit)) context.emit(event);
  const { label, value, limit } = edit.block;
  if (edit.proposal !== undefined) {
    return (
      `The edit of ${label} is kept as a proposal. It is NOT in memory: ${label} reads as before until a person accepts ` +
      'it. You will be told what they decide; do not make the edit again.'
    );
  }
  const size = `${formatCount(value.length)} of ${formatCount(limit)} characters`;
  if (edit.change === null) return `${label} reads so already (${size}); nothing was changed.`;
  return value.length > WHOLE_CHARS
    ? `${label} is saved (${size}).`
    : `${label} is saved (${size}). It reads now:\n${value}`;
}
