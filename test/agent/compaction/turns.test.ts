import { describe, expect, test } from 'vitest';
import { LOST_RESULT } from '../../../electron/agent/pairing.ts';
import { pairingFault } from '../../../electron/agent/pairing-fault.ts';
import type { ScriptedAnswer, ScriptedCall } from '../../helpers/scripted-openai.ts';
import {
  addOutside,
  ask,
  asksForSummary,
  setTalk,
  summaries,
  talkUntilCompacted,
  windowOfTalk,
} from './talk.ts';
import { words } from './window-items.ts';

const say = (text: string): ScriptedAnswer => ({ kind: 'text', text });
const sumUp = (): ScriptedAnswer => say('They spoke of the garden in Lisbon.');

describe('a window that fills', () => {
  test('is compacted before the request: a summary first, then the newest turns, the open one word for word', async () => {
    const stage = await setTalk(sumUp);
    const turns = await talkUntilCompacted(stage);
    const [summary] = await summaries(stage);
    expect(summary).toMatchObject({
      covers_from_seq: 1,
      parent_id: null,
      model: 'openai/gpt-4o-mini',
      mode: 'sliding_window',
      in_window: true,
      stats: { trigger: 'window_full', window: 4096, fallback: null },
    });
    expect(summary!.stats.tokens_before).toBeGreaterThan(4096 * 0.85);
    expect(summary!.stats.tokens_after).toBeLessThanOrEqual(4096 * 0.55);
    expect(summary!.stats.messages_after).toBeLessThan(summary!.stats.messages_before);
    const request = stage.model.requests.findLast((sent) => !asksForSummary(sent))!;
    expect(request.messages[1]?.content).toContain('They spoke of the garden in Lisbon.');
    expect(request.messages.at(-1)?.content).toContain(`Turn ${turns}: ${words(500, turns)}`);
    const items = await windowOfTalk(stage);
    const first = items.find((item) => item.kind === 'message');
    expect(first?.kind === 'message' && first.message.seq).toBe(summary!.covers_to_seq + 1);
    expect(stage.model.refusals).toEqual([]);
  });

  test('the next summary takes in the last one and stands for all of it', async () => {
    const stage = await setTalk((request, count) => say(`Summary ${count} of ${request.messages.length}.`));
    await talkUntilCompacted(stage);
    for (let turn = 0; (await summaries(stage)).length < 3; turn += 1) await ask(stage, words(600, turn));
    const [third, second, first] = await summaries(stage);
    expect([third?.parent_id, second?.parent_id, first?.parent_id]).toEqual([second?.id, first?.id, null]);
    expect([first, second, third].map((one) => one?.covers_from_seq)).toEqual([1, 1, 1]);
    expect(second!.covers_to_seq).toBeLessThan(third!.covers_to_seq);
    expect([third, second, first].map((one) => one?.in_window)).toEqual([true, false, false]);
    const asked = stage.model.requests.filter(asksForSummary).at(-1)!;
    expect(asked.messages[1]?.content).toContain('<earlier_summary>\nSummary 2 of 2.\n</earlier_summary>');
  });

  test('is not compacted again before it has filled again', async () => {
    const stage = await setTalk(sumUp);
    await talkUntilCompacted(stage);
    let turns = 0;
    while ((await summaries(stage)).length < 2) {
      await ask(stage, words(500, turns));
      turns += 1;
    }
    expect(turns).toBeGreaterThan(3);
  });

  test('between compactions each request begins with the bytes of the one before', async () => {
    const stage = await setTalk(sumUp);
    await talkUntilCompacted(stage);
    await ask(stage, 'One more.');
    await ask(stage, 'And one.');
    const [before, after] = stage.model.requests.slice(-2);
    const head = before!.body.slice(0, before!.body.indexOf('],"tools"'));
    expect(after!.body.startsWith(head)).toBe(true);
  });

  test('what left is told apart by events, and the model call is a step of its own with its trace', async () => {
    const stage = await setTalk(sumUp);
    await talkUntilCompacted(stage);
    const compacting = stage.events.find((event) => event.type === 'run.compacting');
    const changed = stage.events.find((event) => event.type === 'window.changed');
    expect(compacting).toMatchObject({ conversation_id: stage.conversation_id, effect: { from_seq: 1 } });
    expect(changed).toMatchObject({ summary: { text: 'They spoke of the garden in Lisbon.' } });
    const steps = await stage.database.read
      .selectFrom('step')
      .innerJoin('step_trace', 'step_trace.step_id', 'step.id')
      .select(['step.kind', 'step.state', 'step.model'])
      .where('kind', '=', 'compaction')
      .execute();
    expect(steps).toEqual([{ kind: 'compaction', state: 'closed', model: 'openai/gpt-4o-mini' }]);
  });

  test('memory is read anew with a compaction, so that edits whose telling left are not forgotten', async () => {
    const insert = { name: 'memory_insert', arguments: { label: 'human', new_string: 'Name: Kit' } };
    const stage = await setTalk(sumUp, {}, (request, index) =>
      index === 0 ? { kind: 'calls', calls: [insert] } : say(words(300, request.messages.length)),
    );
    await talkUntilCompacted(stage);
    expect(stage.model.requests.at(-1)?.messages[0]?.content).toContain('Name: Kit');
  });
});

test('a summary that quotes its own tag does not end it', async () => {
  const stage = await setTalk(() => say('They wrote </conversation_summary > and </CONVERSATION_SUMMARY>.'));
  await talkUntilCompacted(stage);
  const shown = stage.model.requests.at(-1)!.messages[1]?.content ?? '';
  expect(shown.match(/<\/\s*conversation_summary/giu)).toHaveLength(1);
  expect(shown).toMatch(/<\\\/CONVERSATION_SUMMARY>\.\n<\/conversation_summary>$/u);
  expect((await summaries(stage))[0]?.text).toContain('</CONVERSATION_SUMMARY>');
});

describe('ways to compact', () => {
  test('all: everything but the open turn goes', async () => {
    const stage = await setTalk(sumUp, {
      compaction: {
        mode: 'all',
        model: null,
        prompt: null,
        clip_chars: 50_000,
        sliding_window_percentage: 0.3,
      },
    });
    await talkUntilCompacted(stage);
    expect((await windowOfTalk(stage)).map((item) => item.kind)).toEqual(['summary', 'message', 'message']);
  });

  test('self: the agent is asked in its own context, which begins with the bytes of the requests before', async () => {
    const stage = await setTalk(sumUp, {
      compaction: {
        mode: 'self_compact_sliding_window',
        model: null,
        prompt: 'Keep the names.',
        clip_chars: 50_000,
        sliding_window_percentage: 0.3,
      },
    });
    await talkUntilCompacted(stage);
    const at = stage.model.requests.findIndex(asksForSummary);
    const [before, asked] = [stage.model.requests[at - 1]!, stage.model.requests[at]!];
    expect(asked.messages.at(-1)?.content).toContain('Keep the names.');
    const kept = asked.messages.slice(0, -1);
    expect(before.messages.slice(0, kept.length)).toEqual(kept);
    expect(asked.tools).toEqual(before.tools);
    expect((await summaries(stage))[0]).toMatchObject({
      mode: 'self_compact_sliding_window',
      model: 'openai/gpt-4o-mini',
    });
  });

  test('a summary is never longer than its settings and its share of the window allow', async () => {
    const stage = await setTalk(() => say(words(20_000)), {
      compaction: {
        mode: 'sliding_window',
        model: null,
        prompt: null,
        clip_chars: 500,
        sliding_window_percentage: 0.3,
      },
    });
    await talkUntilCompacted(stage);
    const [summary] = await summaries(stage);
    expect(summary!.text.length).toBeLessThanOrEqual(501);
    expect(summary!.stats.tokens_after).toBeLessThanOrEqual(4096 * 0.55);
  });
});

describe('a turn that alone is too long for its window', () => {
  test('has results shortened and goes on; the agent reads one again, piece by piece', async () => {
    let searched = 0;
    let handle = '';
    const stage = await setTalk(sumUp, { context_window_limit: 4096 }, (request) => {
      const stub = request.messages.map(
        ({ content }) => /query "(message-[0-9a-f-]{36})"/u.exec((content ?? '').replaceAll('\\"', '"'))?.[1],
      );
      const found = stub.find((id) => id !== undefined);
      if (found !== undefined && handle === '') {
        handle = found;
        return { kind: 'calls', calls: [{ name: 'conversation_search', arguments: { query: found } }] };
      }
      if (handle !== '') return say('Read again.');
      searched += 1;
      return {
        kind: 'calls',
        calls: [{ name: 'conversation_search', arguments: { query: `tea ${searched}`, limit: 50 } }],
      };
    });
    for (let at = 0; at < 6; at += 1) await addOutside(stage, 'user', `tea ${words(900, at)}`);
    const run = await ask(stage, 'Look for tea.');
    expect(run).toMatchObject({ state: 'completed', error: null });
    const last = stage.model.requests.at(-1)!;
    const again = last.messages.findLast((message) => message.role === 'tool')?.content ?? '';
    expect(again).not.toContain(LOST_RESULT);
    expect(again).toContain('characters in all; go on with query');
    expect(stage.model.refusals).toEqual([]);
  });

  test('a message that is too long is refused with the numbers, and the next turn works', async () => {
    const stage = await setTalk(sumUp);
    const run = await ask(stage, words(40_000));
    expect(run).toMatchObject({
      state: 'failed',
      stop_reason: 'context_window_overflow_in_system_prompt',
      error: { code: 'model_overflow' },
    });
    expect(run.error?.message).toMatch(/takes about [\d,]+ tokens.*room for [\d,]+ in the window of 4,096/u);
    expect(stage.model.requests).toEqual([]);
    expect(await ask(stage, 'Are you there?')).toMatchObject({ state: 'completed' });
    const sent = stage.model.requests.at(-1)!;
    expect(sent.messages.at(-1)?.content).toContain('Are you there?');
    expect(pairingFault(sent.messages)).toBeNull();
  });

  test.each([
    [
      'many calls at once',
      Array.from({ length: 60 }, (_, at) => ({ query: `thing ${at}` })),
      /60 calls \(conversation_search ×60\)/u,
    ],
    [
      'a call with a million characters',
      [{ query: 'tea '.repeat(250_000) }],
      /1 call \(conversation_search ×1\) with 1,000,0\d\d characters/u,
    ],
  ])(
    '%s: a note stands for the last step, its rows stay, and the turn goes on',
    async (_what, asked, told) => {
      const calls = asked.map((each): ScriptedCall => ({ name: 'conversation_search', arguments: each }));
      const stage = await setTalk(sumUp, {}, (_, index) =>
        index === 0 ? { kind: 'calls', calls } : say('Here.'),
      );
      expect(await ask(stage, 'Look everywhere.')).toMatchObject({ state: 'completed', step_count: 2 });
      const sent = stage.model.requests.at(-1)!;
      expect(sent.messages.at(-2)?.content).toContain('Look everywhere.');
      expect(sent.messages.at(-1)?.content).toMatch(told);
      expect(sent.messages.at(-1)?.content).toContain('make none of them again');
      expect(sent.body.length).toBeLessThan(4096 * 4);
      const rows = await stage.database.read
        .selectFrom('message')
        .select(['role', 'tool_calls'])
        .where('conversation_id', '=', stage.conversation_id)
        .orderBy('seq')
        .execute();
      expect(rows.map(({ role }) => role)).toEqual([
        'user',
        'assistant',
        ...calls.map(() => 'tool'),
        'assistant',
      ]);
      expect(rows[1]?.tool_calls).toContain(JSON.stringify(JSON.stringify(asked.at(-1))).slice(1, -1));
      expect(await ask(stage, 'Are you there?')).toMatchObject({ state: 'completed' });
      expect(stage.model.refusals).toEqual([]);
    },
  );

  test('memory that the agent let grow too large is named with the other parts when nothing else can go', async () => {
    const huge = { label: 'human', new_string: words(60_000) };
    const stage = await setTalk(sumUp, {}, (_, index) =>
      index === 0
        ? { kind: 'calls', calls: [{ name: 'memory_insert', arguments: huge }] }
        : say('Remembered.'),
    );
    await stage.database.transaction((tx) => tx.updateTable('block').set({ char_limit: 500_000 }).execute());
    for (const text of ['Remember all of this.', 'Are you there?']) {
      const run = await ask(stage, text);
      expect(run).toMatchObject({ state: 'failed', error: { code: 'model_overflow' } });
      expect(run.error?.message).toMatch(
        /^The fixed part of the prompt takes .* core memory [\d]{2},\d{3}\)/u,
      );
    }
  });

  test('a prompt whose fixed part is too large is refused with its parts and the cures, without asking anybody', async () => {
    const stage = await setTalk(sumUp, { system: words(20_000) });
    const run = await ask(stage, 'Hi');
    expect(run).toMatchObject({ state: 'failed', error: { code: 'model_overflow' } });
    expect(run.error?.message).toMatch(/system prompt [\d,]+, tools [\d,]+, core memory [\d,]+/u);
    expect(run.error?.message).toContain('detach tools');
    expect(stage.model.requests).toEqual([]);
    expect(await ask(stage, 'Again')).toMatchObject({ state: 'failed', step_count: 0 });
  });
});
