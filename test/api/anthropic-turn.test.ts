import { expect, onTestFinished, test } from 'vitest';
import { type AnthropicAnswer, startScriptedAnthropic } from '../helpers/scripted-anthropic.ts';
import { ask, open } from './providers-stage.ts';

const THOUGHT = { type: 'thinking', thinking: 'The name is worth keeping.', signature: 'EqQBCgIYAhIkc2ln' };

function append(id: string, content: string): Extract<AnthropicAnswer, { kind: 'blocks' }>['blocks'][number] {
  return { type: 'tool_use', id, name: 'core_memory_append', input: { label: 'human', content } };
}

test('an agent on the native adapter thinks, edits its memory twice at once, and answers', async () => {
  const server = await startScriptedAnthropic([
    { kind: 'blocks', blocks: [THOUGHT, append('toolu_1', 'Name: Kit'), append('toolu_2', 'Likes tea')] },
    {
      kind: 'blocks',
      blocks: [{ type: 'text', text: 'Nice to meet you, Kit.' }],
      usage: { cache_read_input_tokens: 2000 },
    },
    { kind: 'blocks', blocks: [{ type: 'text', text: 'You like tea.' }] },
  ]);
  onTestFinished(() => server.close());
  const opened = await open({ ANTHROPIC_API_KEY: 'sk-ant-canary-0001', ANTHROPIC_BASE_URL: server.base_url });
  const { call, events } = opened;
  const agent = await call('agents.create', {
    name: 'Ada',
    model: 'anthropic/claude-sonnet-4-5',
    model_settings: { thinking_budget: 2048 },
    tools: ['core_memory_append'],
    blocks: [{ label: 'human', value: '' }],
  });
  expect(agent.model_status).toMatchObject({ badge: null, context_window: 200_000 });
  await ask(opened, agent.id, 'I am Kit and I like tea.');
  const ended = events.findLast((event) => event.type === 'run.finished');
  expect(ended).toMatchObject({ run: { state: 'completed', usage: { cached_input_tokens: 2000 } } });
  const { blocks } = await call('blocks.list', { agent_id: agent.id });
  expect(blocks[0]?.value).toBe('Name: Kit\nLikes tea');

  await ask(opened, agent.id, 'What do I like?');
  expect(server.refusals).toEqual([]);
  expect(server.requests.map(({ thinking }) => thinking?.type)).toEqual(['enabled', 'enabled', 'enabled']);
  const [first, second, third] = server.requests;
  const answered = second?.messages.find(({ role }) => role === 'assistant')?.content;
  expect(answered?.map(({ type }) => type)).toEqual(['thinking', 'tool_use', 'tool_use']);
  expect(answered?.[0]).toEqual(THOUGHT);
  expect(JSON.stringify(third?.messages)).not.toContain('signature');
  // The cache only helps while what comes first stays the same to the letter.
  expect(JSON.stringify([second?.tools, second?.system])).toBe(JSON.stringify([first?.tools, first?.system]));
});
