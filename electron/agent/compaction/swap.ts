import type { Compaction } from '../../../shared/contract/agents.ts';
import type { Summary, SummaryStats } from '../../../shared/contract/summaries.ts';
import type { Clock } from '../../store/clock.ts';
import { writeMemorySnapshot } from '../../store/conversations.ts';
import type { Write } from '../../store/database.ts';
import { toJson } from '../../store/encoding.ts';
import { findSummary, insertSummary, type SummaryRecord } from '../../store/summaries.ts';
import {
  insertWindowEntry,
  listWindow,
  listWindowBlocks,
  removeMemoryDeltas,
  removeWindowEntries,
  shortenWindowEntry,
  type WindowItem,
} from '../../store/window.ts';
import { takeSnapshot } from '../memory-view.ts';
import { planRequest, type PlanInput } from '../plan.ts';
import { sumUpByQuoting } from './fallback.ts';
import { endsWithResults, noteOnLastStep } from './last-step.ts';
import { INNER_TOKENS } from './plan.ts';
import type { PreparedCompaction } from './fit.ts';
import { summaryHead } from './prompt.ts';
import type { WrittenSummary } from './summarise.ts';

/** What the swap of a window writes. */
export type SwapWork = {
  readonly input: PlanInput;
  readonly prepared: PreparedCompaction;
  /** `null` when nothing leaves from the front. */
  readonly written: WrittenSummary | null;
  readonly mode: Compaction['mode'];
  readonly trigger: SummaryStats['trigger'];
  readonly run_id: string | null;
  readonly clock: Clock;
};

/** What became of a swapped window. */
export type Swapped = { readonly summary: SummaryRecord | null; readonly tokens_after: number };

/**
 * Swaps what leaves the window for its summary, in the given transaction. `null`, and nothing written, when what was to
 * leave is no longer there as it was planned.
 */
export async function swapWindow(tx: Write, work: SwapWork): Promise<Swapped | null> {
  const { input, prepared } = work;
  const { plan } = prepared;
  const { conversation_id } = input;
  const now = await listWindow(tx, conversation_id);
  if (!isAsPlanned(now, prepared)) return null;
  await removeWindowEntries(
    tx,
    conversation_id,
    [...plan.evicted, ...plan.inner].map((item) => item.ord),
  );
  await removeMemoryDeltas(tx, conversation_id);
  for (const item of plan.shortened) {
    if (item.kind !== 'message' || item.short === null) continue;
    await shortenWindowEntry(tx, { conversation_id, ord: item.ord, text: item.short });
  }
  const front = await putSummary(tx, work, { items: plan.evicted, written: work.written });
  const inner = await putSummary(tx, work, { items: plan.inner, written: quoted(plan) });
  const snapshot = takeSnapshot(await listWindowBlocks(tx, input.agent.id), input.now);
  const { window } = prepared.planned.budget;
  await writeMemorySnapshot(tx, conversation_id, toJson({ ...snapshot, window }));
  const after = await planRequest(tx, input);
  const summary = front ?? inner;
  for (const made of [front, inner]) {
    if (made === null) continue;
    const messages_after = after.entries.filter((item) => item.kind === 'message').length;
    const stats = { ...made.stats, tokens_after: after.context.used, messages_after };
    await insertSummary(tx, { ...made, stats });
  }
  return { summary, tokens_after: after.context.used };
}

function isAsPlanned(now: readonly WindowItem[], { plan }: PreparedCompaction): boolean {
  const present = new Map(now.map((item) => [item.ord, item]));
  const touched = [...plan.evicted, ...plan.inner, ...plan.shortened];
  const planned = new Set([...plan.evicted].map((item) => item.ord));
  const last = plan.evicted.at(-1)?.ord ?? -1;
  const is_whole = now.every(
    (item) => item.ord > last || planned.has(item.ord) || item.kind === 'memory_delta',
  );
  return is_whole && touched.every((item) => refOf(present.get(item.ord)) === refOf(item));
}

function refOf(item: WindowItem | undefined): string {
  if (item === undefined) return '';
  return `${item.kind} ${item.kind === 'message' ? item.message.id : item.ref}`;
}

function quoted({ inner, kept }: PreparedCompaction['plan']): WrittenSummary {
  const fallback = 'Steps of a turn that alone did not fit the window.';
  const last = inner.at(-1)?.ord ?? 0;
  const is_last = !kept.some((item) => item.kind === 'message' && item.ord > last);
  const most = INNER_TOKENS - 60;
  const text = is_last && endsWithResults(inner) ? noteOnLastStep(inner, most) : sumUpByQuoting(inner, most);
  return { text, model: null, prompt_hash: null, fallback, calls: [] };
}

async function putSummary(
  tx: Write,
  { input, prepared, mode, trigger, run_id, clock }: SwapWork,
  { items, written }: { readonly items: readonly WindowItem[]; readonly written: WrittenSummary | null },
): Promise<SummaryRecord | null> {
  const last = items.at(-1);
  if (written === null || last === undefined) return null;
  const { from, to, parent_id } = await rangeOf(tx, items);
  if (from > to) return null;
  const id = clock.newId('summary');
  await insertWindowEntry(tx, input.conversation_id, {
    ord: last.ord,
    kind: 'summary',
    ref: id,
    text: `${summaryHead(to - from + 1)}\n\n${written.text}`,
  });
  const { entries, budget } = prepared.planned;
  return {
    id,
    conversation_id: input.conversation_id,
    text: written.text,
    covers_from_seq: from,
    covers_to_seq: to,
    parent_id,
    model: written.model,
    mode,
    stats: {
      trigger,
      tokens_before: prepared.tokens_before,
      tokens_after: 0,
      messages_before: entries.filter((item) => item.kind === 'message').length,
      messages_after: 0,
      window: budget.window,
      fallback: written.fallback,
    },
    run_id,
    created_at: input.now,
    prompt_hash: written.prompt_hash,
  };
}

type Range = { readonly from: number; readonly to: number; readonly parent_id: string | null };

/** What a summary of these entries stands for, with the summaries it absorbs. */
async function rangeOf(tx: Write, items: readonly WindowItem[]): Promise<Range> {
  let range: Range = { from: Infinity, to: 0, parent_id: null };
  for (const item of items) {
    if (item.kind === 'message') {
      const { seq } = item.message;
      range = { ...range, from: Math.min(range.from, seq), to: Math.max(range.to, seq) };
    } else if (item.kind === 'summary') {
      const absorbed = await findSummary(tx, item.ref);
      if (absorbed === null) continue;
      range = {
        from: Math.min(range.from, absorbed.covers_from_seq),
        to: Math.max(range.to, absorbed.covers_to_seq),
        // The oldest one: what lay between it and the others comes back as messages.
        parent_id: range.parent_id ?? absorbed.id,
      };
    }
  }
  return range;
}

/** A summary just made, as callers see it. */
export function shownSummary({ prompt_hash: _hash, ...summary }: SummaryRecord): Summary {
  return { ...summary, in_window: true };
}
