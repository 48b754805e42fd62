import { describe, expect, test } from 'vitest';
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
