import { findFacts, type Facts } from './facts.ts';
import { keywords, straighten } from './words.ts';

/** What a message wants. */
export type Intent =
  | { readonly kind: 'remember'; readonly text: string }
  | { readonly kind: 'forget'; readonly subject: string }
  | { readonly kind: 'forget_everything' }
  | { readonly kind: 'ask_about_me' }
  | { readonly kind: 'ask_name' }
  | { readonly kind: 'ask_said'; readonly subject: string }
  | { readonly kind: 'question'; readonly words: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'small_talk'; readonly topic: SmallTalk }
  | { readonly kind: 'other' };

/** The small talk it can make. */
export type SmallTalk =
  | 'hello'
  | 'thanks'
  | 'how_are_you'
  | 'who_are_you'
  | 'help'
  | 'joke'
  | 'bye'
  | 'fine'
  | 'time'
  | 'kind_words';

const GREETING =
  /^(?:(?:hi|hiya|hello|hey|good (?:morning|afternoon|evening))(?: there)?[\s,!.:-]+)+(?=\S)/iu;
const REMEMBER =
  /^(?:(?:can|could|will|would) you )?(?:please )?(?:remember|note|keep in mind|don't forget|make a note|save|store)(?: (?:that|this|down))*(?:\s*[:,-]\s*|\s+)(?!me\b|my name\??$|when\b|what\b|how\b)(\S[\s\S]*)$/iu;
const FORGET =
  /^(?:(?:can|could|will|would) you )?(?:please )?(?:forget|erase|delete|remove|stop remembering|don't remember)(?: that| about| what i (?:said|told you) about| what you know about)*\s+(\S[\s\S]*)$/iu;
const EVERYTHING =
  /^(?:everything|all)(?: (?:that )?(?:you know )?(?:about me|i (?:said|told you)))?[\s.!]*$/iu;
const ABOUT_ME =
  /\b(?:what|tell me|show me)\b.*\b(?:know|remember|learned|learnt|stored|memory|memories)\b.*\b(?:me|i am|i'm)\b|^(?:who am i|tell me about me|do you (?:know|remember) me)\b|^what(?:'s| is)? (?:is )?in (?:your|my) memory|^what do you (?:know|remember)\s*\?*$/iu;
const ASK_NAME =
  /\b(?:what(?:'s| is| was)|do you (?:know|remember)|remember|say|tell me)\b[^.?!]{0,20}\bmy name\b/iu;
const ASK_SAID =
  /\b(?:what (?:did|have) (?:i|we|you)|when did (?:i|we)|did (?:i|we)|have (?:i|we)(?: ever)?) (?:say|said|tell(?: you)?|told(?: you)?|mention(?:ed)?|talk(?:ed)?|discuss(?:ed)?|speak|spoken?|write|written)\b\s*(?:about|of|on|to you about|regarding)?\s*([\s\S]*?)[\s?.!]*$/iu;
const QUESTION =
  /\?\s*$|^(?:what|who|where|when|why|how|which|whose|do|does|did|can|could|is|are|was|were|tell me|show me|search|look up|find)\b/iu;

const SMALL_TALK: readonly (readonly [RegExp, SmallTalk])[] = [
  [/\bhow are you\b|\bhow(?:'s| is) it going\b|^how do you do\b|\bwhat's up\b/iu, 'how_are_you'],
  [
    /\bwho are you\b|\bwhat are you\b|\byour name\b|\bare you (?:an? )?(?:ai|bot|robot|real|human|demo|model|llm)\b|\bwhat model\b|\bwhich model\b/iu,
    'who_are_you',
  ],
  [
    /^help\b|\bwhat can (?:you|i) do\b|\bhow does (?:this|it) work\b|\bwhat should i (?:do|try|say)\b/iu,
    'help',
  ],
  [/\bjoke\b/iu, 'joke'],
  [/\bwhat(?:'s| is) the (?:time|date)\b|\bwhat (?:time|day|date) is it\b/iu, 'time'],
  [/^(?:thanks|thank you|thx|cheers|many thanks|great,? thanks?|ok(?:ay)?,? thanks?)\b/iu, 'thanks'],
  [/^(?:bye|goodbye|good night|see you|see ya|later|ciao)\b/iu, 'bye'],
  [
    /^i (?:love|like) (?:you|it|this|that)\b|^(?:well done|good job|you(?:'re| are) (?:great|nice|good|amazing|awesome|the best))\b/iu,
    'kind_words',
  ],
  [
    /^(?:hi|hiya|hello|hey|yo|good (?:morning|afternoon|evening)|greetings|nice to meet you)\b[\s\S]{0,20}$/iu,
    'hello',
  ],
  [
    /^(?:ok|okay|yes|yeah|yep|no|nope|fine|good|great|nice|cool|perfect|sure|right|alright|never ?mind|forget it|wow|ha(?:ha)*|lol)[\s.!]*$/iu,
    'fine',
  ],
];

/** Says what a message wants, by pattern. */
export function readIntent(said: string): Intent {
  const text = straighten(said).trim();
  const offset = straighten(said).indexOf(text) + (GREETING.exec(text)?.[0].length ?? 0);
  const plain = straighten(said).slice(offset).trim();
  return (
    readOrder(plain, said.slice(offset).trim()) ??
    readAsking(plain) ??
    readTelling(said) ??
    readRest(text, plain)
  );
}

/** Remember and forget: told to do something with memory. `original` keeps the person's own characters. */
function readOrder(plain: string, original: string): Intent | null {
  if (/^(?:never ?mind|forget (?:it|that))[\s.!]*$/iu.test(plain))
    return { kind: 'small_talk', topic: 'fine' };
  const remember = REMEMBER.exec(plain);
  if (remember !== null && !/^(?:remember|note)\b[\s\S]*\?\s*$/iu.test(plain)) {
    const text = original.slice(plain.length - (remember[1] ?? '').length);
    const { facts } = findFacts(text);
    if (facts.length === 1 && facts[0]?.kind === 'name') return { kind: 'facts', facts: findFacts(text) };
    return { kind: 'remember', text: text.trim().replace(/(?<=\S)\?$/u, '') };
  }
  const forget = FORGET.exec(plain);
  if (forget === null) return null;
  const subject = original.slice(plain.length - (forget[1] ?? '').length);
  return EVERYTHING.test(straighten(subject)) ? { kind: 'forget_everything' } : { kind: 'forget', subject };
}

function readAsking(plain: string): Intent | null {
  if (ASK_NAME.test(plain)) return { kind: 'ask_name' };
  const said = ASK_SAID.exec(plain);
  if (said !== null) return { kind: 'ask_said', subject: said[1] ?? '' };
  return ABOUT_ME.test(plain) ? { kind: 'ask_about_me' } : null;
}

function readTelling(said: string): Intent | null {
  const facts = findFacts(said);
  return facts.facts.length > 0 ? { kind: 'facts', facts } : null;
}

function readRest(text: string, plain: string): Intent {
  const talk = SMALL_TALK.find(([pattern]) => pattern.test(plain) || pattern.test(text));
  if (talk !== undefined) return { kind: 'small_talk', topic: talk[1] };
  const words = keywords(plain);
  return QUESTION.test(plain) && words.length > 0 ? { kind: 'question', words } : { kind: 'other' };
}
