import { type Decision, type PlannedCall, say } from './decision.ts';
import { planFacts, planForget, planForgetAll } from './edits.ts';
import type { Facts } from './facts.ts';
import { type Intent, readIntent } from './intents.ts';
import { answerAboutMe, answerName, decideQuestion, decideSaid, findInArchive } from './lookups.ts';
import { factLines, humanBlock, nameInBlock } from './memory-text.ts';
import { confirmFacts, honestAnswer, ONLY_ENGLISH, quote, smallTalk } from './phrases.ts';
import type { Outcome, Situation } from './situation.ts';
import { keywords } from './words.ts';

/** More calls than this in a turn mean that something is wrong; then it stops and says what it has. */
const MOST_CALLS_PER_TURN = 8;

/** Decides the next move from the situation alone: the same situation always gives the same move. */
export function decide(situation: Situation): Decision {
  if (situation.said === '')
    return say("I'm here. Tell me something about yourself, and watch the memory beside this talk.");
  if (situation.outcomes.some((outcome) => outcome.name === 'send_message' && outcome.ok)) return say('');
  const decision = decideByIntent(readIntent(situation.said, situation.asked_name), situation);
  if (decision.kind === 'call' && situation.outcomes.length >= MOST_CALLS_PER_TURN) {
    return say(
      'I stop here: my tools were called several times and I got no further. Please look at their results above.',
    );
  }
  return decision;
}

function decideByIntent(intent: Intent, situation: Situation): Decision {
  switch (intent.kind) {
    case 'facts':
      return decideFacts(intent.facts, situation);
    case 'remember':
      return decideRemember(intent.text, situation);
    case 'forget':
      return decideForget(intent.subject, situation);
    case 'forget_everything':
      return decideForgetAll(situation);
    case 'ask_about_me':
      return say(answerAboutMe(situation));
    case 'ask_name':
      return say(answerName(situation));
    case 'ask_said':
      return decideSaid(intent.subject, situation);
    case 'question':
      return decideQuestion(intent.words, situation);
    case 'small_talk':
      return say(smallTalk(intent.topic, situation));
    case 'other_language':
      return say(`${intent.answer} ${ONLY_ENGLISH}`.trim());
    case 'other':
      return say(honestAnswer(situation));
  }
}

function decideFacts(facts: Facts, situation: Situation): Decision {
  const failure = failed(situation);
  if (failure !== null) return failure;
  const left = notDone(planFacts(facts, situation.blocks, situation.tools), situation.outcomes);
  if (left.length > 0) return { kind: 'call', calls: left };
  const known = humanBlock(situation.blocks);
  if (situation.outcomes.length > 0)
    return say(confirmFacts(facts, known === null ? null : nameInBlock(known)));
  if (known !== null && facts.facts.every((fact) => factLines(known).includes(fact.line))) {
    return say(`I have that already: ${facts.facts.map((fact) => fact.spoken).join(', and ')}.`);
  }
  if (situation.tools.has('archival_memory_insert')) {
    return decideRemember(facts.facts.map((fact) => fact.line).join('\n'), situation);
  }
  return say(
    known?.read_only === true
      ? `Good to know, but I can't keep it: my block "${known.label}" is read-only. Unlock it in the state pane and tell me again.`
      : "Good to know, but I can't keep it: this agent has no tool or block for that. Attach memory_insert and a block named human, and tell me again.",
  );
}

function decideRemember(text: string, situation: Situation): Decision {
  const failure = failed(situation);
  if (failure !== null) return failure;
  const done = situation.outcomes.find((outcome) => outcome.ok);
  if (done !== undefined) {
    return say(
      done.name === 'archival_memory_insert'
        ? `Filed in my archive: ${quote(text)} Ask me for it any time.`
        : `Kept in my memory: ${quote(text)}`,
    );
  }
  if (situation.tools.has('archival_memory_insert')) {
    return { kind: 'call', calls: [{ name: 'archival_memory_insert', arguments: { content: text } }] };
  }
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

function decideForget(subject: string, situation: Situation): Decision {
  const failure = failed(situation);
  if (failure !== null) return failure;
  const removed = situation.outcomes.find((outcome) => /replace/u.test(outcome.name));
  if (removed !== undefined)
    return say(
      `Done. I no longer have this in memory: ${quote(removedText(removed))} You can still undo it.`,
    );
  const calls = planForget(subject, situation.blocks, situation.tools);
  if (calls.length > 0) return { kind: 'call', calls };
  const found = findInArchive(keywords(subject), situation);
  if (found.kind === 'call') return found;
  const [first] = found.found;
  if (first !== undefined) {
    return say(
      `That is in my archive: ${quote(first.text)} I have no tool to take entries out; you can remove it on the Archive page.`,
    );
  }
  return say(
    `I looked for ${quote(subject.trim())} There is nothing like it in my memory, so nothing was removed.`,
  );
}

function decideForgetAll(situation: Situation): Decision {
  const failure = failed(situation);
  if (failure !== null) return failure;
  if (situation.outcomes.length > 0) {
    return say(
      'Done. What I knew about you is out of my memory; you can still undo it. Archive entries are removed on the Archive page.',
    );
  }
  const calls = planForgetAll(situation.blocks, situation.tools);
  if (calls.length > 0) return { kind: 'call', calls };
  return say('There is nothing about you in my memory that I could take out, so nothing was removed.');
}

function removedText(outcome: Outcome): string {
  const { old_string, old_content } = outcome.arguments;
  const text = typeof old_string === 'string' ? old_string : old_content;
  return typeof text === 'string' ? text.trim() : '';
}

function failed(situation: Situation): Decision | null {
  const failure = situation.outcomes.find((outcome) => !outcome.ok);
  if (failure === undefined) return null;
  const saved = situation.outcomes.some((outcome) => outcome.ok)
    ? 'Only part of it was saved.'
    : 'Nothing was saved.';
  return say(`That did not work: ${failure.name} answered ${quote(failure.message)} ${saved}`);
}

function notDone(plan: readonly PlannedCall[], outcomes: readonly Outcome[]): PlannedCall[] {
  const done = new Set(outcomes.map((outcome) => JSON.stringify([outcome.name, outcome.arguments])));
  return plan.filter((call) => !done.has(JSON.stringify([call.name, call.arguments])));
}
