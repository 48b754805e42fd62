import { decideCorrection, monthInsteadOfName } from './corrections.ts';
import { type Decision, say } from './decision.ts';
import { decideForget } from './forget.ts';
import type { Facts } from './facts.ts';
import { type Intent, readIntent } from './intents.ts';
import { decideFacts, decideRemember } from './keep.ts';
import { decideAboutMe, decideName, decideQuestion, decideSaid } from './lookups.ts';
import { honestAnswer, onlyEnglish, smallTalk } from './phrases.ts';
import type { Situation } from './situation.ts';

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
      return decideTold(intent.facts, situation);
    case 'correction':
      return decideCorrection(intent.correction, situation);
    case 'remember':
      return decideRemember(intent.text, situation);
    case 'forget':
      return decideForget(intent.subject, situation);
    case 'ask_about_me':
      return decideAboutMe(situation);
    case 'ask_name':
      return decideName(situation);
    case 'ask_said':
      return decideSaid(intent.subject, situation);
    case 'question':
      return decideQuestion(intent.words, situation);
    case 'small_talk':
      return say(smallTalk(intent.topic, situation));
    case 'other_language':
      return say(onlyEnglish(intent.answer, situation));
    case 'other':
      return say(honestAnswer(situation));
  }
}

function decideTold(facts: Facts, situation: Situation): Decision {
  const correction = monthInsteadOfName(facts, situation);
  return correction === null ? decideFacts(facts, situation) : decideCorrection(correction, situation);
}
