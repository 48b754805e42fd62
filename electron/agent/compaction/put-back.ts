import { AppError } from '../../../shared/errors.ts';
import { formatCount } from '../../memory/text.ts';
import { readMemorySnapshot } from '../../store/conversations.ts';
import type { Read, Write } from '../../store/database.ts';
import { fromJson } from '../../store/encoding.ts';
import { findSummary, type SummaryRecord } from '../../store/summaries.ts';
import { listWindowMessages, measureMessages } from '../../store/window-history.ts';
import { listWindow, type WindowItem, writeWindow } from '../../store/window.ts';
import type { WindowMessage } from '../../store/window-messages.ts';
import type { MemorySnapshot } from '../memory-view.ts';
import { planRequest, type PlanInput } from '../plan.ts';
import { tokensOfItems } from '../window-size.ts';
import { findCuts } from './cuts.ts';
import { floorProblem } from './fit.ts';
import { summaryHead } from './prompt.ts';

/** A window with more history in it than before. */
export type FullerWindow = { readonly items: readonly WindowItem[]; readonly messages: number };

/**
 * Says how a window looks with history put back up to its target; `null` when none is. History comes back once a window
 * has grown since the talk was last fitted to one, or when it never was: after an import, a fork, an update.
 */
export async function moreHistory(db: Read, input: PlanInput): Promise<FullerWindow | null> {
  const kept = await readMemorySnapshot(db, input.conversation_id);
  const fitted = kept === null ? undefined : fromJson<MemorySnapshot>(kept).window;
  const planned = await planIfGrown(db, input, fitted);
  if (planned === null) return null;
  let items = await listWindow(db, input.conversation_id);
  const before = countMessages(items);
  let room = planned.budget.target - planned.context.used;
  for (;;) {
    const fuller = await oneMore(db, input.conversation_id, items, room);
    if (fuller === null) break;
    room -= tokensOfItems(fuller) - tokensOfItems(items);
    items = [...fuller];
  }
  const messages = countMessages(items) - before;
  return messages === 0 ? null : { items, messages };
}

async function planIfGrown(db: Read, input: PlanInput, fitted: number | undefined) {
  if ((input.held ?? null) !== null) return null;
  const limit = input.agent.context_window_limit ?? input.model.context_window;
  if (fitted !== undefined && Math.min(limit, input.model.context_window) <= fitted) return null;
  const planned = await planRequest(db, input);
  return floorProblem(planned) === null ? planned : null;
}

/** Puts history back into a window that has grown. Answers how many messages came. */
export async function putBackHistory(tx: Write, input: PlanInput): Promise<number> {
  const fuller = await moreHistory(tx, input);
  if (fuller === null) return 0;
  await keepWindow(tx, input.conversation_id, fuller.items);
  return fuller.messages;
}

/**
 * Takes a summary out of the window and puts its messages back, the summary it had absorbed before them. Throws
 * `conflict` when the model does not see that summary, `limit_exceeded` with the numbers when they do not fit.
 */
export async function expandSummary(
  tx: Write,
  input: PlanInput,
  summary: SummaryRecord,
): Promise<{ messages: number; tokens_before: number; tokens_after: number }> {
  const items = await listWindow(tx, input.conversation_id);
  const planned = await planRequest(tx, input);
  const { used } = planned.context;
  const range = await ownRange(tx, summary);
  const { messages, tokens } = await measureMessages(tx, range);
  if (!items.some((item) => item.kind === 'summary' && item.ref === summary.id)) {
    throw new AppError('conflict', 'The model does not see this summary: another took its place.', {
      details: { summary_id: summary.id },
    });
  }
  const { trigger, window } = planned.budget;
  const tooMuch = (after: number): AppError =>
    new AppError(
      'limit_exceeded',
      `These ${formatCount(messages)} messages would make about ${formatCount(after)} tokens; a window of ` +
        `${formatCount(window)} takes ${formatCount(trigger)} before it is compacted again. Nothing was changed.`,
      { details: { messages, tokens_before: used, tokens_after: after, trigger, window } },
    );
  if (used + tokens > trigger) throw tooMuch(used + tokens);
  const fuller = await expanded(tx, items, summary);
  const after = used + tokensOfItems(fuller) - tokensOfItems(items);
  if (after > trigger) throw tooMuch(after);
  await keepWindow(tx, input.conversation_id, fuller);
  return { messages, tokens_before: used, tokens_after: after };
}

async function keepWindow(tx: Write, conversation_id: string, items: readonly WindowItem[]): Promise<void> {
  await writeWindow(
    tx,
    conversation_id,
    items.map((item, index) => {
      const ord = index + 1;
      if (item.kind === 'message') return { ord, kind: item.kind, ref: item.message.id, text: item.short };
      if (item.kind === 'missing') return { ord, kind: 'message' as const, ref: item.ref, text: null };
      return { ord, kind: item.kind, ref: item.ref, text: item.text };
    }),
  );
}

/** The window with its first summary opened, or with the turns before it; `null` when that is more than fits. */
async function oneMore(
  db: Read,
  conversation_id: string,
  items: readonly WindowItem[],
  room: number,
): Promise<readonly WindowItem[] | null> {
  const first = items.find((item) => item.kind === 'summary' || item.kind === 'message');
  if (first === undefined) return null;
  const fuller =
    first.kind === 'summary'
      ? await openSummary(db, items, { summary_id: first.ref, room })
      : await addTurns(db, items, { conversation_id, before_seq: seqOf(first), room });
  if (fuller === null || tokensOfItems(fuller) - tokensOfItems(items) > room) return null;
  return fuller;
}

async function openSummary(
  db: Read,
  items: readonly WindowItem[],
  { summary_id, room }: { readonly summary_id: string; readonly room: number },
): Promise<readonly WindowItem[] | null> {
  const summary = await findSummary(db, summary_id);
  if (summary === null) return null;
  const { tokens } = await measureMessages(db, await ownRange(db, summary));
  return tokens > room + tokensOfItems(items) ? null : expanded(db, items, summary);
}

const TURNS_AT_ONCE = 60;

async function addTurns(
  db: Read,
  items: readonly WindowItem[],
  { conversation_id, before_seq, room }: { conversation_id: string; before_seq: number; room: number },
): Promise<readonly WindowItem[] | null> {
  const range = { conversation_id, from_seq: 1, to_seq: before_seq - 1 };
  const older = (await listWindowMessages(db, range, TURNS_AT_ONCE)).map(asItem);
  const is_all = older.length < TURNS_AT_ONCE;
  const { allowed, turns } = findCuts(older);
  const starts = is_all ? [0, ...turns] : turns;
  // Turns come back whole; one that fills a page comes in parts.
  for (const start of starts.length > 0 ? starts : allowed.slice(1, -1)) {
    const added = older.slice(start);
    if (added.length > 0 && tokensOfItems(added) <= room) return [...added, ...items];
  }
  return null;
}

async function expanded(
  db: Read,
  items: readonly WindowItem[],
  summary: SummaryRecord,
): Promise<readonly WindowItem[]> {
  const range = await ownRange(db, summary);
  const messages = (await listWindowMessages(db, range, Number.MAX_SAFE_INTEGER)).map(asItem);
  const shown = new Set(items.flatMap((item) => (item.kind === 'message' ? [item.message.id] : [])));
  const back = messages.filter((item) => item.kind !== 'message' || !shown.has(item.message.id));
  const parent = summary.parent_id === null ? null : await findSummary(db, summary.parent_id);
  const before: WindowItem[] = parent === null ? [] : [summaryItem(parent)];
  return items.flatMap((item) =>
    item.kind === 'summary' && item.ref === summary.id ? [...before, ...back] : [item],
  );
}

/** What a summary stands for without the one it absorbed. */
async function ownRange(
  db: Read,
  { conversation_id, covers_from_seq, covers_to_seq, parent_id }: SummaryRecord,
) {
  const parent = parent_id === null ? null : await findSummary(db, parent_id);
  const from_seq = parent === null ? covers_from_seq : parent.covers_to_seq + 1;
  return { conversation_id, from_seq, to_seq: covers_to_seq };
}

function summaryItem(summary: SummaryRecord): WindowItem {
  const hidden = summary.covers_to_seq - summary.covers_from_seq + 1;
  const text = `${summaryHead(hidden)}\n\n${summary.text}`;
  return { ord: 0, kind: 'summary', ref: summary.id, text };
}

function asItem(message: WindowMessage): WindowItem {
  return { ord: 0, kind: 'message', message, short: null };
}

function seqOf(item: WindowItem): number {
  return item.kind === 'message' ? item.message.seq : 1;
}

function countMessages(items: readonly WindowItem[]): number {
  return items.filter((item) => item.kind === 'message').length;
}
