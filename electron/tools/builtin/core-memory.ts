import { appendToBlock, replaceInBlock } from '../../memory/blocks.ts';
import { reportBlockEdit } from '../block-result.ts';
import { readText } from '../read-arguments.ts';
import type { Tool } from '../tool.ts';

const label = { type: 'string', description: 'Label of the memory block.' };

/** Adds a line to a block. */
export const coreMemoryAppend: Tool = {
  name: 'core_memory_append',
  description: 'Add text on a new line at the end of a memory block.',
  parameters: {
    type: 'object',
    properties: { label, content: { type: 'string', description: 'Text to add.' } },
    required: ['label', 'content'],
  },
  effect: 'local',
  terminal: false,
  run: async (args, context) => {
    const input = {
      agent_id: context.agent_id,
      label: readText(args, 'label'),
      content: readText(args, 'content'),
    };
    return reportBlockEdit(await appendToBlock(context.tx, input, context), context);
  },
};

/** Replaces a text in a block, everywhere it occurs. */
export const coreMemoryReplace: Tool = {
  name: 'core_memory_replace',
  description: 'Replace text in a memory block, everywhere it occurs. Use an empty new_content to delete it.',
  parameters: {
    type: 'object',
    properties: {
      label,
      old_content: { type: 'string', description: 'Exact text to replace.' },
      new_content: { type: 'string', description: 'Text to put in its place.' },
    },
    required: ['label', 'old_content', 'new_content'],
  },
  effect: 'local',
  terminal: false,
  run: async (args, context) => {
    const input = {
      agent_id: context.agent_id,
      label: readText(args, 'label'),
      old_content: readText(args, 'old_content'),
      new_content: readText(args, 'new_content'),
    };
    return reportBlockEdit(await replaceInBlock(context.tx, input, context), context);
  },
};
