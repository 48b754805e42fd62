import { describe, expect, test } from 'vitest';
import { default_compaction } from '../../../shared/contract/agents.ts';
import { OFFLINE_HANDLE } from '../../../electron/models/offline.ts';
import type { ScriptedAnswer } from '../../helpers/scripted-openai.ts';
import type { Stage } from '../stage.ts';
import { ask, asksForSummary, setTalk, summaries, talkUntilCompacted, windowOfTalk } from './talk.ts';
import { words } from './window-items.ts';

const say = (text: string): ScriptedAnswer => ({ kind: 'text', text });

describe('a model that does not write the summary', () => {
  const faults: [string, ScriptedAnswer, RegExp][] = [
    ['fails', { kind: 'status', status: 500 }, /has a problem of its own/u],
    ['is not let in', { kind: 'status', status: 401 }, /refused to let us in/u],
    ['limits requests', { kind: 'status', status: 429 }, /limiting requests/u],
    ['hangs', { kind: 'hang' }, /./u],
    ['breaks off', { kind: 'cut', first: 'They sp' }, /broke in the middle/u],
    ['says nothing', say('  \n '), /answer was empty/u],
    ['refuses', say("I'm sorry, but I can't help with that."), /it refused/u],
    ['is filtered', { kind: 'text', text: 'They', finish_reason: 'content_filter' }, /filtered/u],
    ['is cut off', { kind: 'text', text: 'They sp', finish_reason: 'length' }, /cut off before its end/u],
    ['calls a tool', { kind: 'calls', calls: [{ name: 'memory_insert', arguments: {} }] }, /called a tool/u],
    ['holds less than it said', { kind: 'overflow', limit: 2000, used: 3000 }, /no longer fits the model/u],
    ['sends a page', { kind: 'html' }, /./u],
  ];
  test.each(faults)(
    'that %s: first and last words take its place, and the turn goes on',
    async (_name, answer, reason) => {
      const stage = await setTalk(() => answer);
      const turns = await talkUntilCompacted(stage);
      const [summary] = await summaries(stage);
      expect(summary).toMatchObject({ model: null, covers_from_seq: 1 });
      expect(summary!.stats.fallback).toMatch(reason);
      expect(summary!.text).toContain('- user: Turn 1: ');
      expect(summary!.stats.tokens_after).toBeLessThanOrEqual(4096 * 0.55);
      expect(stage.model.requests.at(-1)?.messages.at(-1)?.content).toContain(`Turn ${turns}: `);
      const traces = await stage.database.read
        .selectFrom('step')
        .innerJoin('step_trace', 'step_trace.step_id', 'step.id')
        .select('step.error')
        .where('kind', '=', 'compaction')
        .execute();
      expect(traces.length).toBeGreaterThan(0);
      expect(stage.model.refusals).toEqual([]);
    },
  );

  test('equal talks get equal words', async () => {
    const texts: (string | undefined)[] = [];
    for (const _time of [1, 2]) {
      const stage = await setTalk(() => say(''));
      await talkUntilCompacted(stage);
      texts.push((await summaries(stage))[0]?.text);
    }
    expect(texts[0]).toBe(texts[1]);
  });

  test('what does not fit the summary call is asked again at half its length before anything else', async () => {
    const stage = await setTalk((_request, count) =>
      count === 1 ? { kind: 'overflow', limit: 2000, used: 3000 } : say('Half of it.'),
    );
    await talkUntilCompacted(stage);
    expect((await summaries(stage))[0]).toMatchObject({ text: 'Half of it.', stats: { fallback: null } });
    const [first, second] = stage.model.requests.filter(asksForSummary);
    expect(second!.body.length).toBeLessThan(first!.body.length * 0.75);
  });

  test('the model that is set for summaries is asked first, then the agent’s own', async () => {
    const set = { ...default_compaction, model: 'openai/gpt-4.1-mini' };
    const stage = await setTalk(
      (request) => (request.model === 'gpt-4.1-mini' ? { kind: 'status', status: 401 } : say('By its own.')),
      { compaction: set },
    );
    await talkUntilCompacted(stage);
    expect(stage.model.requests.filter(asksForSummary).map(({ model }) => model)).toEqual([
      'gpt-4.1-mini',
      'gpt-4o-mini',
    ]);
    expect((await summaries(stage))[0]).toMatchObject({ text: 'By its own.', model: 'openai/gpt-4o-mini' });
  });

  test('a model that is not there is passed over; one without provider costs no call', async () => {
    const set = { ...default_compaction, model: 'groq/llama' };
    const stage = await setTalk(() => say('By its own.'), { compaction: set });
    await talkUntilCompacted(stage);
    expect((await summaries(stage))[0]).toMatchObject({ text: 'By its own.', model: 'openai/gpt-4o-mini' });
  });

  test('in its own context: when it calls a tool instead, it is asked with a transcript', async () => {
    const set = { ...default_compaction, mode: 'self_compact_all' as const };
    const stage = await setTalk(
      (request) =>
        request.tools.length > 0
          ? { kind: 'calls', calls: [{ name: 'memory_insert', arguments: {} }] }
          : say('From the transcript.'),
      { compaction: set },
    );
    await talkUntilCompacted(stage);
    expect((await summaries(stage))[0]).toMatchObject({
      text: 'From the transcript.',
      mode: 'self_compact_all',
    });
  });

  test('the offline model sums up by quoting, the earlier summary too', async () => {
    const stage = await setTalk(() => say('not asked'), { model: OFFLINE_HANDLE });
    await talkUntilCompacted(stage, 80);
    for (let turn = 0; (await summaries(stage)).length < 2; turn += 1) await ask(stage, words(500, turn));
    const [second, first] = await summaries(stage);
    expect(first).toMatchObject({ model: OFFLINE_HANDLE, stats: { fallback: null } });
    const quoted = first!.text.split('\n').at(-1) ?? '';
    expect(second!.text).toContain(quoted.slice(0, 80));
  });
});

test('a model that does not begin to write within a minute is not waited for', async () => {
  const { promise: asked, resolve } = Promise.withResolvers<undefined>();
  const stage = await setTalk(() => {
    resolve(undefined);
    return { kind: 'hang' };
  });
  const talked = talkUntilCompacted(stage);
  await asked;
  stage.later();
  await talked;
  expect((await summaries(stage))[0]).toMatchObject({
    model: null,
    stats: { fallback: expect.stringContaining('did not begin to write within 60 s') as string },
  });
});

describe('stopping while the window is compacted', () => {
  test('takes at most half a second, changes nothing, and the talk goes on later', async () => {
    let is_stuck = true;
    const stage = await setTalk(() => (is_stuck ? { kind: 'hang', first: 'They' } : say('Later.')));
    const waiting = talkUntilCompacted(stage).catch(() => 'stopped');
    const event = await stage.seen(({ type }) => type === 'run.compacting');
    const before = await windowOfTalk(stage);
    const run_id = event.type === 'run.compacting' ? event.run_id : '';
    const start = performance.now();
    expect(await stage.runtime.cancel(run_id)).toMatchObject({
      state: 'cancelled',
      stop_reason: 'cancelled',
    });
    expect(performance.now() - start).toBeLessThan(500);
    await waiting;
    expect(await windowOfTalk(stage)).toEqual(before);
    expect(await summaries(stage)).toEqual([]);
    is_stuck = false;
    expect(await ask(stage, 'Go on.')).toMatchObject({ state: 'completed' });
    expect((await summaries(stage))[0]).toMatchObject({ stats: { fallback: null }, text: 'Later.' });
  });
});

describe('a window that changes while its summary is written', () => {
  test('is planned anew without asking again; what came meanwhile is kept', async () => {
    let stage: Stage | null = null;
    const stolen = async (): Promise<void> => {
      const items = await windowOfTalk(stage!);
      await stage!.database.transaction((tx) =>
        tx
          .deleteFrom('window_entry')
          .where('conversation_id', '=', stage!.conversation_id)
          .where('ord', '=', items[0]!.ord)
          .execute(),
      );
    };
    let after: Promise<unknown> = Promise.resolve();
    const made = await setTalk((_request, count) => {
      if (count === 1) after = stolen();
      return { kind: 'chunks', chunks: [{ text: 'They ' }, { text: 'spoke.', after }] };
    });
    stage = made;
    await talkUntilCompacted(made);
    const [summary, ...others] = await summaries(made);
    expect(others).toEqual([]);
    expect(summary).toMatchObject({ model: null, covers_from_seq: 2 });
    expect(made.model.requests.filter(asksForSummary)).toHaveLength(1);
  });
});

describe('a server that holds less than it said', () => {
  test('refuses once: the window is made smaller, it is asked again, and its limit is remembered', async () => {
    const real = 3600;
    const stage = await setTalk(
      () => say('They spoke.'),
      { context_window_limit: null, system: 'Be brief.' },
      (request) => {
        const used = Math.ceil(request.body.length / 3.6);
        return used > real ? { kind: 'overflow', limit: real, used } : say(words(300, 3));
      },
    );
    let turn = 0;
    while ((await summaries(stage)).length === 0) {
      turn += 1;
      expect(await ask(stage, `Turn ${turn}: ${words(500, turn)}`)).toMatchObject({
        state: 'completed',
        step_count: 1,
      });
    }
    expect((await summaries(stage))[0]).toMatchObject({ stats: { trigger: 'provider_overflow' } });
    const overview = await stage.runtime.windows.overview({ agent_id: stage.agent.id });
    expect(overview.window).toBe(real);
    const refused = await stage.database.read
      .selectFrom('step')
      .select('error')
      .where('kind', '=', 'answer')
      .where('error', 'is not', null)
      .execute();
    expect(refused).toHaveLength(1);
    for (let more = 0; more < 12; more += 1) {
      expect(await ask(stage, words(500, more))).toMatchObject({ state: 'completed' });
    }
  });

  test('and refuses again: the run ends with its words, and the next one works', async () => {
    let is_full = true;
    const stage = await setTalk(
      () => say('They spoke.'),
      {},
      () => (is_full ? { kind: 'overflow', limit: 3900, used: 4000 } : say('Back.')),
    );
    is_full = false;
    for (let turn = 0; turn < 6; turn += 1) await ask(stage, words(500, turn));
    is_full = true;
    const run = await ask(stage, 'Hi');
    expect(run).toMatchObject({ state: 'failed', error: { code: 'model_overflow' } });
    const tries = stage.model.requests.filter((request) => !asksForSummary(request)).length;
    expect(tries).toBe(8);
    is_full = false;
    expect(await ask(stage, 'Again')).toMatchObject({ state: 'completed' });
    expect(stage.model.refusals).toEqual([]);
  });
});

describe('a store that refuses the swap', () => {
  test('ends the run with the reason and leaves the window as it was; the same turn works later', async () => {
    const stage = await setTalk(() => say('They spoke.'));
    stage.database.raw.exec(
      "create trigger refuse before insert on summary begin select raise(abort, 'planted'); end",
    );
    let run = await ask(stage, words(500));
    while (run.state === 'completed') run = await ask(stage, words(500));
    expect(run).toMatchObject({ state: 'failed', stop_reason: 'error' });
    expect(await summaries(stage)).toEqual([]);
    const shown = await windowOfTalk(stage);
    expect(shown.every((item) => item.kind === 'message')).toBe(true);
    expect(shown[0]).toMatchObject({ message: { seq: 1 } });
    stage.database.raw.exec('drop trigger refuse');
    await stage.runtime.resume(run.id);
    expect(await stage.runtime.waitFor(run.id)).toMatchObject({ state: 'completed', error: null });
    expect(await summaries(stage)).toHaveLength(1);
  });
});

describe('a run of many steps', () => {
  test('asks for one summary at most, and still none of its requests is too long', async () => {
    const most = 30;
    let steps = 0;
    let is_busy = false;
    const stage = await setTalk(
      () => say('They spoke.'),
      {},
      () => {
        if (!is_busy || steps === most) return say(words(300, 3));
        steps += 1;
        return {
          kind: 'calls',
          calls: [{ name: 'conversation_search', arguments: { query: `tea ${steps}`, limit: 20 } }],
        };
      },
    );
    for (let turn = 0; turn < 6; turn += 1) await ask(stage, `tea ${words(500, turn)}`);
    is_busy = true;
    expect(await ask(stage, 'Look for tea, again and again.')).toMatchObject({
      state: 'completed',
      step_count: most + 1,
    });
    expect(stage.model.requests.filter(asksForSummary)).toHaveLength(1);
    const longest = Math.max(...stage.model.requests.map(({ body }) => body.length));
    expect(longest).toBeLessThan(4096 * 5);
    expect(stage.model.refusals).toEqual([]);
    const last = stage.model.requests.findLast((request) => !asksForSummary(request))!;
    expect(last.messages.some(({ content }) => content?.includes('Look for tea, again and again.'))).toBe(
      true,
    );
  });
});
