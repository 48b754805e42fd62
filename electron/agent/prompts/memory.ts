import type { WindowBlock } from '../../store/window.ts';

const INTRO = 'The following memory blocks are currently engaged in your core memory unit:';

/** Renders core memory as the system prompt shows it. Values keep their exact bytes. */
export function renderMemory(blocks: readonly WindowBlock[]): string {
  if (blocks.length === 0) return '';
  return `<memory_blocks>\n${INTRO}\n\n${blocks.map(renderBlock).join('\n\n')}\n\n</memory_blocks>`;
}

/** Where a prompt shows core memory and what follows it; empty ranges where it does not. */
export function findMemory(prompt: string): {
  readonly memory: { readonly from: number; readonly to: number };
  readonly metadata: { readonly from: number; readonly to: number };
} {
  const closed = prompt.lastIndexOf('<memory_metadata>\n');
  const metadata = { from: closed === -1 ? prompt.length : closed, to: prompt.length };
  const from = prompt.indexOf(`<memory_blocks>\n${INTRO}`);
  const end = '</memory_blocks>';
  // A value may hold the same words: the last ones before the metadata close the memory.
  const last = prompt.lastIndexOf(end, metadata.from);
  if (from === -1 || last < from) return { memory: { from: metadata.from, to: metadata.from }, metadata };
  return { memory: { from, to: last + end.length }, metadata };
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

/**
 * Puts another value into a block that a prompt renders; the count of characters follows. `null` when the prompt shows
 * no block of this label.
 */
export function replaceMemory(prompt: string, label: string, value: string): string | null {
  const start = prompt.indexOf(`<${tagOf(label)}>\n<description>\n`);
  if (start === -1) return null;
  const count = COUNT.exec(prompt.slice(start));
  const opening = prompt.indexOf(VALUE, start);
  if (count === null || opening === -1) return null;
  const from = opening + VALUE.length;
  const counted = start + count.index;
  return [
    prompt.slice(0, counted),
    `- chars_current=${value.length}`,
    prompt.slice(counted + count[0].length, from),
    value,
    // By its count, since a value may hold whatever closes one.
    prompt.slice(from + Number(count[1])),
  ].join('');
}

/** The blocks a prompt shows, in its order. */
export function readMemory(prompt: string): { label: string; value: string }[] {
  const blocks: { label: string; value: string }[] = [];
  const opening = new RegExp(OPENING, 'gu');
  opening.lastIndex = Math.max(0, prompt.indexOf('<memory_blocks>\n'));
  for (let open = opening.exec(prompt); open !== null; open = opening.exec(prompt)) {
    const count = COUNT.exec(prompt.slice(open.index));
    const start = prompt.indexOf(VALUE, open.index);
    if (count === null || start === -1) break;
    const from = start + VALUE.length;
    const value = prompt.slice(from, from + Number(count[1]));
    const named = LABEL.exec(prompt.slice(open.index, start));
    blocks.push({ label: named === null ? (open[1] ?? '') : String(JSON.parse(named[1] ?? '""')), value });
    opening.lastIndex = from + value.length;
  }
  return blocks;
}

const OPENING = String.raw`<([\p{L}_][\p{L}\p{N}_./-]*)>\n<description>\n`;
const LABEL = /^- label=(".*")$/mu;
const COUNT = /- chars_current=(\d+)/u;
const VALUE = '<value>\n';

// A label is a person's text: as a tag it must not be able to close another.
function tagOf(label: string): string {
  const safe = label.replaceAll(/[^\p{L}\p{N}_./-]/gu, '_');
  return /^[\p{L}_]/u.test(safe) ? safe : `_${safe}`;
}
