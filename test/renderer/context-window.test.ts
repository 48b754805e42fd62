/** What the page of the context window makes of its facts: the bar, the rows, the marks, where compactions stand. */
import { describe, expect, test } from 'vitest';
import { applyTalkEvent } from '../../renderer/state/talk-events.ts';
import type { TalkFacts } from '../../renderer/state/talk-facts.ts';
import { compactionPlaces } from '../../renderer/views/chat/compaction-places.ts';
import { layoutBar } from '../../renderer/views/context/bar-layout.ts';
import { hasNewWords, isTag, markLines } from '../../renderer/views/context/exact-lines.ts';
import { keptTokens, reportOf, rowsOf, totalChange } from '../../renderer/views/context/part-rows.ts';
import type { CompactionEffect, ContextOverview, RequestComparison } from '../../shared/contract/context.ts';
import type { Message } from '../../shared/contract/conversations.ts';
import type { Summary } from '../../shared/contract/summaries.ts';

const EFFECT: CompactionEffect = {
  messages: 18,
  from_seq: 1,
  to_seq: 18,
  message_tokens: 300,
  summary_tokens: 50,
  shortened_results: 0,
  tokens_before: 600,
  tokens_after: 350,
};

const PARTS = [
  { kind: 'system', tokens: 100 },
  { kind: 'tools', tokens: 100 },
  { kind: 'memory', tokens: 0 },
  { kind: 'messages', tokens: 400 },
] as const;

function overviewOf(fields: Partial<ContextOverview> = {}): ContextOverview {
  return {
    window: 1000,
    used: 600,
    parts: PARTS.map((part) => ({ ...part, text: '' })),
    floor: 200,
    floor_limit: 600,
    trigger: 850,
    target: 550,
    budget: { fixed: 600, summary: 100, result: 200, answer: 50 },
    next_compaction: EFFECT,
    problem: null,
    change: [],
    largest: [],
    is_compacting: false,
    num_messages: 20,
    num_recall_memory: 20,
    num_archival_memory: 0,
    ...fields,
  };
}

function comparisonOf(kept: readonly (readonly [string, number, string])[]): RequestComparison {
  return {
    last: {
      step_id: 'step-1',
      created_at: '2026-11-21T09:00:00.000Z',
      model: 'openai/x',
      counted: 1000,
      reported: 990,
      cached: 0,
    },
    kept_bytes: 35,
    bytes: 100,
    parts: kept.map(([kind, kept_tokens, state]) => ({ kind, kept_tokens, state })) as never,
    before: null,
  };
}

describe('the big bar', () => {
  test('lies in prompt order without holes, what leaves before what stays, the rest free', () => {
    const { pieces, free, trigger, leaving } = layoutBar(overviewOf(), null);
    expect(pieces).toEqual([
      { kind: 'system', tokens: 100, leaves: false, from: 0, to: 0.1 },
      { kind: 'tools', tokens: 100, leaves: false, from: 0.1, to: 0.2 },
      { kind: 'messages', tokens: 300, leaves: true, from: 0.2, to: 0.5 },
      { kind: 'messages', tokens: 100, leaves: false, from: 0.5, to: 0.6 },
    ]);
    expect({ free, trigger, leaving }).toEqual({
      free: { from: 0.6, to: 1, tokens: 400 },
      trigger: 0.85,
      leaving: { from: 0.2, to: 0.5, messages: 18 },
    });
  });

  test('brackets what a cache keeps up to the first change, and stacks brackets that would meet', () => {
    const apart = layoutBar(
      overviewOf({ next_compaction: { ...EFFECT, message_tokens: 100 }, used: 600 }),
      comparisonOf([
        ['system', 30, 'changed'],
        ['tools', 0, 'after_change'],
        ['messages', 0, 'after_change'],
      ]),
    );
    expect(apart.kept).toEqual({ from: 0, to: 0.03, percent: 35 });
    expect(apart.stacked).toBe(false);
    const meeting = layoutBar(
      overviewOf(),
      comparisonOf([
        ['system', 100, 'kept'],
        ['tools', 100, 'kept'],
        ['memory', 0, 'kept'],
        ['messages', 350, 'grown'],
      ]),
    );
    expect(meeting.kept).toMatchObject({ from: 0, to: 0.55 });
    expect(meeting.stacked).toBe(true);
    expect(layoutBar(overviewOf(), { ...comparisonOf([]), kept_bytes: 0 }).kept).toBeNull();
  });

  test('of a window with too much in it is longer than the window and shows where that ends', () => {
    const over = layoutBar(overviewOf({ window: 300 }), null);
    expect(over).toMatchObject({ window_end: 0.5, free: { tokens: 0 } });
    expect(over.ticks).toEqual([
      { at: 0, tokens: 0 },
      { at: 1, tokens: 600 },
    ]);
  });
});

describe('the table of parts', () => {
  test('has a row for what is there or was, with its share, its change and what a cache makes of it', () => {
    const overview = overviewOf({
      change: [
        { kind: 'system', tokens: 0 },
        { kind: 'memory', tokens: -40 },
        { kind: 'messages', tokens: 60 },
      ],
    });
    const comparison = comparisonOf([
      ['system', 100, 'kept'],
      ['memory', 0, 'changed'],
    ]);
    expect(rowsOf(overview, comparison)).toEqual([
      { kind: 'system', tokens: 100, share: (100 / 600) * 100, change: 0, cache: 'kept' },
      { kind: 'tools', tokens: 100, share: (100 / 600) * 100, change: null, cache: null },
      { kind: 'memory', tokens: 0, share: 0, change: -40, cache: 'changed' },
      { kind: 'messages', tokens: 400, share: (400 / 600) * 100, change: 60, cache: null },
    ]);
    expect(totalChange(overview)).toBe(20);
    expect(keptTokens(comparison)).toBe(100);
    expect(totalChange(overviewOf())).toBeNull();
    expect(rowsOf(overviewOf(), { ...comparison, last: null })[0]?.cache).toBeNull();
  });

  test.each([
    [
      { counted: 1000, reported: 985 },
      { kind: 'close', reported: 985, apart: 15 },
    ],
    [
      { counted: 10_000, reported: 4096 },
      { kind: 'short', reported: 4096, apart: 5904 },
    ],
    // Our count leans to the high side, most of all of little.
    [
      { counted: 600, reported: 300 },
      { kind: 'close', reported: 300, apart: 300 },
    ],
    [{ counted: 1000, reported: null }, { kind: 'silent' }],
  ])('of the last request %o it says %o', (last, report) => {
    const comparison = comparisonOf([]);
    expect(reportOf({ ...comparison, last: { ...comparison.last!, ...last } })).toEqual(report);
    expect(reportOf({ ...comparison, last: null })).toEqual({ kind: 'none' });
  });
});

describe('the exact text', () => {
  test('marks the words the last request did not have, and none where there was no request', () => {
    const marked = markLines('One\nA1 passed on Monday', 'One\nA1 on Monday\nGone');
    expect(marked.map(({ kind, number }) => [kind, number])).toEqual([
      ['same', 1],
      ['add', 2],
    ]);
    expect(marked[1]?.segments.filter(({ changed }) => changed).map(({ text }) => text.trim())).toEqual([
      'passed',
    ]);
    expect(markLines('One\nTwo', null).map(({ kind }) => kind)).toEqual(['same', 'same']);
    expect(markLines(`${'long '.repeat(20_000)}\nnew`, 'short').map(({ kind }) => kind)).toEqual([
      'same',
      'same',
    ]);
  });

  test('does not promise marks where it makes none', () => {
    expect(hasNewWords('new', 'old')).toBe(true);
    expect([hasNewWords('same', 'same'), hasNewWords('new', null)]).toEqual([false, false]);
    expect(hasNewWords('new '.repeat(20_000), 'old')).toBe(false);
  });

  test('tells lines that are only a tag from words in brackets', () => {
    expect(['<value>', '</memory_blocks>', '[assistant]'].every(isTag)).toBe(true);
    expect(['a < b', '<sent_at>now</sent_at>', 'see [1]', ''].some(isTag)).toBe(false);
  });
});

function messageAt(id: string, role: Message['role'], at: string, run_id: string): Message {
  return { id, role, created_at: at, run_id, text: '', content: [], tool_calls: [] } as never;
}

function summaryAt(id: string, at: string, from = 1): Summary {
  return { id, created_at: at, in_window: true, covers_from_seq: from } as never;
}

describe('a compaction in the talk', () => {
  const messages = [
    messageAt('m1', 'user', '01', 'r1'),
    messageAt('m2', 'assistant', '02', 'r1'),
    messageAt('m3', 'user', '05', 'r2'),
    messageAt('m4', 'assistant', '07', 'r2'),
  ];

  test('stands under what was said last before it; one before the first message has no place', () => {
    const places = compactionPlaces(messages, [
      summaryAt('inside', '06'),
      summaryAt('between', '03'),
      summaryAt('before', '00'),
    ]);
    expect([...places].map(([turn, { id }]) => [turn, id])).toEqual([
      ['m2', 'between'],
      ['m3', 'inside'],
    ]);
  });

  const talk = { conversation_id: 'c', compacting: null, summaries: [], messages: [], draft: null } as never;
  const apply = (state: TalkFacts, event: object): TalkFacts => ({
    ...state,
    ...applyTalkEvent(state, { conversation_id: 'c', ...event } as never, 0),
  });

  test('of a run is over with its summary or with the next words; one that was asked for when it says so', () => {
    const running = apply(talk, { type: 'run.compacting', run_id: 'r', effect: EFFECT });
    expect(running.compacting).toBe('run');
    const swapped = apply(running, { type: 'window.changed', summary: summaryAt('s1', '03') });
    expect(swapped).toMatchObject({ compacting: null, summaries: [{ id: 's1' }] });
    const delta = { type: 'message.delta', run_id: 'r', message_id: 'm', part: 'text', delta: 'Hi' };
    expect(apply(running, delta).compacting).toBeNull();

    const asked = apply(talk, { type: 'conversation.compacting', effect: EFFECT });
    expect(apply(asked, delta).compacting).toBe('person');
    expect(apply(asked, { type: 'window.changed', summary: null }).compacting).toBe('person');
    expect(apply(asked, { type: 'conversation.compacting', effect: null }).compacting).toBeNull();
    expect(apply(asked, { type: 'conversation.compacting', conversation_id: 'd', effect: null })).toEqual(
      asked,
    );
  });

  test('that absorbs a summary takes it out of the window', () => {
    const one = apply(talk, { type: 'window.changed', summary: summaryAt('s1', '03') });
    const two = apply(one, { type: 'window.changed', summary: summaryAt('s2', '06') });
    expect(two.summaries.map(({ id, in_window }) => [id, in_window])).toEqual([
      ['s2', true],
      ['s1', false],
    ]);
  });
});
