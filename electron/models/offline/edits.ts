import type { PlannedCall } from './decision.ts';
import type { Fact } from './fact-rules.ts';
import type { Facts } from './facts.ts';
import {
  factLines,
  humanBlock,
  isPersona,
  type MemoryBlock,
  nameInLine,
  replaceLine,
  type Replacement,
} from './memory-text.ts';
import { isName } from './names.ts';
import { keywords, oneSpelling, stem, wordsFound } from './words.ts';

/** Plans the calls that put facts into memory. Empty when all is known already or no tool can do it. */
export function planFacts(
  facts: Facts,
  blocks: readonly MemoryBlock[],
  tools: ReadonlySet<string>,
): PlannedCall[] {
  const block = humanBlock(blocks);
  const fresh =
    block === null ? facts.facts : facts.facts.filter((fact) => !factLines(block).includes(fact.line));
  if (block === null || block.read_only) return [];
  const calls: PlannedCall[] = [];
  const added: string[] = [];
  for (const fact of fresh) {
    const line = lineToReplace(block, fact, facts.correcting);
    const replacement = line === null ? null : replaceLine(block, line, rewritten(line, fact));
    const call = replacement === null ? null : replaceCall(replacement, tools);
    if (call === null) added.push(fact.line);
    else calls.push(call);
  }
  const insert = added.length === 0 ? null : addCall(block.label, added.join('\n'), tools);
  return insert === null ? calls : [...calls, insert];
}

function lineToReplace(block: MemoryBlock, fact: Fact, correcting: boolean): string | null {
  const lines = factLines(block);
  if (fact.kind === 'name') return lines.find((line) => nameInLine(line) !== null) ?? null;
  const { replaces } = fact;
  if (replaces !== null) {
    const isAlike = (line: string): boolean =>
      fact.alike !== true || isName(line.slice(replaces.length)) === isName(fact.line.slice(replaces.length));
    const start = oneSpelling(replaces);
    return lines.find((line) => oneSpelling(line).startsWith(start) && isAlike(line)) ?? null;
  }
  if (fact.kind === 'count') return lines.find((line) => isOtherCount(line, fact, correcting)) ?? null;
  return fact.kind === 'preference' ? otherTaste(lines, fact, correcting) : null;
}

const TASTE = /^(?:likes|loves|prefers|enjoys|hates|dislikes|adores|can't stand)\s+/iu;

function otherTaste(lines: readonly string[], fact: Fact, correcting: boolean): string | null {
  const object = (line: string): string => oneSpelling(line.replace(TASTE, '')).toLowerCase();
  const tastes = lines.filter((line) => TASTE.test(line));
  const opposite = tastes.find((line) => object(line) === object(fact.line));
  if (opposite !== undefined || !correcting) return opposite ?? null;
  const words = keywords(object(fact.line));
  return tastes.findLast((line) => wordsFound(words, line) > 0) ?? null;
}

const COUNT = /^Has (\S+) ([^,]*?)(?:,| (?:named|called|who|that|which|with|and|in|on|at|from|for)\b|$)/iu;

/** Whether a line tells another number of the same: more of them, or what there is now. One more cat may be another. */
function isOtherCount(line: string, fact: Fact, correcting: boolean): boolean {
  const [, many = '', thing = ''] = COUNT.exec(line) ?? [];
  const [, new_many = '', new_thing = ''] = COUNT.exec(fact.line) ?? [];
  const isOne = /^(?:an?|one|1)$/iu;
  const isSure = correcting || fact.now === true || (!isOne.test(many) && !isOne.test(new_many));
  return isSure && new_thing !== '' && stem(lastWord(thing)) === stem(lastWord(new_thing));
}

function lastWord(text: string): string {
  return text.split(/\s+/u).at(-1) ?? '';
}

function rewritten(line: string, fact: Fact): string {
  const old_name = fact.kind === 'name' ? nameInLine(line) : null;
  if (old_name === null) return fact.line;
  const at = line.lastIndexOf(old_name);
  return line.slice(0, at) + fact.line.slice('Name: '.length) + line.slice(at + old_name.length);
}

/** Plans writing a line of memory anew. Empty when no block an agent may change has that line, or no tool can do it. */
export function planRewrite(
  old_line: string,
  new_line: string,
  blocks: readonly MemoryBlock[],
  tools: ReadonlySet<string>,
): PlannedCall[] {
  for (const block of blocks.filter((candidate) => !candidate.read_only)) {
    const replacement = replaceLine(block, old_line, new_line);
    const call = replacement === null ? null : replaceCall(replacement, tools);
    if (call !== null) return [call];
  }
  return [];
}

/** Plans taking the lines about a subject out of memory: those with all of its words, else none. */
export function planForget(
  subject: string,
  blocks: readonly MemoryBlock[],
  tools: ReadonlySet<string>,
): PlannedCall[] {
  const words = keywords(subject);
  if (words.length === 0) return [];
  for (const block of blocks.filter((candidate) => !candidate.read_only && !isPersona(candidate))) {
    const line = factLines(block).find((candidate) => isAbout(candidate, words));
    const replacement = line === undefined ? null : replaceLine(block, line, null);
    const call = replacement === null ? null : replaceCall(replacement, tools);
    if (call !== null) return [call];
  }
  return [];
}

/** Plans emptying the block about the person. */
export function planForgetAll(blocks: readonly MemoryBlock[], tools: ReadonlySet<string>): PlannedCall[] {
  const block = humanBlock(blocks);
  if (block === null || block.read_only || block.value.trim() === '') return [];
  const call = replaceCall({ label: block.label, old_text: block.value, new_text: '' }, tools);
  return call === null ? [] : [call];
}

/** Whether a line holds all the words, by stem; a line's own `Name: Kit` is about "name" and about "Kit". */
export function isAbout(line: string, words: readonly string[]): boolean {
  return words.length > 0 && wordsFound(words, line) === words.length;
}

function addCall(label: string, text: string, tools: ReadonlySet<string>): PlannedCall | null {
  if (tools.has('memory_insert')) {
    return { name: 'memory_insert', arguments: { label, new_string: text, insert_line: -1 } };
  }
  if (tools.has('core_memory_append'))
    return { name: 'core_memory_append', arguments: { label, content: text } };
  return null;
}

function replaceCall(replacement: Replacement, tools: ReadonlySet<string>): PlannedCall | null {
  const { label, old_text, new_text } = replacement;
  if (tools.has('memory_replace')) {
    return { name: 'memory_replace', arguments: { label, old_string: old_text, new_string: new_text } };
  }
  if (tools.has('core_memory_replace')) {
    return {
      name: 'core_memory_replace',
      arguments: { label, old_content: old_text, new_content: new_text },
    };
  }
  return null;
}
