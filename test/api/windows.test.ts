import { describe, expect, test } from 'vitest';
import type { MemoirEvent } from '../../shared/events.ts';
import { asksForSummary } from '../agent/compaction/talk.ts';
import { words } from '../agent/compaction/window-items.ts';
import { makeScriptedAgent, openScripted, type ScriptedBackend, startModel } from './scripted-backend.ts';

type Talk = ScriptedBackend & { readonly agent_id: string; readonly conversation_id: string };

async function openTalk(
  turns: number,
  window = 8192,
  fields: Parameters<typeof makeScriptedAgent>[1] = {},
): Promise<Talk> {
  const model = await startModel((request) =>
    asksForSummary(request)
      ? { kind: 'text', text: 'They spoke of the garden.' }
      : { kind: 'text', text: words(300, 2) },
  );
  const stage = await openScripted(model);
  const ids = await makeScriptedAgent(stage.backend, { context_window_limit: window, ...fields });
  for (let turn = 1; turn <= turns; turn += 1) {
    await stage.ask(ids.conversation_id, `Turn ${turn}: ${words(300, turn)}`);
  }
  return { ...stage, ...ids };
}

describe('what fills a window', () => {
  test('is told part by part, with its floor, its trigger, what changed and what the next compaction would take', async () => {
    const { backend, agent_id } = await openTalk(4);
    const seen = await backend.call('agents.context', { agent_id });
    expect(seen).toMatchObject({ window: 8192, trigger: 6963, floor_limit: 4915, problem: null });
    expect(seen.budget).toEqual({ fixed: 4915, summary: 819, result: 1638, answer: 410 });
    const fixed = seen.parts.filter(({ kind }) => ['system', 'tools', 'memory', 'index'].includes(kind));
    expect(seen.floor).toBe(fixed.reduce((sum, { tokens }) => sum + tokens, 0));
    expect(seen.used).toBe(seen.parts.reduce((sum, { tokens }) => sum + tokens, 0));
    const talk = seen.change.find(({ kind }) => kind === 'messages');
    expect(talk!.tokens).toBeGreaterThan(50);
    expect(seen.next_compaction).toMatchObject({ from_seq: 1, shortened_results: 0 });
    expect(seen.next_compaction!.tokens_after).toBeLessThan(seen.used);
    expect(seen.largest[0]!.tokens).toBeGreaterThanOrEqual(seen.largest[1]!.tokens);
    expect(seen.largest.map(({ kind }) => kind)).toContain('tool');
  });

  test('says that the fixed part is too large before anything is sent', async () => {
    const { backend, agent_id } = await openTalk(0);
    await backend.call('agents.update', { agent_id, system: words(40_000) });
    const { problem } = await backend.call('agents.context', { agent_id });
    expect(problem).toMatch(/fixed part of the prompt takes about [\d,]+ tokens/u);
    const verdict = await backend.call('agents.simulate', { agent_id, context_window_limit: null });
    expect(verdict.problem).toBeNull();
  });
});

describe('the next request', () => {
  test('is shown to the byte as it then goes out, but for the time', async () => {
    const { backend, model, agent_id, ask, conversation_id } = await openTalk(3);
    const shown = await backend.call('agents.next_request', { agent_id, text: 'And now?' });
    await ask(conversation_id, 'And now?');
    const plain = (body: string): string => body.replaceAll(/<sent_at>[^<]*<\/sent_at>/gu, '');
    expect(plain(shown.body)).toBe(plain(model.requests.at(-1)!.body));
    expect(shown).toMatchObject({
      model: 'openai/gpt-4o-mini',
      window: 8192,
      compaction: null,
      problem: null,
    });
  });

  test('tells what another talk changed in memory where it is told then', async () => {
    const remember = { name: 'memory_insert', arguments: { label: 'human', new_string: 'Likes tulips' } };
    const model = await startModel((request) => {
      const last = request.messages.at(-1);
      return last?.role === 'user' && last.content?.startsWith('Remember') === true
        ? { kind: 'calls', calls: [remember] }
        : { kind: 'text', text: 'Fine.' };
    });
    const { backend, ask } = await openScripted(model);
    const { agent_id, conversation_id } = await makeScriptedAgent(backend);
    await backend.call('blocks.create', { agent_id, label: 'human' });
    await ask(conversation_id, 'Hi');
    const other = await backend.call('conversations.create', { agent_id });
    await ask(other.id, 'Remember tulips');
    const asked = { agent_id, conversation_id, text: 'And now?' };
    const { body } = await backend.call('agents.next_request', asked);
    await ask(conversation_id, 'And now?');
    const plain = (text: string): string => text.replaceAll(/<sent_at>[^<]*<\/sent_at>/gu, '');
    expect(body).toContain('<memory_update>');
    expect(plain(body)).toBe(plain(model.requests.at(-1)!.body));
  });

  test('has the tools a client brought with a run that waits, and no longer once it is over', async () => {
    const model = await startModel((request) =>
      request.messages.at(-1)?.role === 'tool'
        ? { kind: 'text', text: 'Done.' }
        : { kind: 'calls', calls: [{ name: 'open_door', arguments: {} }] },
    );
    const stage = await openScripted(model);
    const { backend } = stage;
    const { agent_id, conversation_id } = await makeScriptedAgent(backend);
    const client_tools = [{ name: 'open_door', description: 'Opens it.', parameters: { type: 'object' } }];
    const said = { conversation_id, text: 'Open it.', otid: 'door', client_tools };
    await backend.call('messages.send', said);
    await stage.seen((event) => event.type === 'run.paused');
    const namesOf = async (): Promise<string[]> => {
      const { body } = await backend.call('agents.next_request', { agent_id });
      const { tools } = JSON.parse(body) as { tools: { function: { name: string } }[] };
      return tools.map((tool) => tool.function.name);
    };
    expect(await namesOf()).toContain('open_door');
    const own = await backend.call('agents.get', { agent_id });
    const fits = await backend.call('agents.simulate', { agent_id });
    expect(fits.verdict).toBe('fits');
    const { approvals } = await backend.call('approvals.list', { conversation_id });
    await backend.call('approvals.decide', {
      decisions: [{ approval_id: approvals[0]!.id, decision: 'return', result: 'open', status: 'success' }],
    });
    await stage.seen((event) => event.type === 'run.finished');
    expect(await namesOf()).toEqual(own.tools);
  });

  test('says what will be compacted before, and what can not be sent', async () => {
    const { backend, agent_id } = await openTalk(11, 5120);
    const long = await backend.call('agents.next_request', { agent_id, text: words(8000) });
    expect(long.compaction).toMatchObject({ from_seq: 1 });
    const too_long = await backend.call('agents.next_request', { agent_id, text: words(60_000) });
    expect(too_long.problem).toMatch(/This message takes about/u);
  });
});

describe('compacting by hand', () => {
  test('does what its preview says, tells of it, and is not undone by the next turn', async () => {
    const stage = await openTalk(6);
    const { backend, conversation_id, agent_id } = stage;
    const { effect } = await backend.call('conversations.compact_preview', { conversation_id });
    expect(effect).toMatchObject({ from_seq: 1, to_seq: 4, messages: 4 });
    const done = await backend.call('conversations.compact', { conversation_id });
    expect(done.effect).toMatchObject({ from_seq: 1, to_seq: 4, messages: 4 });
    expect(done.effect.tokens_after).toBeLessThanOrEqual(effect!.tokens_after);
    expect(done.summary).toMatchObject({ text: 'They spoke of the garden.', stats: { trigger: 'manual' } });
    const told = (event: MemoirEvent): boolean => event.type === 'window.changed';
    expect(await stage.seen(told)).toMatchObject({
      agent_id,
      conversation_id,
      summary: { id: done.summary!.id },
    });
    await stage.ask(conversation_id, 'Go on.');
    const { summaries } = await backend.call('summaries.list', { conversation_id });
    expect(summaries).toMatchObject([{ id: done.summary!.id, in_window: true }]);
  });

  test('everything at once, when all is asked for; what is small already is a conflict', async () => {
    const { backend, conversation_id, agent_id } = await openTalk(3);
    const { effect } = await backend.call('conversations.compact', { conversation_id, mode: 'all' });
    expect(effect.messages).toBe(6);
    expect((await backend.call('agents.context', { agent_id })).num_messages).toBe(1);
    const again = backend.call('conversations.compact', { conversation_id });
    await expect(again).rejects.toMatchObject({ code: 'conflict' });
    expect(await backend.call('conversations.compact_preview', { conversation_id })).toEqual({
      effect: null,
    });
  });

  test('its messages can be read and put back, the summary before it too', async () => {
    const { backend, conversation_id, agent_id, ask } = await openTalk(5);
    const first = await backend.call('conversations.compact', { conversation_id });
    await ask(conversation_id, words(400));
    const second = await backend.call('conversations.compact', {
      conversation_id,
      settings: { sliding_window_percentage: 0.8 },
    });
    expect(second.summary).toMatchObject({ parent_id: first.summary!.id, covers_from_seq: 1 });
    const summary_id = second.summary!.id;
    const page = await backend.call('summaries.messages', { summary_id, limit: 3 });
    expect(page.has_more).toBe(true);
    expect(page.messages.at(-1)?.seq).toBe(second.summary!.covers_to_seq);
    const before_seq = page.messages[0]!.seq;
    const older = await backend.call('summaries.messages', { summary_id, before_seq });
    expect(older.messages[0]?.seq).toBe(1);
    const stale = backend.call('summaries.expand', { summary_id: first.summary!.id });
    await expect(stale).rejects.toMatchObject({ code: 'conflict' });

    const opened = await backend.call('summaries.expand', { summary_id });
    expect(opened.tokens_after).toBeGreaterThan(opened.tokens_before);
    const { summaries } = await backend.call('summaries.list', { conversation_id });
    expect(summaries.map(({ in_window }) => in_window)).toEqual([false, true]);
    await backend.call('summaries.expand', { summary_id: first.summary!.id });
    const all = await backend.call('agents.context', { agent_id });
    expect(all.num_messages).toBe(12);
    expect(await ask(conversation_id, 'Whole again?')).toMatchObject({ state: 'completed' });
  });

  test('what would not fit is not put back, with the numbers', async () => {
    const { backend, conversation_id, agent_id } = await openTalk(14);
    const { summary } = await backend.call('conversations.compact', { conversation_id, mode: 'all' });
    await backend.call('agents.update', { agent_id, context_window_limit: 4096 });
    const opening = backend.call('summaries.expand', { summary_id: summary!.id });
    await expect(opening).rejects.toMatchObject({ code: 'limit_exceeded', details: { window: 4096 } });
    const { summaries } = await backend.call('summaries.list', { conversation_id });
    expect(summaries[0]?.in_window).toBe(true);
  });
});

describe('a window of another size', () => {
  test('that grew takes history back, up to its target, exactly once; one that shrank is compacted', async () => {
    const stage = await openTalk(26, 5120);
    const { backend, conversation_id, agent_id, ask } = stage;
    const list = async () => (await backend.call('summaries.list', { conversation_id })).summaries;
    expect((await list())[0]?.in_window).toBe(true);
    const small = await backend.call('agents.context', { agent_id });
    const wish = await backend.call('agents.simulate', { agent_id, context_window_limit: 32_768 });
    expect(wish).toMatchObject({ verdict: 'puts_back', window: 32_768, compaction: null });

    await backend.call('agents.update', { agent_id, context_window_limit: 32_768 });
    await ask(conversation_id, 'More room.');
    const large = await backend.call('agents.context', { agent_id });
    expect(large.num_messages).toBe(54);
    expect(large.num_messages - small.num_messages).toBeGreaterThan(wish.puts_back);
    expect((await list()).some(({ in_window }) => in_window)).toBe(false);

    const back = await backend.call('agents.simulate', { agent_id, context_window_limit: 5120 });
    expect(back).toMatchObject({ verdict: 'compacts', compaction: { from_seq: 1 } });
    await backend.call('agents.update', { agent_id, context_window_limit: 5120 });
    expect(await ask(conversation_id, 'Less room.')).toMatchObject({ state: 'completed' });
    const shrunk = await backend.call('agents.context', { agent_id });
    expect(shrunk.used).toBeLessThanOrEqual(shrunk.target + 200);
  });
});

describe('the next request beside the last', () => {
  test('keeps all but what is new; an edit by a person is the first place that differs', async () => {
    const blocks = [{ label: 'human', value: 'Ana keeps a garden.' }];
    const { backend, model, agent_id, conversation_id, ask } = await openTalk(3, 8192, { blocks });
    const talked = await backend.call('agents.compare_request', { agent_id, part: 'messages' });
    expect(talked.last).toMatchObject({ model: 'openai/gpt-4o-mini' });
    expect(talked.last!.counted).toBeGreaterThan(500);
    expect(talked.kept_bytes / talked.bytes).toBeGreaterThan(0.7);
    const states = Object.fromEntries(talked.parts.map(({ kind, state }) => [kind, state]));
    expect(states).toMatchObject({ system: 'kept', tools: 'kept', memory: 'kept', messages: 'grown' });
    expect(talked.before).toContain('Turn 3: ');
    expect(talked.before).not.toContain('Turn 4: ');

    const [block] = (await backend.call('blocks.list', { agent_id })).blocks;
    await backend.call('blocks.update', {
      block_id: block!.id,
      base_version: block!.version,
      value: 'Ana grows figs.',
    });
    const edited = await backend.call('agents.compare_request', { agent_id, part: 'memory' });
    expect(edited.parts.find(({ kind }) => kind === 'memory')).toMatchObject({ state: 'changed' });
    expect(edited.parts.find(({ kind }) => kind === 'system')).toMatchObject({ state: 'kept' });
    expect(edited.parts.find(({ kind }) => kind === 'messages')).toMatchObject({
      state: 'after_change',
      kept_tokens: 0,
    });
    expect(edited.before).not.toContain('figs');
    expect(edited.kept_bytes).toBeLessThan(talked.kept_bytes);
    const sent = model.requests.at(-1)!.body;
    await ask(conversation_id, 'And now?');
    expect(model.requests.at(-1)!.body).not.toBe(sent);
  });

  test('is all new before anything was sent', async () => {
    const { backend, agent_id } = await openTalk(0);
    const first = await backend.call('agents.compare_request', { agent_id, part: 'memory' });
    expect(first).toMatchObject({ last: null, kept_bytes: 0, before: null });
    expect(first.bytes).toBeGreaterThan(1000);
  });
});

describe('a compaction whose model hangs', () => {
  test('is told of, is stopped at once, and leaves the window as it was', async () => {
    const model = await startModel((request) =>
      asksForSummary(request) ? { kind: 'hang', first: 'They' } : { kind: 'text', text: words(300, 2) },
    );
    const stage = await openScripted(model);
    const { backend } = stage;
    const { agent_id, conversation_id } = await makeScriptedAgent(backend, { context_window_limit: 8192 });
    for (let turn = 1; turn <= 5; turn += 1) await stage.ask(conversation_id, words(300, turn));
    const before = await backend.call('agents.context', { agent_id });
    const compacting = backend.call('conversations.compact', { conversation_id });
    const ended = compacting.catch((error: unknown) => error);
    const told = await stage.seen((event) => event.type === 'conversation.compacting');
    expect(told).toMatchObject({ agent_id, conversation_id, effect: { from_seq: 1 } });
    expect((await backend.call('agents.context', { agent_id })).is_compacting).toBe(true);
    expect((await backend.call('runs.current', { conversation_id })).compacting).toBe('person');
    const second = backend.call('conversations.compact', { conversation_id });
    await expect(second).rejects.toMatchObject({ code: 'conflict' });

    const at = performance.now();
    const stopped = await backend.call('conversations.cancel_compaction', { conversation_id });
    expect(await ended).toMatchObject({ code: 'cancelled' });
    expect(performance.now() - at).toBeLessThan(500);
    expect(stopped).toEqual({ cancelled: true });
    expect(stage.events.at(-1)).toMatchObject({ type: 'conversation.compacting', effect: null });
    expect(await backend.call('agents.context', { agent_id })).toEqual(before);
    expect(await backend.call('conversations.cancel_compaction', { conversation_id })).toEqual({
      cancelled: false,
    });
  });
});
