import { insertLine, replaceUnique, rethink } from '../../memory/blocks.ts';
import { blockTool } from '../block-tool.ts';
import { readInteger, readText } from '../read-arguments.ts';

/** Replaces the one occurrence of a text in a block. */
export const memoryReplace = blockTool({
  name: 'memory_replace',
  description:
    'Replace text in a memory block, to correct or update it. old_string must occur exactly once. Use an empty new_string to delete.',
  properties: {
    old_string: { type: 'string', description: 'Exact text to replace, without line numbers.' },
    new_string: { type: 'string', description: 'Text to put in its place.' },
  },
  edit: (block, args, context) => {
    const [old_string, new_string] = [readText(args, 'old_string'), readText(args, 'new_string')];
    return replaceUnique(context.tx, { ...block, old_string, new_string }, context);
  },
});

/** Inserts lines into a block. */
export const memoryInsert = blockTool({
  name: 'memory_insert',
  description: 'Add new text to a memory block, on lines of its own.',
  properties: {
    new_string: { type: 'string', description: 'Text to add.' },
    insert_line: {
      type: 'integer',
      description: 'Line to add it after; 0 for the top, -1 (default) for the end.',
      default: -1,
    },
  },
  edit: (block, args, context) => {
    const place = {
      new_string: readText(args, 'new_string'),
      insert_line: readInteger(args, 'insert_line', -1),
    };
    return insertLine(context.tx, { ...block, ...place }, context);
  },
});

/** Rewrites a block. */
export const memoryRethink = blockTool({
  name: 'memory_rethink',
  description: 'Rewrite a whole memory block, to condense or reorder it. Keep every fact that still holds.',
  properties: { new_memory: { type: 'string', description: 'The whole new text of the block.' } },
  edit: (block, args, context) =>
    rethink(context.tx, { ...block, new_memory: readText(args, 'new_memory') }, context),
});
