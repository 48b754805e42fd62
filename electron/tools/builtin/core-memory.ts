import { appendToBlock, replaceInBlock } from '../../memory/blocks.ts';
import { blockTool } from '../block-tool.ts';
import { readText } from '../read-arguments.ts';

/** Adds a line to a block. */
export const coreMemoryAppend = blockTool({
  name: 'core_memory_append',
  description: 'Add text on a new line at the end of a memory block.',
  properties: { content: { type: 'string', description: 'Text to add.' } },
  edit: (block, args, context) =>
    appendToBlock(context.tx, { ...block, content: readText(args, 'content') }, context),
});

/** Replaces a text in a block, everywhere it occurs. */
export const coreMemoryReplace = blockTool({
  name: 'core_memory_replace',
  description: 'Replace text in a memory block, everywhere it occurs. Use an empty new_content to delete it.',
  properties: {
    old_content: { type: 'string', description: 'Exact text to replace.' },
    new_content: { type: 'string', description: 'Text to put in its place.' },
  },
  edit: (block, args, context) => {
    const [old_content, new_content] = [readText(args, 'old_content'), readText(args, 'new_content')];
    return replaceInBlock(context.tx, { ...block, old_content, new_content }, context);
  },
});
