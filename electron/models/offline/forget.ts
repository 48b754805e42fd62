import { type Decision, say } from './decision.ts';
import { isAbout, planForget, planForgetAll } from './edits.ts';
import { findInArchive } from './lookups.ts';
import { factLines, humanBlock, isPersona } from './memory-text.ts';
import { failed } from './outcomes.ts';
import { quote } from './phrases.ts';
import type { Outcome, Situation } from './situation.ts';
import { keywords } from './words.ts';

const MOST_ENTRIES = 3;
const ARCHIVE_STAYS = 'What I filed in my archive stays; you can remove it on the Archive page.';

/** Takes what is about a subject out of memory, or says where it stands and why it stays. `null`: all about the person. */
export function decideForget(subject: string | null, situation: Situation): Decision {
  const failure = failed(situation);
  if (failure !== null) return failure;
  return subject === null ? forgetAll(situation) : forgetLine(subject, situation);
}

function forgetLine(subject: string, situation: Situation): Decision {
  const removed = situation.outcomes.find((outcome) => /replace/u.test(outcome.name));
  if (removed !== undefined)
    return say(
      `Done. I no longer have this in memory: ${quote(removedText(removed))} You can still undo it.`,
    );
  const calls = planForget(subject, situation.blocks, situation.tools);
  if (calls.length > 0) return { kind: 'call', calls };
  const words = keywords(subject);
  for (const block of situation.blocks.filter((each) => each.read_only && !isPersona(each))) {
    const line = factLines(block).find((each) => isAbout(each, words));
    if (line !== undefined)
      return say(
        `I have ${quote(line)} But my block "${block.label}" is read-only, so nothing was removed. Unlock it in the state pane and tell me again.`,
      );
  }
  const looked = findInArchive(words, situation);
  if (looked.kind === 'call') return looked;
  const found = looked.found.slice(0, MOST_ENTRIES).map((entry) => quote(entry.text));
  return say(
    found.length > 0
      ? `That is in my archive: ${found.join(' ')} I have no tool to take entries out; you can remove it on the Archive page.`
      : `I looked for ${quote(subject.trim())} There is nothing like it in my memory, so nothing was removed.`,
  );
}

function forgetAll(situation: Situation): Decision {
  if (situation.outcomes.length > 0)
    return say(`Done. What I knew about you is out of my memory; you can still undo it. ${ARCHIVE_STAYS}`);
  const calls = planForgetAll(situation.blocks, situation.tools);
  if (calls.length > 0) return { kind: 'call', calls };
  const block = humanBlock(situation.blocks);
  return say(
    block?.read_only === true && factLines(block).length > 0
      ? `Nothing was removed: my block "${block.label}" is read-only. Unlock it in the state pane and tell me again. ${ARCHIVE_STAYS}`
      : `There is nothing about you in my memory blocks that I could take out, so nothing was removed. ${ARCHIVE_STAYS}`,
  );
}

function removedText(outcome: Outcome): string {
  const { old_string, old_content } = outcome.arguments;
  const text = typeof old_string === 'string' ? old_string : old_content;
  return typeof text === 'string' ? text.trim() : '';
}
