import { insertLine, replaceUnique, rethink } from '../../memory/blocks.ts';
import { reportBlockEdit } from '../block-result.ts';
import { readInteger, readText } from '../read-arguments.ts';
import type { Tool } from '../tool.ts';

const label = { type: 'string', description: 'Label of the memory block.' };

/** Replaces the one occurrence of a text in a block. */
export const memoryReplace: Tool = {
  name: 'memory_replace',
  description:
    'Replace text in a memory block, to correct or update it. old_string must occur exactly once. Use an empty new_string to delete.',
  parameters: {
    type: 'object',
    properties: {
      label,
      old_string: { type: 'string', description: 'Exact text to replace, without line numbers.' },
      new_string: { type: 'string', description: 'Text to put in its place.' },
    },
    required: ['label', 'old_string', 'new_string'],
  },
  effect: 'local',
  terminal: false,
  run: async (args, context) => {
    const input = {
      agent_id: context.agent_id,
      label: readText(args, 'label'),
      old_string: readText(args, 'old_string'),
      new_string: readText(args, 'new_string'),
    };
    return reportBlockEdit(await replaceUnique(context.tx, input, context), context);
  },
};

/** Inserts lines into a block. */
export const memoryInsert: Tool = {
  name: 'memory_insert',
  description: 'Add new text to a memory block, on lines of its own.',
  parameters: {
    type: 'object',
    properties: {
      label,
      new_string: { type: 'string', description: 'Text to add.' },
      insert_line: {
        type: 'integer',
        description: 'Line to add it after; 0 for the top, -1 (default) for the end.',
        default: -1,
      },
    },
    required: ['label', 'new_string'],
  },
  effect: 'local',
  terminal: false,
  run: async (args, context) => {
    const input = {
      agent_id: context.agent_id,
      label: readText(args, 'label'),
      new_string: readText(args, 'new_string'),
      insert_line: readInteger(args, 'insert_line', -1),
    };
    return reportBlockEdit(await insertLine(context.tx, input, context), context);
  },
};

/** Rewrites a block. */
export const memoryRethink: Tool = {
  name: 'memory_rethink',
  description: 'Rewrite a whole memory block, to condense or reorder it. Keep every fact that still holds.',
  parameters: {
    type: 'object',
    properties: { label, new_memory: { type: 'string', description: 'The whole new text of the block.' } },
    required: ['label', 'new_memory'],
  },
  effect: 'local',
  terminal: false,
  run: async (args, context) => {
    const input = {
      agent_id: context.agent_id,
      label: readText(args, 'label'),
      new_memory: readText(args, 'new_memory'),
    };
    return reportBlockEdit(await rethink(context.tx, input, context), context);
  },
};
