import type { BlockEdit } from '../memory/block-versions.ts';
import { eventsOfBlockEdit } from '../memory/events.ts';
import { formatCount } from '../memory/text.ts';
import { readText } from './read-arguments.ts';
import type { Tool, ToolContext } from './tool.ts';

/** What sets a tool that edits one block apart from the others. */
export type BlockToolParts = Pick<Tool, 'name' | 'description'> & {
  /** JSON Schema of each argument beside the label. One without a default is required. */
  readonly properties: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly edit: (
    block: { readonly agent_id: string; readonly label: string },
    args: Readonly<Record<string, unknown>>,
    context: ToolContext,
  ) => Promise<BlockEdit>;
};

const WHOLE_CHARS = 2000;

/** A tool that edits the block of a label and says to the model how it reads now. */
export function blockTool({ name, description, properties, edit }: BlockToolParts): Tool {
  const mandatory = Object.keys(properties).filter((key) => properties[key]?.['default'] === undefined);
  return {
    name,
    description,
    parameters: {
      type: 'object',
      properties: { label: { type: 'string', description: 'Label of the memory block.' }, ...properties },
      required: ['label', ...mandatory],
    },
    effect: 'local',
    terminal: false,
    run: async (args, context) => {
      const block = { agent_id: context.agent_id, label: readText(args, 'label') };
      return reportEdit(await edit(block, args, context), context);
    },
  };
}

// Long blocks only by their size.
function reportEdit(edit: BlockEdit, context: ToolContext): string {
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
