import type { WindowItem } from '../../store/window.ts';
import { tokensOfItem, tokensOfItems } from '../window-size.ts';
import type { Budget } from './budget.ts';
import { type Cuts, findCuts, speaks, startOfTurn } from './cuts.ts';
import { endsWithResults } from './last-step.ts';
import { stubbed } from './stub.ts';

/** What a compaction is planned from. */
export type PlanFacts = {
  readonly items: readonly WindowItem[];
  /** Tokens of system prompt, tools and memory. */
  readonly floor: number;
  readonly budget: Budget;
  /** Whether everything but the open turn goes. */
  readonly all: boolean;
  /** Share of the messages that goes at least. */
  readonly share: number;
  /** Whether the last turn waits for its answer. */
  readonly is_open: boolean;
  /** Whether the agent has the tool that reads shortened results again. */
  readonly can_search: boolean;
};

/** What a compaction takes out of a window. */
export type CompactionPlan = {
  /** Entries from the front that a summary takes the place of. */
  readonly evicted: readonly WindowItem[];
  /** Steps inside of the open turn that a note takes the place of, because they alone do not fit. */
  readonly inner: readonly WindowItem[];
  /** Results that are shown shortened, with their new words. */
  readonly shortened: readonly WindowItem[];
  /** What stays, shortened results included; the summary comes before it. */
  readonly kept: readonly WindowItem[];
  /** The longest the summary may be, in tokens. */
  readonly summary_tokens: number;
  readonly tokens_before: number;
  /** With the summary at its longest. */
  readonly tokens_after: number;
};

const SMALLEST_SUMMARY = 60;
// So much more of the window may go for a cut between turns.
const TURN_SHARE = 0.1;
/** The longest the note for steps inside of the open turn may be, in tokens. */
export const INNER_TOKENS = 200;
/** What stands around the summary in the request, in tokens. */
export const AROUND_SUMMARY = 90;

/**
 * Plans a compaction: the oldest part goes, at turns where it can, never between a call and its result; of the open turn
 * first long results are shortened, then words said before the last ones go, then its older steps. Pure.
 */
export function planCompaction(facts: PlanFacts): CompactionPlan {
  const { items, floor } = facts;
  const cuts = findCuts(items);
  const sums = addUp(items);
  const draft: Draft = { facts, sums, cut: chooseCut(facts, cuts, sums), kept: [], inner: [] };
  const whole: Draft = { ...draft, kept: items.slice(draft.cut) };
  const fitted = facts.is_open ? fitOpenTurn(whole, cuts) : whole;
  const before = new Map(items.map((item) => [item.ord, item]));
  return {
    evicted: items.slice(0, fitted.cut),
    inner: fitted.inner,
    shortened: fitted.kept.filter((item) => before.get(item.ord) !== item),
    kept: fitted.kept,
    summary_tokens: summaryTokens(facts.budget, sums.tokens[fitted.cut] ?? 0),
    tokens_before: floor + (sums.tokens.at(-1) ?? 0),
    tokens_after: sizeOf(fitted),
  };
}

/** What is in front of each place: tokens and messages. */
type Sums = { readonly tokens: readonly number[]; readonly messages: readonly number[] };

function addUp(items: readonly WindowItem[]): Sums {
  const tokens = [0];
  const messages = [0];
  for (const [at, item] of items.entries()) {
    tokens.push((tokens[at] ?? 0) + tokensOfItem(item));
    messages.push((messages[at] ?? 0) + (item.kind === 'message' ? 1 : 0));
  }
  return { tokens, messages };
}

/** The longest a summary of so many tokens may be: it must be shorter than what it stands for. */
function summaryTokens(budget: Budget, tokens: number): number {
  return Math.max(SMALLEST_SUMMARY, Math.min(budget.summary, Math.floor(tokens * 0.7) - AROUND_SUMMARY));
}

type Draft = {
  readonly facts: PlanFacts;
  readonly sums: Sums;
  readonly cut: number;
  readonly kept: readonly WindowItem[];
  readonly inner: readonly WindowItem[];
};

function sizeOf({ facts, sums, cut, kept, inner }: Draft): number {
  const summary = cut === 0 ? 0 : summaryTokens(facts.budget, sums.tokens[cut] ?? 0) + AROUND_SUMMARY;
  return facts.floor + summary + (inner.length === 0 ? 0 : INNER_TOKENS) + tokensOfItems(kept);
}

function chooseCut(facts: PlanFacts, cuts: Cuts, sums: Sums): number {
  const { items, is_open, all } = facts;
  const last_turn = startOfTurn(items);
  const farthest = is_open ? last_turn : items.length;
  const places = cuts.allowed.filter((cut) => cut <= farthest && saves(sums, cut));
  if (all) return at(places, places.length - 1);
  const fits = (cut: number): boolean => comesDown(facts, sums, cut);
  const wanted = at(sums.messages, items.length) * facts.share;
  const is_enough = (cut: number): boolean => at(sums.messages, cut) >= wanted && fits(cut);
  const before = places.filter((cut) => cut <= last_turn);
  const by_message = before.find(is_enough);
  if (by_message === undefined) {
    // Of a talk that rests, the last turn stays unless it is too long itself.
    const last = at(before, before.length - 1);
    return is_open || fits(last) ? last : (places.find(fits) ?? at(places, places.length - 1));
  }
  // A long turn that is over is cut inside, rather than go as a whole.
  const by_turn = cuts.turns.find((cut) => cut >= by_message && cut <= last_turn) ?? by_message;
  const more = at(sums.tokens, by_turn) - at(sums.tokens, by_message);
  return more <= facts.budget.window * TURN_SHARE ? by_turn : by_message;
}

function comesDown({ items, floor, budget }: PlanFacts, sums: Sums, cut: number): boolean {
  const gone = at(sums.tokens, cut);
  const summary = cut === 0 ? 0 : summaryTokens(budget, gone) + AROUND_SUMMARY;
  return floor + summary + at(sums.tokens, items.length) - gone <= budget.target;
}

function at(figures: readonly number[], place: number): number {
  return figures[place] ?? 0;
}

// A summary in place of another summary alone would lose words for nothing.
function saves({ tokens, messages }: Sums, cut: number): boolean {
  return (messages[cut] ?? 0) > 0 && (tokens[cut] ?? 0) > (SMALLEST_SUMMARY + AROUND_SUMMARY) * 1.5;
}

function fitOpenTurn(draft: Draft, cuts: Cuts): Draft {
  const { target, most } = draft.facts.budget;
  const newest = draft.kept.findLastIndex(
    (item) => item.kind === 'message' && item.message.role === 'assistant',
  );
  const ways: ((from: Draft) => Draft)[] = [
    (from) => shortenUntil(from, target, (at) => at < newest),
    (from) => (sizeOf(from) <= most ? from : shortenUntil(from, most, () => true)),
    (from) => (sizeOf(from) <= most ? from : dropEarlierWords(from, cuts)),
    (from) => (sizeOf(from) <= most ? from : dropSteps(from, cuts)),
    (from) => (sizeOf(from) <= most ? from : dropLastStep(from, cuts)),
  ];
  return ways.reduce((from, way) => way(from), draft);
}

function shortenUntil(draft: Draft, limit: number, may: (at: number) => boolean): Draft {
  let size = sizeOf(draft);
  const kept = draft.kept.map((item, at) => {
    if (size <= limit || !may(at)) return item;
    const short = stubbed(item, draft.facts.can_search);
    size -= tokensOfItem(item) - tokensOfItem(short);
    return short;
  });
  return { ...draft, kept };
}

// What was said and never answered, before the last words: too long itself, it would keep every later turn from fitting.
function dropEarlierWords(draft: Draft, { allowed }: Cuts): Draft {
  const last = draft.facts.items.findLastIndex(speaks);
  if (last <= draft.cut || !allowed.includes(last)) return draft;
  return { ...draft, cut: last, kept: draft.kept.slice(last - draft.cut) };
}

function dropSteps(draft: Draft, cuts: Cuts): Draft {
  const { items } = draft.facts;
  return dropUntil(
    draft,
    cuts,
    cuts.allowed.findLast((place) => place < items.length),
  );
}

// Many calls at once, or one with very long arguments: kept, it would fail its turn and every try to resume it.
function dropLastStep(draft: Draft, cuts: Cuts): Draft {
  const { items } = draft.facts;
  const end = items.findLastIndex((item) => item.kind === 'message') + 1;
  const is_whole = endsWithResults(items.slice(0, end));
  const dropped = is_whole && cuts.allowed.includes(end) ? dropUntil(draft, cuts, end) : draft;
  return sizeOf(dropped) < sizeOf(draft) ? dropped : draft;
}

function dropUntil(draft: Draft, cuts: Cuts, kept_from: number | undefined): Draft {
  const { items } = draft.facts;
  const from = items.findLastIndex(speaks) + 1;
  if (kept_from === undefined || kept_from <= from || !cuts.allowed.includes(from)) return draft;
  const inner = items.slice(from, kept_from);
  if (tokensOfItems(inner) <= INNER_TOKENS) return draft;
  const start = draft.kept.slice(0, from - draft.cut);
  return { ...draft, inner, kept: [...start, ...draft.kept.slice(kept_from - draft.cut)] };
}
