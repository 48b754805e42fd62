import { type Decision, type PlannedCall, say } from './decision.ts';
import { type Outcome, PROPOSED, type Situation } from './situation.ts';

/** What a tool's refusal means to the person, and what they can do; the tool's own words stand with the call. */
const REFUSALS: readonly (readonly [RegExp, string])[] = [
  [/\blimit\b/iu, 'the block is full. Take something out, or raise its limit in the state pane'],
  [/read-?only/iu, 'the block is read-only for me. Unlock it in the state pane'],
  [
    /exactly once|not (?:found|there)|no (?:such|block)|does not|conflict|changed/iu,
    'my memory was changed meanwhile. Look at the state pane',
  ],
];

/** Says that a tool of this turn failed or only proposed, and what became of the rest; `null` when all is in memory. */
export function failed(situation: Situation): Decision | null {
  const failure = situation.outcomes.find((outcome) => !outcome.ok);
  if (failure === undefined) return situation.outcomes.some(isProposal) ? say(IN_REVIEW) : null;
  if (/\bdenied this call\b/u.test(failure.message)) {
    return say('You did not allow that change, so it is not in my memory.');
  }
  const isPart = situation.outcomes.some((outcome) => outcome.ok && !isSearch(outcome));
  const cause =
    REFUSALS.find(([pattern]) => pattern.test(failure.message))?.[1] ??
    'the tool failed. The steps above show what it said; look there';
  return say(
    `I could not change my memory: ${cause}, then tell me again. ${isPart ? 'Only part of it was saved.' : 'Nothing was saved.'}`,
  );
}

const IN_REVIEW =
  'I proposed this change: it waits for your review, and is not in my memory until you accept it there.';

/** Whether an edit was kept for a person to review; memory reads as before. */
function isProposal({ ok, message }: Pick<Outcome, 'ok' | 'message'>): boolean {
  return ok && message.includes(PROPOSED);
}

/** The calls of a plan that were not made in this turn yet. */
export function notDone(plan: readonly PlannedCall[], outcomes: readonly Outcome[]): PlannedCall[] {
  const done = new Set(outcomes.map((outcome) => JSON.stringify([outcome.name, outcome.arguments])));
  return plan.filter((call) => !done.has(JSON.stringify([call.name, call.arguments])));
}

/** Whether a call only looked something up. */
export function isSearch(outcome: Outcome): boolean {
  return outcome.name.endsWith('_search');
}

/** The text a call of this turn filed in the archive; `null` when none did. */
export function filedText(situation: Situation): string | null {
  const filed = situation.outcomes.find(({ name, ok }) => ok && name === 'archival_memory_insert');
  const content = filed?.arguments['content'];
  return typeof content === 'string' ? content : null;
}
