import { type Fact, nameFact, RULES } from './fact-rules.ts';
import { isName } from './names.ts';
import { straighten } from './words.ts';

/** What a message tells about its writer, and whether it corrects what was said before. */
export type Facts = { readonly facts: readonly Fact[]; readonly correcting: boolean };

const CLAUSE_END =
  /(?<=\S{3}[.!?])\s+|\n+|\s*;\s*|,?\s+(?:and|but)\s+(?=(?:also\s+)?(?:i|i'm|i've|call|you can call)\b|my\s(?:\S+'s|[^.!?;,]*\s(?:is|are))\s)|,?\s+(?=(?:nice|pleased|good) to meet you|(?:and )?(?:what's yours|and you|(?:what|how) about you|who are you|how are you))|,\s+(?=(?:i|i'm)\s|my\s(?:\S+'s|[^.!?;,]*\s(?:is|are))\s)/giu;
const FILLER =
  /^(?:hi|hiya|hello|hey|good (?:morning|afternoon|evening)|ok|okay|well|yes|oh|so|also|and|btw|by the way|please|fyi|there|just so you know|remember that|nice to meet you)\b[\s,!.:;\p{Extended_Pictographic}\u{FE0F}-]*/iu;
const CORRECTION =
  /^(?:actually|no|nope|sorry|correction|wait|i meant(?: to say)?|i mean|rather)\b(?:[\s,!.:;-]+|$)/iu;
const QUESTION =
  /\?\s*$|^(?:what|who|where|when|why|how|which|do|does|did|can|could|will|would|should|are|is)\b/iu;

/**
 * Finds what a message tells about its writer. Questions tell nothing. `expects_name`: the writer was asked for a name, so
 * a bare one is the answer.
 */
export function findFacts(text: string, expects_name = false): Facts {
  let correcting = false;
  const facts: Fact[] = [];
  let start = 0;
  const straight = straighten(text);
  const ends = [...straight.matchAll(CLAUSE_END)].map((match) => [
    match.index,
    match.index + match[0].length,
  ]);
  for (const [end = 0, next = 0] of [...ends, [straight.length, straight.length]]) {
    const clause = opening(straight.slice(start, end));
    // The person's own spelling is kept: positions in the straightened text are the same.
    const original = text.slice(start + clause.skipped, end);
    correcting ||= clause.correcting;
    for (const found of clauseFacts(clause.text, original, clause.correcting || expects_name)) {
      if (!facts.some((other) => other.line === found.line)) facts.push(found);
    }
    start = next;
  }
  return { facts, correcting };
}

/** What a message says after its greeting and words such as "actually", and whether one of those corrects. */
export function withoutOpening(said: string): { readonly text: string; readonly correcting: boolean } {
  return opening(straighten(said));
}

function opening(clause: string): { text: string; skipped: number; correcting: boolean } {
  let rest = clause;
  let correcting = false;
  for (let before = ''; before !== rest;) {
    before = rest;
    rest = rest.replace(/^\s+/u, '').replace(FILLER, '');
    const corrected = rest.replace(CORRECTION, '');
    correcting ||= corrected !== rest;
    rest = corrected;
  }
  return { text: rest, skipped: clause.length - rest.length, correcting };
}

/** What says only that it holds from now on. */
const NOW = /,?\s+(?:now|these days|nowadays|currently|any ?more|any longer)$/iu;
const BARE_NAME = /^(?:(?:it's|it is|just|with)\s+)?(\S+(?:\s+\S+){0,2})$/iu;

function clauseFacts(clause: string, original: string, may_be_name: boolean): readonly Fact[] {
  if (QUESTION.test(clause)) return [];
  const whole = clause.replace(/[\s.!,]+$/u, '');
  const trimmed = whole.replace(NOW, '');
  for (const { pattern, make } of RULES) {
    const parts = partsOf(pattern, trimmed, original);
    const made = parts.length === 0 ? null : make(parts);
    if (made !== null)
      return [made].flat().map((fact) => (trimmed === whole ? fact : { ...fact, now: true }));
  }
  if (!may_be_name) return [];
  const [, name] = partsOf(BARE_NAME, trimmed, original);
  const found = isName(name) ? nameFact(name) : null;
  return found === null ? [] : [found];
}

/** The groups of a match in the person's own spelling; none when nothing matches. */
function partsOf(pattern: RegExp, text: string, original: string): string[] {
  const match = new RegExp(pattern.source, `${pattern.flags}d`).exec(text);
  const ranges: readonly ([number, number] | undefined)[] = match?.indices ?? [];
  return ranges.map((range) => (range === undefined ? '' : original.slice(range[0], range[1]).trim()));
}
