import { type Decision, say } from './decision.ts';
import { isAbout } from './edits.ts';
import {
  factLines,
  humanBlock,
  isPersona,
  type MemoryBlock,
  nameInBlock,
  nameInLine,
} from './memory-text.ts';
import { quote, toSecondPerson } from './phrases.ts';
import { readFound, type Found } from './search-results.ts';
import type { Outcome, Situation } from './situation.ts';
import { keywords, straighten, wordsFound } from './words.ts';

type Looked =
  | Extract<Decision, { kind: 'call' }>
  | { readonly kind: 'found'; readonly found: readonly Found[] };

/** Looks in the archive: a call the first time, then what it found that shares a word, best and newest first. */
export function findInArchive(words: readonly string[], situation: Situation): Looked {
  return look('archival_memory_search', words, situation);
}

function look(tool: string, words: readonly string[], situation: Situation): Looked {
  const done = situation.outcomes.find((outcome) => outcome.name === tool);
  if (done !== undefined) return { kind: 'found', found: relevant(done, words, situation.said) };
  if (!situation.tools.has(tool) || words.length === 0) return { kind: 'found', found: [] };
  return { kind: 'call', calls: [{ name: tool, arguments: { query: words.join(' ') } }] };
}

function relevant(outcome: Outcome, words: readonly string[], said: string): Found[] {
  if (!outcome.ok) return [];
  return readFound(outcome.message)
    .map((found) => ({ found, score: wordsFound(words, found.text) }))
    .filter(({ found, score }) => score > 0 && straighten(found.text) !== straighten(said))
    .toSorted((one, other) => other.score - one.score || other.found.time - one.found.time)
    .map(({ found }) => found);
}

/** Answers a question from the blocks, else from the archive, else from past talk, else says that it found nothing. */
export function decideQuestion(words: readonly string[], situation: Situation): Decision {
  const lines = linesAbout(words, situation);
  if (lines.length > 0) return say(`From my memory: ${lines.map(toSecondPerson).map(quote).join(' ')}`);
  const archive = findInArchive(words, situation);
  if (archive.kind === 'call') return archive;
  const [entry] = archive.found;
  if (entry !== undefined) return say(`From my archive: ${quote(entry.text)}`);
  const talk = look('conversation_search', words, situation);
  if (talk.kind === 'call') return talk;
  const [statement] = talk.found.filter(
    (found) => found.role !== 'assistant' && !found.text.trimEnd().endsWith('?'),
  );
  if (statement !== undefined) return say(`You told me earlier: ${quote(statement.text)}`);
  return say(nothingFound(situation));
}

const TASTE = /^(?:like|love|prefer|enjoy|hate|dislike|adore)s?$/u;
/** Words that say what is asked about a thing; a line about the thing may answer without them. */
const ASPECT = /^(?:name|called|named|age|favorite|any|kind|sort|many|number)$/u;
const TASTE_LINE = /^(?:likes|loves|prefers|enjoys|adores|hates|dislikes|can't stand)\b/iu;

/** Lines of memory that answer: those with all words, else those about the thing asked after. */
function linesAbout(words: readonly string[], { blocks }: Situation): string[] {
  const lines = blocks.flatMap(factLines);
  if (words.length > 0 && words.every((word) => TASTE.test(word))) {
    const tastes = lines.filter((line) => TASTE_LINE.test(line));
    const isDislike = words.some((word) => /^(?:hate|dislike)/u.test(word));
    const asked = tastes.filter((line) => /^(?:hates|dislikes|can't)/iu.test(line) === isDislike);
    return asked.length > 0 ? asked : tastes;
  }
  const strict = lines.filter((line) => isAbout(line, words));
  if (strict.length > 0) return strict;
  const things = words.filter((word) => !TASTE.test(word) && !ASPECT.test(word));
  const own = blocks.filter((block) => !isPersona(block)).flatMap(factLines);
  return things.length < words.length ? own.filter((line) => isAbout(line, things)) : [];
}

const HINT =
  'I am only the demo model and know nothing beyond what you tell me; say "Remember that ..." and I will file it.';

function nothingFound(situation: Situation): string {
  const broken = situation.outcomes.find((outcome) => !outcome.ok);
  if (broken !== undefined)
    return 'I could not look it up: my search failed. The steps above show what it said; ask me again in a while.';
  const looked = situation.outcomes.map((outcome) =>
    outcome.name === 'archival_memory_search' ? 'my archive' : 'our conversations',
  );
  const places = ['my memory', ...new Set(looked)];
  const miss = `I looked in ${joined(places)} and found nothing about that.`;
  return situation.told.includes(HINT) ? miss : `${miss} ${HINT}`;
}

/** Words for when something was said; past talk is searched by subject. */
const TIMES =
  /^(?:yesterday|today|earlier|before|last|week|month|night|morning|evening|ago|recently|previously|first|time)$/u;

/** Answers "what did I say about X" from past talk. */
export function decideSaid(subject: string, situation: Situation): Decision {
  const words = keywords(subject);
  if (words.every((word) => TIMES.test(word)))
    return say('About what? I search by subject: ask for example "What did I say about the garden?".');
  const talk = look('conversation_search', words, situation);
  if (talk.kind === 'call') return talk;
  const said = talk.found.filter((found) => found.role === 'user' || found.role === null);
  const statements = said.filter((found) => !found.text.trimEnd().endsWith('?'));
  const mine = (statements.length > 0 ? statements : said).slice(0, 3);
  if (mine.length > 0)
    return say(
      `About ${subject.trim()} you said:\n${mine.map((found) => `- ${quote(found.text)}`).join('\n')}`,
    );
  if (!situation.tools.has('conversation_search')) {
    return say(
      "I can't look back: this agent has no conversation_search tool. Attach it in the agent's settings.",
    );
  }
  const broken = situation.outcomes.find((outcome) => !outcome.ok);
  if (broken !== undefined) return say(nothingFound(situation));
  return say(`I searched our conversations and found nothing you said about ${subject.trim()}.`);
}

/** Says everything the block holds about the person, and what is filed where that block can not be written or is empty. */
export function decideAboutMe(situation: Situation): Decision {
  const block = humanBlock(situation.blocks);
  const lines = block === null ? [] : factLines(block);
  const isFiled = lines.length === 0 || isSealed(block, situation);
  const looked = isFiled ? listArchive(situation) : NONE;
  if (looked.kind === 'call') return looked;
  const known =
    lines.length > 0
      ? `This is what my memory says about you:\n${listed(lines)}`
      : 'My memory block is empty.';
  if (looked.found.length > 0)
    return say(`${known}\n\nIn my archive I have:\n${listed(looked.found.map((entry) => entry.text))}`);
  if (lines.length > 0) return say(`${known}\n\nMore may be in my archive: ask me about it by subject.`);
  return say(
    'Nothing yet. What shall I call you? Tell me your name or something you like, and you will see it appear in my memory.',
  );
}

const NONE: Looked = { kind: 'found', found: [] };

/** The newest entries of the archive, whatever they are about. */
function listArchive(situation: Situation): Looked {
  const tool = 'archival_memory_search';
  const done = situation.outcomes.find((outcome) => outcome.name === tool);
  if (done !== undefined) return { kind: 'found', found: done.ok ? readFound(done.message) : [] };
  return situation.tools.has(tool)
    ? { kind: 'call', calls: [{ name: tool, arguments: { query: '' } }] }
    : NONE;
}

/** Whether what the person tells can not go into the block about them, so that it was filed instead. */
function isSealed(block: MemoryBlock | null, { tools }: Situation): boolean {
  const isWritable = tools.has('memory_insert') || tools.has('core_memory_append');
  return block === null || block.read_only || !isWritable;
}

function listed(lines: readonly string[]): string {
  return lines.map((line) => (/^[-*] /u.test(line) ? line : `- ${line}`)).join('\n');
}

/** Says the person's name, if the block has it, or the archive where the block can not be written. */
export function decideName(situation: Situation): Decision {
  const block = humanBlock(situation.blocks);
  const name = nameInBlock(block);
  const looked = isSealed(block, situation) ? findInArchive(['name'], situation) : NONE;
  if (looked.kind === 'call') return looked;
  const newest = looked.found.toSorted((one, other) => other.time - one.time);
  const filed = newest.flatMap((entry) => entry.text.split('\n')).map(nameInLine);
  const archived = filed.find((each) => each !== null) ?? null;
  if (archived !== null && name !== null && archived !== name)
    return say(`My block says ${name}, and I may not change it; in my archive I filed ${archived}.`);
  const known = name ?? archived;
  return say(
    known === null ? "I don't know your name yet. What shall I call you?" : `Your name is ${known}.`,
  );
}

function joined(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1) ?? ''}`;
}
