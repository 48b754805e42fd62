import { isName, isPeople, readName } from './names.ts';
import { capitalize } from './words.ts';

/** Something a person said of themselves, as a line for memory. */
export type Fact = {
  readonly line: string;
  /** Lines that start so are about the same thing and give way to this one; `null` when many may stand together. */
  readonly replaces: string | null;
  /** Whether only a line that tells a like thing gives way: `Dog: Rex` to another name, not to an age. */
  readonly alike?: boolean;
  /** Said as what holds now, so it takes the place of another number of the same. */
  readonly now?: boolean;
  readonly kind: 'name' | 'preference' | 'count' | 'other';
  /** How to say it back to the person. */
  readonly spoken: string;
};

/** A sentence that tells something, and what it tells. `make` gets the groups of the match. */
type Rule = {
  readonly pattern: RegExp;
  readonly make: (match: string[]) => Fact | readonly Fact[] | null;
};

/** Things that pass: having them is not worth a line. */
const PASSING =
  /^(?:question|problem|idea|feeling|headache|cold|fever|cough|meeting|point|suggestion|request|plan|doubt|minute|moment|second|bad|good|nice|great|hard|lot|look|clue|hunch|dream|deadline|day|week|few|couple of (?:questions|minutes))\b/iu;

/** When something happened, at the end of a sentence; it does not belong to the place. */
const WHEN =
  /\s+(?:(?:last|this) \S+|yesterday|today|recently|\S+ (?:days?|weeks?|months?|years?) ago|in \d{4}|for \S+)$/iu;

/** In order: the first that makes something of a sentence wins. */
export const RULES: readonly Rule[] = [
  rule(
    /^(?:my name|it|i)(?: is not|'s not| isn't| am not|'m not)(?: called| named)? .+?(?:,\s*(?:but\s+)?|\s+but\s+)(?:(?:it's|it is|i'm|i am|my name is|(?:please )?call me)\s+)?(.+)$/iu,
    ([, name]) => (isName(name) ? nameFact(name) : null),
  ),
  rule(
    /^(?:i(?:'m| am)|it(?:'s| is)|my name(?:'s| is)|call me) (.+?),? (?:and )?not (.+)$/iu,
    ([, name, wrong]) => (isName(name) && isName(wrong) ? nameFact(name) : null),
  ),
  rule(
    /^(?:my (?:first |full |real |new )?name(?: is|'s)(?: now)?|the name(?:'s| is)|(?:you (?:can|may) )?call me|i(?:'m| am) called|i go by|i(?:'d)? (?:would )?(?:like|prefer|want) to be called|(?:people|everyone|everybody|they|(?:my )?friends)(?: all)? calls? me)\s+(.+)$/iu,
    ([, name]) => nameFact(name),
  ),
  rule(/^i(?:'m| am) allergic to (.+)$/iu, ([, what]) =>
    fact(`Allergic to ${what}`, `you are allergic to ${what}`),
  ),
  rule(
    /^i(?:'m| am|'m originally| come) from (.+?),? (?:but|and)(?: i)?(?: now)? live (in|at|near) (.+)$/iu,
    ([, from, where, place]) => [
      fact(`From ${from}`, `you are from ${from}`, 'From '),
      fact(`Lives ${where} ${place}`, `you live ${where} ${place}`, 'Lives '),
    ],
  ),
  rule(/^i (?:now )?(?:live|reside) (in|at|near) (.+)$/iu, ([, where, place]) =>
    fact(`Lives ${where} ${place}`, `you live ${where} ${place}`, 'Lives '),
  ),
  rule(/^i(?:'ve| have)? (?:just )?moved to (.+)$/iu, ([, said = '']) => {
    const place = said.replace(WHEN, '');
    return fact(`Lives in ${place}`, `you live in ${place}`, 'Lives ');
  }),
  rule(/^i(?:'m| am|'m originally| come) from (.+)$/iu, ([, place]) =>
    fact(`From ${place}`, `you are from ${place}`, 'From '),
  ),
  rule(/^i was born (on|in) (.+)$/iu, ([, when, what]) =>
    fact(`Born ${when} ${what}`, `you were born ${when} ${what}`, `Born ${when} `),
  ),
  rule(/^i (?:now )?work (as|at|for|in|with|from) (.+)$/iu, ([, as, job]) =>
    fact(`Works ${as} ${job}`, `you work ${as} ${job}`, `Works ${as} `),
  ),
  rule(/^i(?:'m| am) (\d{1,3}(?: years? old)?)$/iu, ([, age]) =>
    fact(`Age: ${age}`, `you are ${age}`, 'Age: '),
  ),
  rule(
    /^i(?:'m| am) ((?:a )?(?:vegan|vegetarian|pescatarian|diabetic|celiac|gluten[- ]free|lactose[- ]intolerant|left-handed|right-handed|colou?r-?blind|deaf|blind|married|single|divorced|engaged|retired|pregnant|self-employed|unemployed))$/iu,
    ([, what]) => fact(`Is ${what}`, `you are ${what}`),
  ),
  rule(/^i(?:'m| am) (an? .+)$/iu, ([, what]) =>
    /^an? (?:bit|little|lot|mess|wreck|fan of (?:it|this|that|you))\b/iu.test(what ?? '')
      ? null
      : fact(`Is ${what}`, `you are ${what}`),
  ),
  rule(/^i(?:'m| am) (\S+)$/iu, ([, what]) =>
    isPeople(what ?? '') ? fact(`Is ${capitalize(what ?? '')}`, `you are ${capitalize(what ?? '')}`) : null,
  ),
  rule(/^i(?:'m| am) (.+?), (an? .+)$/iu, ([, name, what]) => {
    const named = isName(name) ? nameFact(name) : null;
    return named === null ? null : [named, fact(`Is ${what}`, `you are ${what}`)];
  }),
  rule(/^[Ii](?:'[mM]| am| AM) (.+)$/u, ([, name]) => (isName(name) ? nameFact(name) : null)),
  rule(
    /^i (?:(?:really|also|absolutely|do|just|always|usually|generally|now) )*(don't like|do not like|no longer like|can't stand|like|love|prefer|enjoy|hate|dislike|adore) (.+)$/iu,
    ([, verb, what]) => preference(verb ?? '', what ?? ''),
  ),
  rule(
    /^i (don't|do not|can't|cannot|never) (eat|drink|smoke|drive|speak|own) (.+)$/iu,
    ([, not, verb, what]) =>
      /^never$/iu.test(not ?? '')
        ? fact(`Never ${thirdPerson(verb ?? '')} ${what}`, `you never ${verb} ${what}`)
        : /^can/iu.test(not ?? '')
          ? fact(`Can't ${verb} ${what}`, `you can't ${verb} ${what}`)
          : fact(`Doesn't ${verb} ${what}`, `you don't ${verb} ${what}`),
  ),
  rule(/^i(?: have|'ve| have got|'ve got) (an?|one|two|three|four|five|\d+) (.+)$/iu, ([, many, what]) =>
    PASSING.test(what ?? '')
      ? null
      : { ...fact(`Has ${many} ${what}`, `you have ${many} ${what}`), kind: 'count' },
  ),
  rule(/^i (speak|play|drink|eat|drive|collect|teach|study|own) (.+)$/iu, ([, verb, what]) =>
    fact(`${capitalize(thirdPerson(verb ?? ''))} ${what}`, `you ${verb} ${what}`),
  ),
  rule(
    /^my (?!(?:first |full |real |last |new )?name\b|question|point|problem|guess|idea|answer|bad|god|turn|mistake|fault|pleasure|mind|head|back|life|day|(?:\w+ )?(?:password|passcode|pin|cvv)\b|(?:credit )?card|social security)([\p{L}\p{M}][\p{L}\p{M} '-]{1,40}?) (?:is|are) (?:(called |named )|on (?=(?:the )?(?:\d|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun)))?(?!(?:not|on|in|at(?! (?:\d|noon|midnight))|broken|killing|so|very|too|really|getting|going|coming|making|driving|gone|here|there|wrong|full)\b)(.+)$/iu,
    ([, what, , value]) => ({
      ...fact(
        `${capitalize(what ?? '')}: ${value}`,
        `your ${what} is ${value}`,
        `${capitalize(what ?? '')}: `,
      ),
      alike: true,
    }),
  ),
];

function rule(pattern: RegExp, make: Rule['make']): Rule {
  return { pattern, make };
}

/** The line that keeps a name; `null` for what is none. */
export function nameFact(said: string | undefined): Fact | null {
  const name = readName(said);
  if (name === null) return null;
  return { line: `Name: ${name}`, replaces: 'Name: ', kind: 'name', spoken: `your name is ${name}` };
}

function fact(line: string, spoken: string, replaces: string | null = null): Fact {
  return { line: aboutThem(line), replaces, kind: 'other', spoken: aboutYou(spoken) };
}

const PRONOUN = /^(?:it|that|this|you|him|her|them|these|those|to know|how|what)\b/iu;

function preference(verb: string, what: string): Fact | null {
  if (PRONOUN.test(what)) return null;
  const plain = verb.toLowerCase();
  const negative = plain.includes("n't like") || plain.includes('not like') || plain.includes('no longer');
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
