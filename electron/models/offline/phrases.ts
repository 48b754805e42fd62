import type { Facts } from './facts.ts';
import type { SmallTalk } from './small-talk.ts';
import { factLines, humanBlock, nameInBlock } from './memory-text.ts';
import type { Situation } from './situation.ts';
import { numberOf, straighten } from './words.ts';

const LONGEST_QUOTE = 400;

/** Sets a text in quotes with its full stop, shortened when it is long. */
export function quote(text: string): string {
  const trimmed = text.trim();
  const short = trimmed.length > LONGEST_QUOTE ? `${trimmed.slice(0, LONGEST_QUOTE).trimEnd()}…` : trimmed;
  return /[.!?…]$/u.test(short) ? `“${short}”` : `“${short}”.`;
}

/** A memory line as said to the person it is about. */
export function toSecondPerson(line: string): string {
  return line.replace(/^[-*]\s+/u, '');
}

/** Confirms what was kept. `old_name` is the name known before. */
export function confirmFacts(facts: Facts, old_name: string | null): string {
  const name = facts.facts.find((fact) => fact.kind === 'name')?.line.slice('Name: '.length);
  const others = facts.facts.filter((fact) => fact.kind !== 'name').map((fact) => fact.spoken);
  const greeting =
    name === undefined ? '' : old_name === null ? `Nice to meet you, ${name}! ` : `Got it: ${name} it is. `;
  if (others.length === 0) return `${greeting}I wrote your name into my memory and will know it next time.`;
  const last = others.at(-1) ?? '';
  const said = others.length === 1 ? last : `${others.slice(0, -1).join(', ')} and ${last}`;
  return `${greeting}${greeting === '' ? 'Noted' : 'I also noted'}: ${said}. It is in my memory now.`;
}

const CAN_DO =
  'Try "My name is ...", "I like ...", "Actually, call me ...", "Remember that the wifi code is ...", "What is the wifi code?", "What do you know about me?", "What did I say about ...?" or "Forget ...".';

const SMALL_TALK: Readonly<Record<SmallTalk, readonly string[]>> = {
  hello: [
    'Hello{name}! I am the demo model built into Memoir. Tell me your name or something you like, and watch my memory change.',
    'Hi{name}! Good to see you. I keep what you tell me: try "I like ..." or "Remember that ...".',
  ],
  thanks: ["You're welcome{name}.", 'My pleasure{name}.', 'Any time{name}.'],
  how_are_you: [
    'All is well, thank you{name}. I am a small demo model, so my moods are few; my memory works, though. What should I keep for you?',
    'Fine, thanks{name}. Nothing has slipped my memory. How are you?',
  ],
  who_are_you: [
    'I am {agent}the demo model built into Memoir. I follow fixed patterns instead of thinking, but my memory is real: it is stored on this computer and you can read and edit all of it.',
  ],
  help: [
    `I follow a few patterns, and my memory is real. ${CAN_DO} Connect a model in the settings for real conversation.`,
  ],
  joke: [
    'Why did the agent keep a diary? It had lost its context.',
    'I would tell you a joke about forgetting, but I have none left in memory.',
  ],
  bye: [
    'Goodbye{name}. What you told me stays in memory.',
    'See you{name}. I will still know what you told me.',
  ],
  fine: ['Good. What else should I keep in mind?', 'All right{name}.', 'Fine. I am listening.'],
  time: ["I can't see a clock: I am the offline demo model. The clock of this computer knows."],
  kind_words: ['That is kind, thank you{name}.', "Thank you{name}. I'm only a demo, but I take it gladly."],
  unkind_words: [
    "Fair enough{name}: I'm a small demo model, and much is beyond me. Connect a model in the settings for real conversation; what I remember stays.",
    'Sorry{name}. If something in my memory is wrong, tell me "Actually, ..." or correct it in the state pane.',
  ],
  sorry: ['No harm done{name}.', 'Nothing to be sorry for{name}.'],
  mood: [
    'Thank you for telling me{name}. I\'m only a demo and no real company, but I listen. Moods pass, so I did not write it down; say "Remember that ..." if I should.',
    'I hear you{name}. As a small demo model I can\'t do much more than remember. This I did not keep; say "Remember that ..." if I should.',
  ],
  distress: [
    "I'm very sorry that you feel this way{name}. I'm only a small demo program and can't help with this, but people can: please talk to someone you trust, or call your local emergency number or a crisis line now. I wrote nothing down.",
  ],
  not_my_name: [
    'Then what shall I call you? Say "My name is ...". I changed nothing yet.',
    'Good to know. Tell me "My name is ..." and I will correct it; nothing is changed yet.',
  ],
  secret: [
    'I did not write that down: my memory is plain text that anyone at this computer can read. If I should keep it anyway, say "Remember that ...".',
  ],
  task: [
    'That takes a real model, and I am only the offline demo: connect one in the settings and ask again. What I can do now is remember things for you.',
    "I would like to, but as a demo model that follows patterns I can't. Connect a model in the settings for it; I can remember things for you meanwhile.",
  ],
  code: [
    "That looks like code. I am only the offline demo model and can't read or run it, and I saved nothing. Connect a model in the settings for that.",
  ],
  remember_what: [
    'What shall I remember? Say it in one sentence, for example "Remember that the wifi code is tulip-42".',
    'Gladly{name}: what? For example "Remember that my flight is at nine".',
  ],
  forget_what: [
    'What exactly? Say for example "Forget that I like tea", or undo a change where you see it in the talk. Nothing was removed.',
  ],
  will_remember: [
    'What is in my memory stays there, also after a restart, until one of us takes it out. Ask "What do you know about me?" to see it.',
  ],
  birthday: [
    'Happy birthday{name}! I have no calendar, so tell me the date as "My birthday is 3 March" if I should keep it.',
  ],
  unclear: [
    'I am not sure what that says about you, so I saved nothing. If it is your name, say "My name is ...".',
  ],
  signs: [
    'I see, but I only read words. Tell me something about yourself, for example "I like ...".',
    'Nicely put{name}! I can only read words, though: try "What do you know about me?".',
  ],
};

const ONLY_ENGLISH =
  'In English I understand for example "My name is ...", "I like ..." or "Remember that ...". A model you connect in the settings speaks your language.';

/** An answer to another language: its own sentence if there is one, and the first time what is understood in English. */
export function onlyEnglish(answer: string, situation: Situation): string {
  const sentence = answer === '' ? "I'm sorry, I read only English, and nothing was saved." : answer;
  return situation.told.includes(ONLY_ENGLISH) ? sentence : `${sentence} ${ONLY_ENGLISH}`;
}

/** Answers small talk; which phrasing depends on the words and the turn alone. */
export function smallTalk(topic: SmallTalk, situation: Situation): string {
  const agent = agentName(situation);
  return named(pick(SMALL_TALK[topic], situation), situation).replace('{agent}', () =>
    agent === null ? '' : `${agent}, played by `,
  );
}

function agentName(situation: Situation): string | null {
  const persona = situation.blocks.find((block) => block.label.includes('persona'));
  if (persona === undefined) return null;
  for (const line of factLines(persona)) {
    const match = /(?:[Mm]y name is|[Nn]ame:|I am|I['’]m) (\p{Lu}[\p{L}\p{M}]+)/u.exec(line);
    if (match?.[1] !== undefined) return match[1];
  }
  return null;
}

const HONEST_ASKED = [
  "I'm Memoir's built-in demo model: I follow patterns and can't answer that.",
  'That is beyond me: I am only the offline demo model. What I can do is remember.',
] as const;

/** For those who have read what it can do. */
const HONEST_AGAIN = [
  "That one is beyond me, sorry{name}; I kept nothing of it. I'm glad to remember things for you, though.",
  'I have no pattern for that{name}, and I saved nothing. Ask "help" to see what I can do.',
] as const;

const HONEST_TOLD = [
  'I read it, but as the offline demo model I have no pattern for it, and I saved nothing. Say "Remember that ..." if I should keep it, or connect a model in the settings for real conversation.',
  'Thank you for telling me. I am only the demo model and did not understand it well enough to keep it: nothing was saved. Say "Remember that ..." and I file it word for word.',
] as const;

/** Says honestly that this is a demo that follows patterns, and what it can do. */
export function honestAnswer(situation: Situation): string {
  const isTold =
    /^(?:i|i'm|i've|i'd|my|we|our|he|she|it|it's|they|the|this|that|there|you|actually|no|yes)\b[^?]*$/iu.test(
      straighten(situation.said),
    );
  const first = pick(isTold ? HONEST_TOLD : HONEST_ASKED, situation);
  const wasTold = [...HONEST_TOLD, CAN_DO].some((text) => situation.told.includes(text));
  if (!wasTold) return isTold ? first : `${first} ${CAN_DO}`;
  return named(pick(HONEST_AGAIN, situation), situation);
}

function named(text: string, situation: Situation): string {
  const name = nameInBlock(humanBlock(situation.blocks));
  return text.replace('{name}', () => (name === null ? '' : `, ${name}`));
}

function pick(phrasings: readonly string[], situation: Situation): string {
  return phrasings[(numberOf(situation.said) + situation.turn) % phrasings.length] ?? '';
}
