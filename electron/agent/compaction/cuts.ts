import type { WindowItem } from '../../store/window.ts';

/** Where a window may be cut: a cut of `n` takes the first `n` entries away. */
export type Cuts = {
  /** Places that part no call from its result, rising, 0 and the whole length included. */
  readonly allowed: readonly number[];
  /** Those of them at which a person speaks next. */
  readonly turns: readonly number[];
};

/** Finds where a window may be cut. */
export function findCuts(items: readonly WindowItem[]): Cuts {
  const held = holdResults(items);
  const allowed: number[] = [];
  const turns: number[] = [];
  let open = 0;
  for (let cut = 0; cut <= items.length; cut += 1) {
    open += held[cut] ?? 0;
    if (open > 0) continue;
    allowed.push(cut);
    if (speaks(items[cut])) turns.push(cut);
  }
  return { allowed, turns };
}

// At each place, by how many the pairs of call and result that reach over it grow or shrink.
function holdResults(items: readonly WindowItem[]): Int32Array {
  const held = new Int32Array(items.length + 2);
  const calls = new Map<string, number>();
  for (const [at, item] of items.entries()) {
    if (item.kind !== 'message') continue;
    for (const call of item.message.tool_calls) calls.set(call.tool_call_id, at);
    if (item.message.role !== 'tool') continue;
    const called = calls.get(item.message.tool_call_id ?? '');
    if (called === undefined) continue;
    held[called + 1] = (held[called + 1] ?? 0) + 1;
    held[at + 1] = (held[at + 1] ?? 0) - 1;
  }
  return held;
}

/** Whether an entry is what a person, or a program for one, said. */
export function speaks(item: WindowItem | undefined): boolean {
  return item?.kind === 'message' && (item.message.role === 'user' || item.message.role === 'system');
}

/** Where the open turn begins: at the first of the things said last. Everything is open when nothing was said. */
export function startOfTurn(items: readonly WindowItem[]): number {
  let at = items.findLastIndex(speaks);
  if (at === -1) return 0;
  while (at > 0 && !answers(items[at - 1])) at -= 1;
  while (at < items.length && !speaks(items[at])) at += 1;
  return at;
}

function answers(item: WindowItem | undefined): boolean {
  return (
    item?.kind === 'summary' ||
    (item?.kind === 'message' && (item.message.role === 'assistant' || item.message.role === 'tool'))
  );
}

/** Whether a talk waits for an answer: it does not end with a whole one. */
export function isOpen(items: readonly WindowItem[]): boolean {
  const last = items.findLast((item) => item.kind === 'message')?.message;
  if (last === undefined) return false;
  return last.role !== 'assistant' || last.tool_calls.length > 0 || last.status === 'interrupted';
}
