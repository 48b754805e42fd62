import type { Facts } from './facts.ts';
import type { SmallTalk } from './intents.ts';
import { factLines, humanBlock, nameInBlock } from './memory-text.ts';
import type { Situation } from './situation.ts';
import { numberOf } from './words.ts';

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
};

/** Answers small talk; which phrasing depends on the words and the turn alone. */
export function smallTalk(topic: SmallTalk, situation: Situation): string {
  const name = nameInBlock(humanBlock(situation.blocks));
  const agent = agentName(situation);
  return pick(SMALL_TALK[topic], situation)
    .replace('{name}', () => (name === null ? '' : `, ${name}`))
    .replace('{agent}', () => (agent === null ? '' : `${agent}, played by `));
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

const HONEST = [
  `I'm Memoir's built-in demo model: I follow patterns and can't answer that. ${CAN_DO}`,
  `That is beyond me: I am only the offline demo model. What I can do is remember. ${CAN_DO}`,
  'I read it, but as the offline demo model I have no pattern for it, and I saved nothing. Say "Remember that ..." if I should keep it, or connect a model in the settings for real conversation.',
] as const;

/** Says honestly that this is a demo that follows patterns, and what it can do. */
export function honestAnswer(situation: Situation): string {
  return pick(HONEST, situation);
}

function pick(phrasings: readonly string[], situation: Situation): string {
  return phrasings[(numberOf(situation.said) + situation.turn) % phrasings.length] ?? '';
}
