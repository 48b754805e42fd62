import type { WindowBlock } from '../../store/window.ts';

const INTRO = 'The following memory blocks are currently engaged in your core memory unit:';

/** Renders core memory as the system prompt shows it. Values keep their exact bytes. */
export function renderMemory(blocks: readonly WindowBlock[]): string {
  if (blocks.length === 0) return '';
  return `<memory_blocks>\n${INTRO}\n\n${blocks.map(renderBlock).join('\n\n')}\n\n</memory_blocks>`;
}

/** Renders the note that tells a running conversation what others changed in its blocks. */
export function renderMemoryUpdate(blocks: readonly WindowBlock[]): string {
  const intro = 'These blocks were changed outside this conversation. They now read:';
  return `<memory_update>\n${intro}\n\n${blocks.map(renderBlock).join('\n\n')}\n</memory_update>`;
}

/** Renders what the model should know of its surroundings. Nothing in it changes between turns. */
export function renderMetadata(facts: {
  readonly agent_id: string;
  readonly conversation_id: string;
  readonly timezone: string;
  /** When the memory above was read. */
  readonly taken_at: string;
  /** Whether older messages have left the window. */
  readonly has_older: boolean;
}): string {
  const lines = [
    `- AGENT_ID: ${facts.agent_id}`,
    `- CONVERSATION_ID: ${facts.conversation_id}`,
    `- Time zone: ${facts.timezone}`,
    `- Memory read at: ${facts.taken_at}`,
  ];
  if (facts.has_older) {
    lines.push('- Older messages of this conversation are not shown; conversation_search finds them.');
  }
  return `<memory_metadata>\n${lines.join('\n')}\n</memory_metadata>`;
}

function renderBlock(block: WindowBlock): string {
  const tag = tagOf(block.label);
  const metadata = [
    ...(tag === block.label ? [] : [`- label=${JSON.stringify(block.label)}`]),
    ...(block.read_only === 1 ? ['- read_only=true'] : []),
    `- chars_current=${block.value.length}`,
    `- chars_limit=${block.char_limit}`,
  ].join('\n');
  return [
    `<${tag}>`,
    `<description>\n${block.description ?? ''}\n</description>`,
    `<metadata>\n${metadata}\n</metadata>`,
    `<value>\n${block.value}\n</value>`,
    `</${tag}>`,
  ].join('\n');
}

// A label is a person's text: as a tag it must not be able to close another.
function tagOf(label: string): string {
  const safe = label.replaceAll(/[^\p{L}\p{N}_./-]/gu, '_');
  return /^[\p{L}_]/u.test(safe) ? safe : `_${safe}`;
}
