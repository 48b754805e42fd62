import { type Decision, say } from './decision.ts';
import { planFacts } from './edits.ts';
import type { Facts } from './facts.ts';
import { factLines, humanBlock, nameInBlock } from './memory-text.ts';
import { failed, filedText, isSearch, notDone } from './outcomes.ts';
import { confirmFacts, quote } from './phrases.ts';
import type { Situation } from './situation.ts';

/** Puts facts into the block about the person, else into the archive, and says which. */
export function decideFacts(facts: Facts, situation: Situation): Decision {
  const failure = failed(situation);
  if (failure !== null) return failure;
  const known = humanBlock(situation.blocks);
  const plan = planFacts(facts, situation.blocks, situation.tools);
  if (plan.length > 0) {
    const left = notDone(plan, situation.outcomes);
    if (left.length > 0) return { kind: 'call', calls: left };
    return say(confirmFacts(facts, known === null ? null : nameInBlock(known)));
  }
  if (known !== null && facts.facts.every((fact) => factLines(known).includes(fact.line))) {
    return say(`I have that already: ${facts.facts.map((fact) => fact.spoken).join(', and ')}.`);
  }
  return fileInstead(facts.facts.map((fact) => fact.line).join('\n'), situation);
}

function fileInstead(text: string, situation: Situation): Decision {
  const known = humanBlock(situation.blocks);
  const is_locked = known?.read_only === true;
  const filed = filedText(situation);
  if (filed !== null) {
    const why = is_locked
      ? `My block "${known.label}" is read-only, so I left it as it is`
      : 'I have no block or tool for what I know about you';
    return say(`${why}. Instead I filed this in my archive: ${quote(filed)} Ask me for it any time.`);
  }
  if (situation.tools.has('archival_memory_insert')) return file(text);
  return say(
    is_locked
      ? `Good to know, but I can't keep it: my block "${known.label}" is read-only. Unlock it in the state pane and tell me again.`
      : "Good to know, but I can't keep it: this agent has no tool or block for that. Attach memory_insert and a block named human, and tell me again.",
  );
}

/** Keeps a text word for word: in the archive, else in the block, and says which. */
export function decideRemember(text: string, situation: Situation): Decision {
  const failure = failed(situation);
  if (failure !== null) return failure;
  const filed = filedText(situation);
  if (filed !== null) return say(`Filed in my archive: ${quote(filed)} Ask me for it any time.`);
  if (situation.outcomes.some((outcome) => !isSearch(outcome)))
    return say(`Kept in my memory: ${quote(text)}`);
  if (situation.tools.has('archival_memory_insert')) return file(text);
  const facts: Facts = {
    facts: [{ line: text, replaces: null, kind: 'other', spoken: text }],
    correcting: false,
  };
  const calls = planFacts(facts, situation.blocks, situation.tools);
  if (calls.length > 0) return { kind: 'call', calls };
  return say(
    `I read ${quote(text)} But I have no tool here to keep it, so it is not saved. Attach archival_memory_insert in the agent's settings and tell me again.`,
  );
}

/** The call that files a text in the archive. */
export function file(text: string): Decision {
  return { kind: 'call', calls: [{ name: 'archival_memory_insert', arguments: { content: text } }] };
}
