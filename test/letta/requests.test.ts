import { describe, expect, test } from 'vitest';
import { type ScriptedLetta, startScriptedLetta } from './scripted-server.ts';
import { type Letta, makeAgent, startLetta, type Wire } from './server.ts';

async function talk({ ask }: Letta, id: string): Promise<Wire[]> {
  return (await ask(`GET /v1/agents/${id}/messages`)).body as Wire[];
}

function said(messages: readonly Wire[], ...keys: readonly string[]): unknown[][] {
  return messages.map((wire) => ['message_type', ...keys].map((key) => wire[key]));
}

function answering(): Promise<ScriptedLetta> {
  return startScriptedLetta(() => ({ kind: 'text', text: 'I see.' }));
}

describe('several messages of one request', () => {
  const messages = [
    { role: 'system', content: 'It is late.', otid: 'one' },
    { role: 'user', content: 'Good evening', otid: 'two', name: 'Kit' },
    { role: 'user', content: 'Who am I?', otid: 'three', name: 'Kit' },
  ];

  test('are kept as they came, and answered by one run', async () => {
    const server = await answering();
    const path = `/v1/agents/${server.agent_id}/messages`;
    const answer = await server.ask(`POST ${path}`, { messages });
    expect(said((answer.body as { messages: Wire[] }).messages, 'content')).toEqual([
      ['assistant_message', 'I see.'],
    ]);
    const kept = await talk(server, server.agent_id);
    expect(said(kept, 'content', 'name', 'otid').slice(0, 3)).toEqual([
      ['system_message', 'It is late.', null, 'one'],
      ['user_message', 'Good evening', 'Kit', 'two'],
      ['user_message', 'Who am I?', 'Kit', 'three'],
    ]);
    expect(new Set(kept.map(({ run_id }) => run_id)).size).toBe(1);
    expect(server.model.requests).toHaveLength(1);
    expect(server.model.requests[0]!.body).toContain('Good evening');
  });

  test('are said once when the request comes again', async () => {
    const server = await answering();
    const path = `/v1/agents/${server.agent_id}/messages`;
    const first = await server.ask(`POST ${path}`, { messages });
    const again = await server.ask(`POST ${path}`, { messages });
    expect((again.body as Wire)['messages']).toEqual((first.body as Wire)['messages']);
    expect(await talk(server, server.agent_id)).toHaveLength(4);
  });

  test('are announced one by one', async () => {
    const server = await answering();
    await server.ask(`POST /v1/agents/${server.agent_id}/messages`, { messages });
    const first = await server.seen(
      (event) => event.type === 'message.added' && event.message.otid === 'one',
    );
    expect(first).toMatchObject({ message: { role: 'system', text: 'It is late.' } });
  });
});

describe('a message of the role system', () => {
  test.each([{}, { streaming: true }, { streaming: true, stream_tokens: true }])(
    'is not echoed in the answer to %j',
    async (options) => {
      const server = await answering();
      const answer = await server.ask(`POST /v1/agents/${server.agent_id}/messages`, {
        messages: [{ role: 'system', content: 'The lights went out.' }],
        ...options,
      });
      expect(answer.status).toBe(200);
      expect(JSON.stringify(answer.body)).not.toContain('The lights went out.');
      expect(JSON.stringify(answer.body)).toContain(' see.');
    },
  );
});

test('an otid finds its answer however long ago it was said', async () => {
  const server = await answering();
  const path = `/v1/agents/${server.agent_id}/messages`;
  const body = { messages: [{ role: 'user', content: 'Remember me', otid: 'long ago' }] };
  const first = await server.ask(`POST ${path}`, body);
  const filler = Array.from({ length: 100 }, (_, n) => ({ role: 'user', content: `Filler ${n}` }));
  for (let round = 0; round < 3; round += 1) await server.ask(`POST ${path}`, { messages: filler });
  const again = await server.ask(`POST ${path}`, body);
  expect([again.status, (again.body as Wire)['messages']]).toEqual([200, (first.body as Wire)['messages']]);
  expect(server.model.requests).toHaveLength(4);
});

describe('fields that would be passed over', () => {
  test.each([
    ['override_model', 'openai/gpt-4o'],
    ['override_system', 'Be brief.'],
    ['system', 'Be brief.'],
    ['client_skills', [{ name: 'a', description: 'b', location: 'c' }]],
    ['return_logprobs', true],
    ['assistant_message_tool_name', 'say'],
  ])('%s of a message is refused by its name, and nothing is said', async (field, value) => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const { status, body } = await letta.ask(`POST /v1/agents/${id}/messages`, {
      input: 'Hi',
      [field]: value,
    });
    expect([status, (body as Wire)['detail']]).toEqual([422, expect.stringContaining(field)]);
    expect(await talk(letta, id)).toEqual([]);
  });

  test.each([
    ['embedding', 'openai/nope', 400],
    ['embedding', 'memoir/words', 400],
    ['secrets', { KEY: 'value' }, 422],
    ['tool_exec_environment_variables', { KEY: 'value' }, 422],
    ['source_ids', ['source-1'], 422],
  ])('%s %j of an agent is refused', async (field, value, expected) => {
    const { ask } = await startLetta();
    const body = { model: 'memoir/offline', [field]: value };
    const before = (await ask('GET /v1/agents/count')).body;
    const answer = await ask('POST /v1/agents/', body);
    expect([answer.status, String((answer.body as Wire)['detail']).toLowerCase()]).toEqual([
      expected,
      expect.stringContaining(field),
    ]);
    expect((await ask('GET /v1/agents/count')).body).toBe(before);
  });

  test.each([
    { embedding: 'openai/text-embedding-3-small' },
    { embedding: 'text-embedding-3-small' },
    { embedding: 'ollama/nomic-embed-text' },
    { secrets: {}, source_ids: [], include_multi_agent_tools: false },
  ])('%j asks for nothing that is missing', async (fields) => {
    const { ask } = await startLetta();
    expect((await ask('POST /v1/agents/', { model: 'memoir/offline', ...fields })).status).toBe(200);
  });
});

describe('bodies that can not be read', () => {
  test.each([
    ['lists', '['.repeat(20_000) + ']'.repeat(20_000)],
    ['objects', '{"a":'.repeat(20_000) + '1' + '}'.repeat(20_000)],
  ])('%s nested 20,000 deep are refused', async (_what, deep) => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const post = async (path: string, body: string): Promise<number> => {
      const headers = { 'content-type': 'application/json' };
      return (await fetch(letta.url + path, { method: 'POST', headers, body })).status;
    };
    expect(await post(`/v1/agents/${id}/messages`, deep)).toBe(422);
    expect(await post(`/v1/agents/${id}/messages`, `{"input":"Hi","x":${deep}}`)).toBe(422);
    expect(await post('/v1/agents/', `{"metadata":{"x":${deep}}}`)).toBe(422);
    const form = new FormData();
    form.set('file', new Blob([deep]), 'deep.af');
    expect((await letta.ask('POST /v1/agents/import', form)).status).toBe(400);
    expect((await letta.ask('GET /v1/health')).status).toBe(200);
  });

  test.each([
    ['multipart/form-data; boundary=x', 'no part at all'],
    ['multipart/form-data', 'no boundary'],
    [
      'multipart/form-data; boundary=x',
      '--x\r\ncontent-disposition: form-data; name="file"; filename="a.af"\r\n\r\n{',
    ],
  ])('a form that is none, sent as %s, is refused', async (type, body) => {
    const { url } = await startLetta();
    const answer = await fetch(`${url}/v1/agents/import`, {
      method: 'POST',
      headers: { 'content-type': type },
      body,
    });
    expect([400, 422]).toContain(answer.status);
    expect(await answer.json()).toHaveProperty('detail');
  });
});

describe('the older memory route', () => {
  test('changes all blocks or none', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta, {
      memory_blocks: [
        { label: 'human', value: 'a' },
        { label: 'persona', value: 'b', limit: 10 },
      ],
    });
    const values = async (): Promise<unknown[]> =>
      ((await letta.ask(`GET /v1/agents/${id}/core-memory/blocks?order=asc`)).body as Wire[]).map(
        ({ value }) => value,
      );
    const path = `PATCH /v1/agents/${id}/memory`;
    expect((await letta.ask(path, { human: 'changed', persona: 'far too long a text' })).status).toBe(422);
    expect((await letta.ask(path, { human: 'changed', nobody: 'x' })).status).toBe(404);
    expect(await values()).toEqual(['a', 'b']);
    expect((await letta.ask(path, { human: 'changed', persona: 'c' })).status).toBe(200);
    expect(await values()).toEqual(['changed', 'c']);
  });
});
