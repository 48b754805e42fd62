import { type Correction, readCorrection } from './corrections.ts';
import { findFacts, type Facts, withoutOpening } from './facts.ts';
import { answerInLanguage } from './languages.ts';
import { readSmallTalk, type SmallTalk } from './small-talk.ts';
import { keywords, straighten, withApostrophes } from './words.ts';

/** What a message wants. */
export type Intent =
  | { readonly kind: 'remember'; readonly text: string }
  /** `subject` is `null` for everything about the person. */
  | { readonly kind: 'forget'; readonly subject: string | null }
  | { readonly kind: 'ask_about_me' }
  | { readonly kind: 'ask_name' }
  | { readonly kind: 'ask_said'; readonly subject: string }
  | { readonly kind: 'question'; readonly words: readonly string[] }
  | { readonly kind: 'facts'; readonly facts: Facts }
  | { readonly kind: 'correction'; readonly correction: Correction }
  | { readonly kind: 'small_talk'; readonly topic: SmallTalk }
  | { readonly kind: 'other_language'; readonly answer: string }
  | { readonly kind: 'other' };

const GREETING =
  /^(?:(?:hi|hiya|hello|hey|good (?:morning|afternoon|evening))(?: there)?[\s,!.:\p{Extended_Pictographic}\u{FE0F}-]+)+(?=\S)/iu;
const REMEMBER =
  /^(?:(?:can|could|will|would) you )?(?:please )?(?:remember|note(?: to self)?|keep in mind|don't forget|make a note|save|store)(?: (?:that|this|down))*(?:\s*[:,-]\s*|\s+)(?:to (?=\w+ ))?(?!me\b|my name\??$|when\b|what\b|how\b)(\S[\s\S]*)$/iu;
const FORGET =
  /^(?:(?:can|could|will|would) you )?(?:please )?(?:forget|erase|delete|remove|stop remembering|don't remember)(?: that| about| what i (?:said|told you) about| what you know about)*\s+(\S[\s\S]*)$/iu;
const FORGET_WHAT =
  /^(?:please )?(?:forget|don't remember|erase|delete|remove)(?: about)?(?: (?:it|that|this|something|what i (?:just )?(?:said|told you)))?[\s.!]*$/iu;
const EVERYTHING =
  /^(?:everything|all|me|about me|all about me)(?: (?:that )?(?:you know )?(?:about me|i (?:said|told you)))?[\s.!?]*$/iu;
const ABOUT_ME =
  /\b(?:what|tell me|show me)\b.*\b(?:know|remember|learned|learnt|stored|memory|memories)\b.*\b(?:me|i am|i'm)\b|^(?:who am i|tell me about me|do you (?:know|remember) me)\b|^what(?:'s| is)? (?:is )?in (?:your|my) memory|\b(?:show|list|read)(?: me)?(?: all)?(?: of)? (?:my|your|the) memor(?:y|ies)\b|^what do you (?:know|remember)\s*\?*$/iu;
const ASK_NAME =
  /\b(?:what(?:'s| is| was)|do you (?:know|remember)|remember|say|tell me)\b[^.?!]{0,20}\bmy name\b/iu;
const ASK_SAID =
  /\b(?:what (?:did|have) (?:i|we|you)|when did (?:i|we)|did (?:i|we)|have (?:i|we)(?: ever)?) (?:say|said|tell(?: you)?|told(?: you)?|mention(?:ed)?|talk(?:ed)?|discuss(?:ed)?|speak|spoken?|write|written)\b\s*(?:about|of|on|to you about|regarding)?\s*([\s\S]*?)[\s?.!]*$/iu;
const QUESTION =
  /\?\s*$|^(?:what|who|where|when|why|how|which|whose|do|does|did|can|could|is|are|was|were|tell me|show me|search|look up|find)\b/iu;

/** Says what a message wants, by pattern. `expects_name`: the person was asked for their name just before. */
export function readIntent(said: string, expects_name = false): Intent {
  const text = straighten(said).trim();
  const offset = straighten(said).indexOf(text) + (GREETING.exec(text)?.[0].length ?? 0);
  const plain = straighten(said).slice(offset).trim();
  return (
    readBareOrder(plain) ??
    readOrder(plain, said.slice(offset).trim()) ??
    readAsking(withApostrophes(plain)) ??
    readTelling(withApostrophes(said), expects_name) ??
    readCorrecting(said) ??
    readRest(withApostrophes(text), withApostrophes(plain))
  );
}

const REMEMBER_WHAT = /^(?:please )?remember(?: (?:this|that|it|me|something))?[\s.!]*$/iu;
/** Asked what it is able to do, rather than told to do it. */
const ABLE_TO_REMEMBER =
  /^(?:can|could|will|would|do|are) you (?:really |also |still |able to )*(?:remember|note|save|store|keep)(?: (?:things|stuff|facts|something|anything|everything|much|a lot|what i (?:say|tell you)|for me|about me|down|long))*[\s?.!]*$/iu;
/** "Can you remember my birthday?" asks for it; with "that", "to" or a verb it would be told. */
const ASKS_BACK =
  /^(?:can|could|do|did) you remember (?!(?:that|to|this|me|us)\b)(?!.*\b(?:is|are|was|has|have)\b)\S[^:]*\?$/iu;

/** Told to remember or forget without being told what. */
function readBareOrder(plain: string): Intent | null {
  if (/^never ?mind[\s.!]*$/iu.test(plain)) return { kind: 'small_talk', topic: 'fine' };
  if (FORGET_WHAT.test(plain)) return { kind: 'small_talk', topic: 'forget_what' };
  if (ABLE_TO_REMEMBER.test(plain)) return { kind: 'small_talk', topic: 'will_remember' };
  if (ASKS_BACK.test(plain)) return { kind: 'question', words: keywords(plain) };
  return REMEMBER_WHAT.test(plain) ? { kind: 'small_talk', topic: 'remember_what' } : null;
}

/** Remember and forget: told to do something with memory. `original` keeps the person's own characters. */
function readOrder(plain: string, original: string): Intent | null {
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
  return { kind: 'forget', subject: EVERYTHING.test(straighten(subject)) ? null : subject };
}

function readAsking(plain: string): Intent | null {
  if (ASK_NAME.test(plain)) return { kind: 'ask_name' };
  const said = ASK_SAID.exec(plain);
  if (said !== null) return { kind: 'ask_said', subject: said[1] ?? '' };
  return ABOUT_ME.test(plain) ? { kind: 'ask_about_me' } : null;
}

function readTelling(said: string, expects_name: boolean): Intent | null {
  const facts = findFacts(said, expects_name);
  return facts.facts.length > 0 ? { kind: 'facts', facts } : null;
}

/** What stands after "actually" or "no", about something that was kept. */
function readCorrecting(said: string): Intent | null {
  const { correcting, text } = withoutOpening(withApostrophes(said));
  const correction = correcting && !QUESTION.test(text) ? readCorrection(text) : null;
  return correction === null ? null : { kind: 'correction', correction };
}

function readRest(text: string, plain: string): Intent {
  // Letters and digits are what it can read.
  const isSigns = text !== '' && !/[\p{L}\p{N}]/u.test(text);
  const rest = withoutOpening(plain).text;
  const topic = isSigns
    ? 'signs'
    : (readSmallTalk(plain) ?? readSmallTalk(text) ?? (rest === '' ? null : readSmallTalk(rest)));
  if (topic !== null) return { kind: 'small_talk', topic };
  const answer = answerInLanguage(text);
  if (answer !== null) return { kind: 'other_language', answer };
  const words = keywords(plain);
  return QUESTION.test(plain) && words.length > 0 ? { kind: 'question', words } : { kind: 'other' };
}
