import { type Decision, say } from './decision.ts';
import { isAbout, planRewrite } from './edits.ts';
import type { Facts } from './facts.ts';
import { file } from './keep.ts';
import { findInArchive } from './lookups.ts';
import { factLines, isPersona } from './memory-text.ts';
import { failed, filedText, isSearch } from './outcomes.ts';
import { quote } from './phrases.ts';
import type { Situation } from './situation.ts';
import { capitalize, keywords } from './words.ts';

/** What a person says of something kept before: `the code is 12`, or only `it's Wednesday` of what was kept last. */
export type Correction =
  | { readonly kind: 'statement'; readonly text: string; readonly subject: string; readonly value: string }
  | { readonly kind: 'value'; readonly value: string };

const STATEMENT =
  /^(?:the|my|our|his|her|their) (\S.*?) (?:is|are|was|were|ends?|starts?|begins?|opens?|closes?|leaves?|arrives?|costs?|expires?|takes?|comes?|goes|lives|works|likes) (?:(?:in|on|at)\s+)?(\S.*)$/iu;
const VALUE =
  /^(?:(?:it|that)(?:'s| is|'ll be| will be)\s+|make (?:it|that)\s+)?(?:now\s+)?(?:on\s+|at\s+|in\s+)?(.+)$/iu;

/** Kinds of values: one takes the place of another of its kind. */
const KINDS: readonly RegExp[] = [
  /\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b/iu,
  /\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\b/iu,
  /\b\d[\d:.,/-]*(?:\s?[ap]m)?\b/iu,
  /\b(?:red|orange|yellow|green|blue|purple|violet|pink|brown|black|white|gr[ae]y|silver|golden)\b/iu,
];

/** Reads what follows "actually" or "no"; `null` when it corrects nothing. */
export function readCorrection(said: string): Correction | null {
  const text = said.replace(/[\s.!]+$/u, '');
  const statement = STATEMENT.exec(text);
  if (statement !== null)
    return { kind: 'statement', text, subject: statement[1] ?? '', value: statement[2] ?? '' };
  const value = VALUE.exec(text)?.[1] ?? '';
  const isShort = value.split(/\s+/u).length <= 5;
  return isShort && KINDS.some((kind) => kind.test(value)) ? { kind: 'value', value } : null;
}

/** A name that is a month too, said where the thing kept last has a month: "no, June". */
export function monthInsteadOfName(facts: Facts, situation: Situation): Correction | null {
  const [fact] = facts.facts;
  const value = fact?.kind === 'name' && facts.facts.length === 1 ? fact.line.slice('Name: '.length) : '';
  const isMonth = facts.correcting && !situation.asked_name && KINDS.some((kind) => kind.test(value));
  const isOfMonth = isMonth && situation.last_kept.some((line) => swapped(line, value) !== null);
  return isOfMonth ? { kind: 'value', value } : null;
}

/** Corrects the line or the entry a correction is about. An entry stays, and the newer one is filed beside it. */
export function decideCorrection(correction: Correction, situation: Situation): Decision {
  const failure = failed(situation);
  if (failure !== null) return failure;
  const filed = filedText(situation);
  if (filed !== null)
    return say(
      `Filed the correction in my archive: ${quote(filed)} The entry before it stays until you remove it on the Archive page; I answer with the newer one.`,
    );
  const edit = situation.outcomes.find((outcome) => !isSearch(outcome));
  if (edit !== undefined) {
    const { new_string, new_content } = edit.arguments;
    const text = typeof new_string === 'string' ? new_string : new_content;
    return say(`Corrected in my memory: ${quote(typeof text === 'string' ? text : '')} You can undo it.`);
  }
  return correction.kind === 'value'
    ? correctLast(correction.value, situation)
    : correctSubject(correction, situation);
}

function correctLast(value: string, situation: Situation): Decision {
  const old = situation.last_kept.findLast((line) => swapped(line, value) !== null);
  const text = old === undefined ? null : swapped(old, value);
  if (old === undefined || text === null)
    return say(
      'I am not sure what that corrects, so nothing was changed. Say it whole, for example "Actually, the locker code is 12".',
    );
  if (text === old) return say(`I have that already: ${quote(old)}`);
  const calls = planRewrite(old, text, situation.blocks, situation.tools);
  if (calls.length > 0) return { kind: 'call', calls };
  return situation.tools.has('archival_memory_insert') ? file(text) : unsaved();
}

type Statement = Extract<Correction, { kind: 'statement' }>;

function correctSubject({ text, subject, value }: Statement, situation: Situation): Decision {
  const words = keywords(subject);
  const lines = situation.blocks.filter((block) => !isPersona(block)).flatMap(factLines);
  const old = lines.find((line) => isAbout(line, words));
  if (old !== undefined) {
    const [label = ''] = /^[^:]+: /u.exec(old) ?? [];
    const line = label === '' ? capitalize(text) : `${label}${value}`;
    const calls = planRewrite(old, line, situation.blocks, situation.tools);
    if (calls.length > 0) return { kind: 'call', calls };
  }
  const looked = findInArchive(words, situation);
  if (looked.kind === 'call') return looked;
  const isKnown = old !== undefined || looked.found.some((entry) => isAbout(entry.text, words));
  if (isKnown) return situation.tools.has('archival_memory_insert') ? file(text) : unsaved();
  return say(
    `I have nothing about “${subject}” that this could correct, and I saved nothing. Say "Remember that ..." and I file it.`,
  );
}

function unsaved(): Decision {
  return say('I can not correct that: no tool of mine may change it here. Nothing was saved.');
}

/** A text with one of its values replaced; `null` when it has none of that kind. */
function swapped(text: string, value: string): string | null {
  const kinds = KINDS.filter((each) => each.test(value));
  const kind = kinds.find((each) => each.test(text));
  const match = kind?.exec(text);
  if (kind === undefined || match === null || match === undefined) return null;
  const rest = kinds.length > 1 ? '' : text.slice(match.index + match[0].length);
  // "3 cats" for "2 cats, Miso and Ramen" says the word after the number again.
  const [, again = ''] = value.split(kind);
  return text.slice(0, match.index) + value + (rest.startsWith(again) ? rest.slice(again.length) : rest);
}
