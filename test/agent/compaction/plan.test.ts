import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { shareWindow } from '../../../electron/agent/compaction/budget.ts';
import { isOpen, startOfTurn } from '../../../electron/agent/compaction/cuts.ts';
import { type CompactionPlan, planCompaction } from '../../../electron/agent/compaction/plan.ts';
import { tokensOfItem, tokensOfItems } from '../../../electron/agent/window-size.ts';
import type { WindowItem } from '../../../electron/store/window.ts';
import { type Part, windowOf } from './window-items.ts';

const PLAIN = { max_output_tokens: null, thinking_budget: null };
const FLOOR = 1500;

function plan(
  items: readonly WindowItem[],
  options: { window?: number; all?: boolean; share?: number } = {},
) {
  return planCompaction({
    items,
    floor: FLOOR,
    budget: shareWindow(options.window ?? 8192, PLAIN),
    all: options.all ?? false,
    share: options.share ?? 0.3,
    is_open: isOpen(items),
    can_search: true,
  });
}

const turns = (count: number, chars: number): Part[] =>
  Array.from({ length: count }).flatMap((): Part[] => [
    { kind: 'user', chars },
    { kind: 'answer', chars },
  ]);

/** The parts of a talk, what a person says last included. */
const talk: fc.Arbitrary<Part[]> = fc
  .tuple(
    fc.array(
      fc.oneof(
        fc.record({ kind: fc.constant('user' as const), chars: fc.integer({ min: 1, max: 3000 }) }),
        fc.record({ kind: fc.constant('answer' as const), chars: fc.integer({ min: 1, max: 3000 }) }),
        fc.record({ kind: fc.constant('note' as const), chars: fc.integer({ min: 1, max: 300 }) }),
        fc.record({
          kind: fc.constant('calls' as const),
          chars: fc.array(fc.integer({ min: 1, max: 6000 }), { minLength: 1, maxLength: 4 }),
        }),
      ),
      { maxLength: 60 },
    ),
    fc.boolean(),
    fc.integer({ min: 1, max: 3000 }),
    fc.array(fc.array(fc.integer({ min: 1, max: 6000 }), { minLength: 1, maxLength: 3 }), { maxLength: 5 }),
    fc.boolean(),
  )
  .map(([before, has_summary, chars, steps, open]) => [
    ...(has_summary ? [{ kind: 'summary' as const, chars: 1200 }] : []),
    ...before,
    { kind: 'user' as const, chars },
    ...steps.map((step, index) => ({
      kind: 'calls' as const,
      chars: step,
      open: open && index === steps.length - 1,
    })),
  ]);

const settings = fc.record({
  window: fc.constantFrom(4096, 8192, 16_384, 131_072),
  all: fc.boolean(),
  share: fc.constantFrom(0.1, 0.3, 0.7),
});

function ords(items: readonly WindowItem[]): number[] {
  return items.map((item) => item.ord);
}

function idsOfCalls(items: readonly WindowItem[]): string[] {
  return items.flatMap((item) =>
    item.kind === 'message' ? item.message.tool_calls.map((call) => call.tool_call_id) : [],
  );
}

function idsOfResults(items: readonly WindowItem[]): string[] {
  return items.flatMap((item) =>
    item.kind === 'message' && item.message.role === 'tool' ? [item.message.tool_call_id ?? ''] : [],
  );
}

/** The window after a plan, its summary as long as it may be. */
function applied(made: CompactionPlan): WindowItem[] {
  const last = made.evicted.at(-1);
  const text = 'a '.repeat(made.summary_tokens);
  const front: WindowItem[] =
    last === undefined ? [] : [{ ord: last.ord, kind: 'summary', ref: 'summary-new', text }];
  const inner = made.inner.at(-1);
  const note: WindowItem[] =
    inner === undefined ? [] : [{ ord: inner.ord, kind: 'summary', ref: 'summary-inner', text: 'Steps.' }];
  return [...front, ...made.kept, ...note].toSorted((a, b) => a.ord - b.ord);
}

describe('a planned compaction, whatever the talk', () => {
  test('loses nothing, keeps the order, and what goes is one stretch', () => {
    fc.assert(
      fc.property(talk, settings, (parts, options) => {
        const items = windowOf(parts);
        const made = plan(items, options);
        expect(
          [...ords(made.evicted), ...ords(made.inner), ...ords(made.kept)].toSorted((a, b) => a - b),
        ).toEqual(ords(items));
        expect(ords(made.kept)).toEqual(ords(made.kept).toSorted((a, b) => a - b));
        expect(made.evicted).toEqual(items.slice(0, made.evicted.length));
        const [first] = made.inner;
        const at = first === undefined ? 0 : items.indexOf(first);
        expect(made.inner).toEqual(items.slice(at, at + made.inner.length));
      }),
      { numRuns: 300 },
    );
  });

  test('never parts a call from its result', () => {
    fc.assert(
      fc.property(talk, settings, (parts, options) => {
        const items = windowOf(parts);
        const made = plan(items, options);
        for (const group of [made.evicted, made.inner, made.kept]) {
          const results = idsOfResults(items);
          const wanted = idsOfCalls(group).filter((id) => results.includes(id));
          expect(idsOfResults(group).toSorted()).toEqual(wanted.toSorted());
        }
      }),
      { numRuns: 300 },
    );
  });

  test('what was said last stays word for word, and calls without a result stay', () => {
    fc.assert(
      fc.property(talk, settings, (parts, options) => {
        const items = windowOf(parts);
        const made = plan(items, options);
        const last = items.findLast((item) => item.kind === 'message' && item.message.role === 'user');
        expect(made.kept).toContain(last);
        const results = new Set(idsOfResults(items));
        const open = idsOfCalls(items).filter((id) => !results.has(id));
        expect(idsOfCalls(made.kept)).toEqual(expect.arrayContaining(open));
      }),
      { numRuns: 300 },
    );
  });

  test('comes down to its target whenever the open turn leaves room, and leaves that turn as it is then', () => {
    fc.assert(
      fc.property(talk, settings, (parts, options) => {
        const items = windowOf(parts);
        const made = plan(items, options);
        const budget = shareWindow(options.window, PLAIN);
        const open = items.slice(startOfTurn(items));
        const least = FLOOR + tokensOfItems(open) + budget.summary + 90;
        if (least > budget.target) return;
        expect(made.tokens_after).toBeLessThanOrEqual(Math.max(budget.target, made.tokens_before));
        const front = tokensOfItems(items) - tokensOfItems(open);
        expect(front <= 225 || made.tokens_after <= budget.target).toBe(true);
        expect(made.kept.slice(-open.length)).toEqual(open);
        expect(made.inner).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  test('says what it comes to, and is shorter than before', () => {
    fc.assert(
      fc.property(talk, settings, (parts, options) => {
        const items = windowOf(parts);
        const made = plan(items, options);
        const after = FLOOR + tokensOfItems(applied(made));
        expect(made.tokens_after).toBeGreaterThanOrEqual(after - 12);
        expect(made.evicted.length === 0 || made.tokens_after < made.tokens_before).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('once it fits, planning again for all takes nothing more', () => {
    fc.assert(
      fc.property(talk, settings, (parts, options) => {
        const first = plan(windowOf(parts), { ...options, all: true });
        const again = plan(applied(first), { ...options, all: true });
        if (first.tokens_after > shareWindow(options.window, PLAIN).target) return;
        expect(again.evicted.filter((item) => item.kind === 'message')).toEqual([]);
        expect(again.shortened).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });
});

describe('where a talk is cut', () => {
  test('between turns, at least the wanted share of its messages', () => {
    const items = windowOf([...turns(20, 400), { kind: 'user', chars: 100 }]);
    const made = plan(items, { share: 0.5, window: 32_768 });
    expect(made.evicted).toHaveLength(22);
    expect(made.shortened).toEqual([]);
  });

  test('as much more as it takes to come down to the target', () => {
    const items = windowOf([...turns(40, 600), { kind: 'user', chars: 100 }]);
    const made = plan(items, { share: 0.05 });
    expect(made.tokens_after).toBeLessThanOrEqual(shareWindow(8192, PLAIN).target);
    expect(made.evicted.length % 2).toBe(0);
    const one_less =
      made.tokens_after + tokensOfItem(made.evicted.at(-1)!) + tokensOfItem(made.evicted.at(-2)!);
    expect(one_less).toBeGreaterThan(shareWindow(8192, PLAIN).target);
  });

  test('a turn of many steps that is over is cut inside, at a step', () => {
    const steps = Array.from({ length: 12 }, (): Part => ({ kind: 'calls', chars: [1200] }));
    const items = windowOf([
      { kind: 'user', chars: 50 },
      ...steps,
      { kind: 'answer', chars: 50 },
      { kind: 'user', chars: 50 },
    ]);
    const made = plan(items);
    expect(made.evicted.length).toBeGreaterThan(1);
    expect(made.kept.length).toBeGreaterThan(2);
  });

  test('for all: everything but the open turn', () => {
    const items = windowOf([...turns(10, 400), { kind: 'user', chars: 100 }, { kind: 'calls', chars: [50] }]);
    expect(plan(items, { all: true }).kept).toEqual(items.slice(-3));
  });

  test('of a talk that rests, all of it goes for all, and the last turn stays otherwise', () => {
    const items = windowOf(turns(10, 400));
    expect(plan(items, { all: true }).kept).toEqual([]);
    expect(plan(items, { share: 0.95 }).kept).toEqual(items.slice(-2));
  });

  test('nothing goes from a talk that is only its open turn', () => {
    const made = plan(windowOf([{ kind: 'user', chars: 100 }]));
    expect(made).toMatchObject({ evicted: [], inner: [], shortened: [] });
  });

  test('a summary is never replaced by a summary of nothing else', () => {
    const made = plan(
      windowOf([
        { kind: 'summary', chars: 3000 },
        { kind: 'user', chars: 100 },
      ]),
      { all: true },
    );
    expect(made.evicted).toEqual([]);
  });
});

describe('an open turn that is too long', () => {
  const long = (results: number, chars: number): WindowItem[] =>
    windowOf([
      ...turns(3, 300),
      { kind: 'user', chars: 80 },
      ...Array.from({ length: results }, (): Part => ({ kind: 'calls', chars: [chars] })),
    ]);

  test('first has its older results shortened, each with the way to read it again', () => {
    const items = long(6, 6000);
    const made = plan(items);
    expect(made.inner).toEqual([]);
    expect(made.shortened.length).toBeGreaterThan(0);
    const newest = items.at(-1);
    expect(made.kept.at(-1)).toBe(newest);
    for (const item of made.shortened) {
      expect(item).toMatchObject({ message: { role: 'tool' } });
      const { short, message } = item as Extract<WindowItem, { kind: 'message' }>;
      expect(short).toContain(`conversation_search with query "${message.id}"`);
    }
    expect(made.tokens_after).toBeLessThanOrEqual(shareWindow(8192, PLAIN).most);
  });

  test('has its newest result shortened only when it would not fit otherwise', () => {
    const made = plan(long(1, 60_000));
    expect(made.shortened).toHaveLength(1);
    expect(made.tokens_after).toBeLessThanOrEqual(shareWindow(8192, PLAIN).most);
  });

  test('gives up its older steps at last, and keeps what was said and the newest step', () => {
    const items = long(120, 500);
    const made = plan(items, { window: 4096 });
    expect(made.inner.length).toBeGreaterThan(0);
    expect(made.kept[0]).toMatchObject({ message: { role: 'user' } });
    expect(made.kept.slice(1).map((item) => item.kind === 'message' && item.message.id)).toEqual(
      items.slice(-2).map((item) => item.kind === 'message' && item.message.id),
    );
    expect(made.tokens_after).toBeLessThanOrEqual(shareWindow(4096, PLAIN).most);
  });

  test('lets go of words that were never answered, when later ones came, and only then', () => {
    const items = windowOf([
      { kind: 'user', chars: 200_000 },
      { kind: 'user', chars: 40 },
    ]);
    const made = plan(items);
    expect(made.evicted).toEqual([items[0]]);
    expect(made.kept).toEqual([items[1]]);
    const alone = plan(items.slice(0, 1));
    expect(alone.evicted).toEqual([]);
    expect(alone.tokens_after).toBeGreaterThan(shareWindow(8192, PLAIN).most);
  });
});

describe('a window', () => {
  test('keeps the room of an answer that may be long free, up to half of itself', () => {
    expect(shareWindow(10_000, { max_output_tokens: null, thinking_budget: null })).toMatchObject({
      trigger: 8500,
      target: 5500,
      most: 9500,
      floor_limit: 6000,
      summary: 1000,
    });
    expect(shareWindow(10_000, { max_output_tokens: 4000, thinking_budget: null })).toMatchObject({
      trigger: 6000,
      most: 6000,
    });
    expect(shareWindow(10_000, { max_output_tokens: 90_000, thinking_budget: null }).trigger).toBe(5000);
  });
});
