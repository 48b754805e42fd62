import { describe, expect, test } from 'vitest';
import { asksForSummary } from '../agent/compaction/talk.ts';
import { words } from '../agent/compaction/window-items.ts';
import { startScriptedLetta } from './scripted-server.ts';
import { type Letta, makeAgent, startLetta, type Wire } from './server.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

async function talkedTo(turns: number): Promise<{ ask: Letta['ask']; id: string }> {
  const server = await startLetta();
  const id = await makeAgent(server);
  for (let turn = 1; turn <= turns; turn += 1) {
    const said = { input: `Turn ${turn}: the garden in Lisbon needs water and shade this summer, says Ana.` };
    expect((await server.ask(`POST /v1/agents/${id}/messages`, said)).status).toBe(200);
  }
  return { ask: server.ask, id };
}

describe('compaction over V1', () => {
  test('an agent’s settings come in, are acted on and go out whole', async () => {
    const server = await startLetta();
    const id = await makeAgent(server);
    const made = (await server.ask(`GET /v1/agents/${id}`)).body as Wire;
    expect(made['compaction_settings']).toEqual({
      model: null,
      model_settings: null,
      prompt: null,
      prompt_acknowledgement: false,
      clip_chars: 50_000,
      mode: 'sliding_window',
      sliding_window_percentage: 0.3,
    });
    const settings = { mode: 'all', clip_chars: null, prompt: 'Be short.', prompt_acknowledgement: true };
    const changed = await server.ask(`PATCH /v1/agents/${id}`, { compaction_settings: settings });
    expect((changed.body as Wire)['compaction_settings']).toMatchObject({
      mode: 'all',
      clip_chars: 200_000,
      prompt: 'Be short.',
      prompt_acknowledgement: true,
      sliding_window_percentage: 0.3,
    });
    const wrong = await server.ask(`PATCH /v1/agents/${id}`, { compaction_settings: { mode: 'none' } });
    expect(wrong.status).toBe(422);
  });

  test('summarize answers with the summary and the messages before and after, as V1 counts them', async () => {
    const { ask, id } = await talkedTo(5);
    const settings = { mode: 'all', model: 'memoir/offline' };
    const done = await ask(`POST /v1/agents/${id}/summarize`, { compaction_settings: settings });
    expect(done.status).toBe(200);
    const body = done.body as Wire;
    expect(Object.keys(body).toSorted()).toEqual(['num_messages_after', 'num_messages_before', 'summary']);
    expect(body['summary']).toContain('Turn 1: the garden in Lisbon');
    expect(body['num_messages_before']).toBeGreaterThanOrEqual(11);
    expect(body['num_messages_after']).toBe(2);
    const again = await ask(`POST /v1/agents/${id}/summarize`, {});
    expect([again.status, again.body]).toEqual([
      400,
      { detail: expect.stringContaining('Summarization failed to reduce the number of messages') as unknown },
    ]);
    expect((await ask(`POST /v1/agents/agent-${UNKNOWN}/summarize`, {})).status).toBe(404);
  });

  test('a conversation is compacted by its id, or as the default one of an agent', async () => {
    const { ask, id } = await talkedTo(4);
    const done = await ask('POST /v1/conversations/default/compact', {
      agent_id: id,
      compaction_settings: { mode: 'all' },
    });
    expect(done.status).toBe(200);
    expect((await ask('POST /v1/conversations/default/compact', {})).status).toBe(400);
    expect((await ask('POST /v1/conversations/nobody/compact', {})).status).toBe(422);
    expect((await ask(`POST /v1/conversations/conv-${UNKNOWN}/compact`, {})).status).toBe(404);
  });

  test('the context overview has every part with its text, and the messages of the window', async () => {
    const { ask, id } = await talkedTo(3);
    const { status, body } = await ask(`GET /v1/agents/${id}/context`);
    expect(status).toBe(200);
    const seen = body as Wire;
    expect(seen['core_memory']).toContain('<memory_blocks>');
    expect(seen['external_memory_summary']).toContain(`AGENT_ID: ${id}`);
    expect(seen['num_tokens_functions_definitions']).toBeGreaterThan(100);
    const messages = seen['messages'] as Wire[];
    expect(messages.length).toBe(seen['num_messages']);
    expect(messages[0]).toMatchObject({ role: 'system' });
    expect(messages.some((message) => message['role'] === 'user')).toBe(true);
    await ask(`POST /v1/agents/${id}/summarize`, { compaction_settings: { mode: 'all' } });
    const after = (await ask(`GET /v1/agents/${id}/context`)).body as Wire;
    expect(after['summary_memory']).toContain('Turn 1: the garden');
    expect(after['num_tokens_summary_memory']).toBeGreaterThan(50);
  });
});

describe('a compaction inside of a run, over V1', () => {
  async function fullTalk() {
    const letta = await startScriptedLetta((request) =>
      asksForSummary(request)
        ? { kind: 'text', text: 'They spoke of the garden.' }
        : { kind: 'text', text: words(200, 3) },
    );
    const path = `/v1/agents/${letta.agent_id}`;
    await letta.ask(`PATCH ${path}`, { context_window_limit: 8192 });
    const say = (turn: number, body: Wire = {}) =>
      letta.ask(`POST ${path}/messages`, { input: `Turn ${turn}: ${words(3500, turn)}`, ...body });
    return { ...letta, path, say };
  }
  const typesOf = (messages: readonly Wire[]): unknown[] => messages.map((wire) => wire['message_type']);

  test('is told in the answer and in the stream where that is asked for, in V1’s shapes, and else not', async () => {
    const { say, url, path, model } = await fullTalk();
    let told: Wire[] = [];
    let turn = 0;
    while (told.length === 0 && turn < 20) {
      turn += 1;
      const { body } = await say(turn, { include_compaction_messages: true });
      const messages = (body as Wire)['messages'] as Wire[];
      if (messages.length > 1) told = messages;
    }
    expect(typesOf(told)).toEqual(['event_message', 'summary_message', 'assistant_message']);
    expect(told[0]).toMatchObject({
      event_type: 'compaction',
      event_data: {
        trigger: 'post_step_context_check',
        context_token_estimate: expect.any(Number) as number,
        context_window: 8192,
      },
    });
    expect(told[1]).toMatchObject({
      id: expect.stringMatching(/^message-/u) as string,
      summary: 'They spoke of the garden.',
      compaction_stats: { trigger: 'post_step_context_check', context_window: 8192 },
    });
    const before = model.requests.length;
    let streamed: Wire[] = [];
    while (!typesOf(streamed).includes('summary_message') && turn < 40) {
      turn += 1;
      const response = await fetch(`${url}${path}/messages/stream`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          input: `Turn ${turn}: ${words(3500, turn)}`,
          include_compaction_messages: true,
          include_pings: false,
        }),
      });
      streamed = (await response.text())
        .split('\n\n')
        .flatMap((frame) => (frame.startsWith('data: {') ? [JSON.parse(frame.slice(6)) as Wire] : []));
    }
    expect(typesOf(streamed)).toEqual([
      'event_message',
      'summary_message',
      'assistant_message',
      'stop_reason',
      'usage_statistics',
    ]);
    expect(model.requests.length).toBeGreaterThan(before);
    const silent: unknown[] = [];
    const asked = model.requests.filter(asksForSummary).length;
    while (model.requests.filter(asksForSummary).length === asked && turn < 60) {
      turn += 1;
      const { body } = await say(turn);
      silent.push(...typesOf((body as Wire)['messages'] as Wire[]));
    }
    expect(new Set(silent)).toEqual(new Set(['assistant_message']));
  });
});
