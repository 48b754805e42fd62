/** A memory block as the system prompt shows it. */
export type MemoryBlock = { readonly label: string; readonly value: string; readonly read_only: boolean };

/** A text to replace in a block, occurring exactly once there, and what takes its place. */
export type Replacement = { readonly label: string; readonly old_text: string; readonly new_text: string };

const BLOCK =
  /<([^<>\n]+)>\s*(?:<description>[\s\S]*?<\/description>\s*)?(?:<metadata>([\s\S]*?)<\/metadata>\s*)?<value>\n?([\s\S]*?)<\/value>\s*<\/\1>/gu;

/** Reads the memory blocks out of a rendered prompt (or out of a note about changed memory). */
export function parseBlocks(prompt: string): MemoryBlock[] {
  return [...prompt.matchAll(BLOCK)].map((match) => ({
    label: spokenLabel(match[2] ?? '') ?? match[1] ?? '',
    value: (match[3] ?? '').replace(/\n$/u, ''),
    read_only: /read_only\s*=\s*true/iu.test(match[2] ?? ''),
  }));
}

/** A label that makes no tag is told in the metadata, as JSON text. */
function spokenLabel(metadata: string): string | null {
  const match = /^\s*- label=(".*")\s*$/mu.exec(metadata);
  if (match?.[1] === undefined) return null;
  try {
    return JSON.parse(match[1]) as string;
  } catch {
    // A description may hold such a line by chance; the tag is the label then.
    return null;
  }
}

/** The lines of a block that say something, without list marks; Letta's stock placeholder counts as nothing. */
export function factLines(block: MemoryBlock): string[] {
  return block.value
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !PLACEHOLDER.test(line));
}

const PLACEHOLDER =
  /section of core memory devoted to|^(?:nothing|no facts?)\b.*\b(?:yet|so far)\b|(?:do not|don't|have not|haven't) (?:yet )?(?:know|learned|learnt|been told)\b|^\(?empty\)?$|(?:nothing|not) (?:is )?known (?:yet|so far)/iu;

/**
 * Says how to replace one line by another, or to take it out when `new_line` is `null`. The old text is widened by its
 * line breaks until it occurs once in the block. `null` when that cannot be done.
 */
export function replaceLine(block: MemoryBlock, line: string, new_line: string | null): Replacement | null {
  const start = positionOfLine(block.value, line);
  if (start === -1) return null;
  const end = start + line.length;
  const before = start > 0 && block.value[start - 1] === '\n' ? '\n' : '';
  const after = block.value[end] === '\n' ? '\n' : '';
  const candidates =
    new_line === null
      ? removals(line, before, after)
      : [
          [line, new_line],
          [line + after, new_line + after],
          [before + line, before + new_line],
          [before + line + after, before + new_line + after],
        ];
  const found = candidates.find(([old_text]) => occursOnce(block.value, old_text ?? ''));
  if (found === undefined) return null;
  return { label: block.label, old_text: found[0] ?? '', new_text: found[1] ?? '' };
}

function removals(line: string, before: string, after: string): string[][] {
  if (after !== '')
    return [
      [line + after, ''],
      [before + line + after, before],
    ];
  return [[before + line, '']];
}

function positionOfLine(value: string, line: string): number {
  let offset = 0;
  for (const candidate of value.split('\n')) {
    if (candidate.trim() === line) return offset + candidate.indexOf(line);
    offset += candidate.length + 1;
  }
  return -1;
}

function occursOnce(value: string, text: string): boolean {
  return text !== '' && value.indexOf(text) !== -1 && value.indexOf(text) === value.lastIndexOf(text);
}

/** The block that holds what is known about the person: `human`, else the first that is no persona. */
export function humanBlock(blocks: readonly MemoryBlock[]): MemoryBlock | null {
  return (
    blocks.find((block) => block.label === 'human' || block.label.endsWith('/human')) ??
    blocks.find((block) => !isPersona(block)) ??
    null
  );
}

/** Whether a block describes the agent or its task rather than the person. */
export function isPersona(block: MemoryBlock): boolean {
  return /persona|instruction|polic|system/iu.test(block.label);
}

/** The name in a line such as `Name: Kit` or `The human's name is Kit`, or `null`. */
export function nameInLine(line: string): string | null {
  const match =
    /^[-*\s]*(?:(?:the )?(?:human|user|person)(?:['’]s)?|their|first|full|preferred)?\s*name\s*(?::|is)\s*([^,;.\n]+)/iu.exec(
      line,
    );
  const name = match?.[1]?.trim() ?? '';
  return name === '' || name === '?' ? null : name;
}

/** The name of the person a block tells about, or `null`. */
export function nameInBlock(block: MemoryBlock | null): string | null {
  if (block === null) return null;
  for (const line of factLines(block)) {
    const name = nameInLine(line);
    if (name !== null) return name;
  }
  return null;
}
