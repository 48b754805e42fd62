import { capitalize, straighten } from './words.ts';

/** Something a person said of themselves, as a line for memory. */
export type Fact = {
  readonly line: string;
  /** Lines that start so are about the same thing and give way to this one; `null` when many may stand together. */
  readonly replaces: string | null;
  readonly kind: 'name' | 'preference' | 'other';
  /** How to say it back to the person. */
  readonly spoken: string;
};

/** What a message tells about its writer, and whether it corrects what was said before. */
export type Facts = { readonly facts: readonly Fact[]; readonly correcting: boolean };

type Rule = { readonly pattern: RegExp; readonly make: (match: string[]) => Fact | null };

const CLAUSE_END =
  /(?<=\S{3}[.!?])\s+|\n+|\s*;\s*|,?\s+(?:and|but)\s+(?=(?:also\s+)?(?:i|my|i'm|i've|call|you can call)\b)|,\s+(?=(?:i|my|i'm)\s)/giu;
const FILLER =
  /^(?:hi|hiya|hello|hey|good (?:morning|afternoon|evening)|ok|okay|well|yes|oh|so|also|and|btw|by the way|please|fyi|there|just so you know|remember that|nice to meet you)\b[\s,!.:;-]*/iu;
const CORRECTION =
  /^(?:actually|no|nope|sorry|correction|wait|i meant(?: to say)?|i mean|rather)\b(?:[\s,!.:;-]+|$)/iu;
const QUESTION =
  /\?\s*$|^(?:what|who|where|when|why|how|which|do|does|did|can|could|will|would|should|are|is)\b/iu;

const RULES: readonly Rule[] = [
  rule(/^my name (?:is not|isn't) .+?,?\s+(?:but|it's|it is)\s+(.+)$/iu, ([, name]) => nameFact(name)),
  rule(
    /^(?:my (?:first |full |real |new )?name(?: is|'s)(?: now)?|(?:you (?:can|may) )?call me|i(?:'m| am) called|i go by|people call me|it's|it is)\s+(.+)$/iu,
    ([all, name]) => (/^it(?:'s| is)/iu.test(all ?? '') && !isName(name) ? null : nameFact(name)),
  ),
  rule(/^i(?:'m| am) allergic to (.+)$/iu, ([, what]) =>
    fact(`Allergic to ${what}`, `you are allergic to ${what}`),
  ),
  rule(/^i (?:now )?(?:live|reside) (in|at|near) (.+)$/iu, ([, where, place]) =>
    fact(`Lives ${where} ${place}`, `you live ${where} ${place}`, 'Lives '),
  ),
  rule(/^i(?:'ve| have)? (?:just )?moved to (.+)$/iu, ([, place]) =>
    fact(`Lives in ${place}`, `you live in ${place}`, 'Lives '),
  ),
  rule(/^i(?:'m| am|'m originally| come) from (.+)$/iu, ([, place]) =>
    fact(`From ${place}`, `you are from ${place}`, 'From '),
  ),
  rule(/^i (?:now )?work (as|at|for|in|with) (.+)$/iu, ([, as, job]) =>
    fact(`Works ${as} ${job}`, `you work ${as} ${job}`, `Works ${as} `),
  ),
  rule(/^i(?:'m| am) (\d{1,3}(?: years? old)?)$/iu, ([, age]) =>
    fact(`Age: ${age}`, `you are ${age}`, 'Age: '),
  ),
  rule(/^i(?:'m| am) (an? .+)$/iu, ([, what]) => fact(`Is ${what}`, `you are ${what}`)),
  rule(/^[Ii](?:'m| am) (.+)$/u, ([, name]) => (isName(name) ? nameFact(name) : null)),
  rule(
    /^i (?:(?:really|also|absolutely|do|just|always|usually|generally|now) )*(don't like|do not like|can't stand|like|love|prefer|enjoy|hate|dislike|adore) (.+)$/iu,
    ([, verb, what]) => preference(verb ?? '', what ?? ''),
  ),
  rule(/^i have (an? |one |two |three |four |five |\d+ )(.+)$/iu, ([, many, what]) =>
    fact(`Has ${many}${what}`, `you have ${many}${what}`),
  ),
  rule(/^i (speak|play|drink|eat|drive|collect|teach|study|own) (.+)$/iu, ([, verb, what]) =>
    fact(`${capitalize(thirdPerson(verb ?? ''))} ${what}`, `you ${verb} ${what}`),
  ),
  rule(
    /^my (?!question|point|problem|guess|idea|answer|bad|god)([\p{L}\p{M}][\p{L}\p{M} '-]{1,40}?) (?:is|are) (?:called |named )?(.+)$/iu,
    ([, what, value]) =>
      fact(`${capitalize(what ?? '')}: ${value}`, `your ${what} is ${value}`, `${capitalize(what ?? '')}: `),
  ),
];

function rule(pattern: RegExp, make: Rule['make']): Rule {
  return { pattern, make };
}

/** Finds what a message tells about its writer. Questions tell nothing. */
export function findFacts(text: string): Facts {
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
    const found = clauseFact(clause.text, original, clause.correcting);
    if (found !== null && !facts.some((other) => other.line === found.line)) facts.push(found);
    start = next;
  }
  return { facts, correcting };
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

function clauseFact(clause: string, original: string, correcting: boolean): Fact | null {
  if (QUESTION.test(clause)) return null;
  const trimmed = clause.replace(/[\s.!,]+$/u, '');
  for (const { pattern, make } of RULES) {
    const match = new RegExp(pattern.source, `${pattern.flags}d`).exec(trimmed);
    if (match === null) continue;
    const ranges: readonly ([number, number] | undefined)[] = match.indices ?? [];
    const parts = ranges.map((range) =>
      range === undefined ? '' : original.slice(range[0], range[1]).trim(),
    );
    const made = make(parts);
    if (made !== null) return made;
  }
  const words = trimmed === '' ? 0 : trimmed.split(/\s+/u).length;
  if (!correcting || words === 0 || words > 3 || !isName(trimmed)) return null;
  return nameFact(original.slice(0, trimmed.length));
}

/** Whether a text looks like a person's name: one to three capitalised words, or a script without capitals. */
export function isName(text: string | undefined): boolean {
  return /^[\p{Lu}\p{Lo}][\p{L}\p{M}'’.-]*(?: [\p{Lu}\p{Lo}][\p{L}\p{M}'’.-]*){0,2}[.!]?$/u.test(text ?? '');
}

function nameFact(said: string | undefined): Fact | null {
  const name = (said ?? '')
    .split(/\s*(?:,|\(|\bnot\b|\band\b|\bfrom now on\b|\binstead\b|\bplease\b|\bnow\b|\bthough\b)/iu)[0]
    ?.replaceAll(/^["'“‘\s]+|["'”’\s.!]+$/gu, '');
  if (name === undefined || name === '' || name.length > 80 || name.split(/\s+/u).length > 5) return null;
  return { line: `Name: ${name}`, replaces: 'Name: ', kind: 'name', spoken: `your name is ${name}` };
}

function fact(line: string, spoken: string, replaces: string | null = null): Fact {
  return { line: aboutThem(line), replaces, kind: 'other', spoken: aboutYou(spoken) };
}

const PRONOUN = /^(?:it|that|this|you|him|her|them|these|those|to know|how|what)\b/iu;

function preference(verb: string, what: string): Fact | null {
  if (PRONOUN.test(what)) return null;
  const plain = verb.toLowerCase();
  const negative = plain.includes("n't like") || plain.includes('not like') || plain.includes('’t like');
  const third = negative ? 'dislikes' : plain.endsWith('stand') ? "can't stand" : thirdPerson(plain);
  return {
    line: aboutThem(`${capitalize(third)} ${what}`),
    replaces: null,
    kind: 'preference',
    spoken: aboutYou(`you ${plain} ${what}`),
  };
}

function thirdPerson(verb: string): string {
  const plain = verb.toLowerCase();
  if (/[^aeiou]y$/u.test(plain)) return `${plain.slice(0, -1)}ies`;
  return /(?:ch|sh|s|x)$/u.test(plain) ? `${plain}es` : `${plain}s`;
}

function aboutThem(line: string): string {
  return line
    .replaceAll(/\bmy\b/giu, 'their')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}

function aboutYou(spoken: string): string {
  return spoken
    .replaceAll(/\bmy\b/giu, 'your')
    .replaceAll(/\s+/gu, ' ')
    .trim();
}
