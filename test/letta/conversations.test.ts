import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type Letta, makeAgent, recordedExchanges, startLetta, type Wire } from './server.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';
const OPENAPI = new URL('../../../shared/data/letta-v1-openapi.json', import.meta.url);

type Stage = Letta & { readonly agent_id: string; readonly make: (summary?: string) => Promise<Wire> };

async function stage(): Promise<Stage> {
  const letta = await startLetta();
  const agent_id = await makeAgent(letta);
  const make = async (summary?: string): Promise<Wire> => {
    const fields = summary === undefined ? {} : { summary };
    return (await letta.ask(`POST /v1/conversations/?agent_id=${agent_id}`, fields)).body as Wire;
  };
  return { ...letta, agent_id, make };
}

function textsOf(body: unknown): unknown[] {
  return (body as Wire[])
    .filter(({ message_type }) => message_type === 'user_message' || message_type === 'assistant_message')
    .map(({ content }) => content);
}

describe('conversations over V1', () => {
  test('a conversation is made, read, renamed, listed and deleted; the agent’s own thread is none of them', async () => {
    const { ask, agent_id, make } = await stage();
    const made = await make('Plans');
    expect(made).toMatchObject({ agent_id, summary: 'Plans', model: null, last_message_at: null });
    const other = await make();
    expect(other['summary']).toBeNull();
    const path = `/v1/conversations/${String(made['id'])}`;
    expect((await ask(`GET ${path}`)).body).toEqual(made);
    const renamed = await ask(`PATCH ${path}/`, { summary: 'Old plans' });
    expect(renamed.body).toMatchObject({ id: made['id'], summary: 'Old plans' });
    const ids = async (query: string): Promise<unknown[]> =>
      ((await ask(`GET /v1/conversations/?${query}`)).body as Wire[]).map(({ id }) => id);
    expect(await ids(`agent_id=${agent_id}`)).toEqual([other['id'], made['id']]);
    expect(await ids(`agent_id=${agent_id}&order=asc&limit=1`)).toEqual([made['id']]);
    expect(await ids('summary_search=OLD')).toEqual([made['id']]);
    expect(await ids(`agent_id=${agent_id}&after=${String(made['id'])}`)).toEqual([]);
    const deleted = await ask(`DELETE ${path}`);
    expect([deleted.status, deleted.body]).toEqual([200, null]);
    expect((await ask(`GET ${path}`)).status).toBe(404);
  });

  test('what is said in one stays in it, and its messages come newest first', async () => {
    const { ask, agent_id, make } = await stage();
    const path = `/v1/conversations/${String((await make())['id'])}`;
    const answer = await ask(`POST ${path}/messages`, { input: 'My name is Kit', streaming: false });
    expect(answer.status).toBe(200);
    const said = (answer.body as { messages: Wire[] }).messages.at(-1)?.['content'];
    expect(said).toContain('Kit');
    expect(textsOf((await ask(`GET ${path}/messages`)).body)).toEqual([said, 'My name is Kit']);
    expect(textsOf((await ask(`GET ${path}/messages?order=asc`)).body)).toEqual(['My name is Kit', said]);
    expect((await ask(`GET /v1/agents/${agent_id}/messages`)).body).toEqual([]);
    const first = ((await ask(`GET ${path}/messages?order=asc&limit=1`)).body as Wire[])[0];
    const later = await ask(`GET ${path}/messages?order=asc&after=${String(first?.['id'])}`);
    expect(textsOf(later.body)).toEqual([said]);
    expect((await ask(`GET ${path}/messages?after=${String(first?.['id'])}`)).body).toEqual([]);
    const { in_context_message_ids, summary } = (await ask(`GET ${path}`)).body as Wire;
    expect(summary).toBe('My name is Kit');
    expect((in_context_message_ids as string[])[1]).toBe(first?.['id']);
  });

  test('it streams unless told otherwise', async () => {
    const { url, make } = await stage();
    const path = `/v1/conversations/${String((await make())['id'])}`;
    const response = await fetch(`${url}${path}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ input: 'Hello' }),
    });
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    const kinds = [...(await response.text()).matchAll(/"message_type":"(\w+)"/gu)].map(([, kind]) => kind);
    expect(kinds).toContain('assistant_message');
    expect(kinds.slice(-2)).toEqual(['stop_reason', 'usage_statistics']);
  });

  test('a fork goes on from what was said, and the first one does not hear of it', async () => {
    const { ask, agent_id, make } = await stage();
    const id = String((await make('First'))['id']);
    const say = (to: string, input: string) =>
      ask(`POST /v1/conversations/${to}/messages`, { input, streaming: false });
    await say(id, 'My name is Kit');
    const fork = (await ask(`POST /v1/conversations/${id}/fork`)).body as Wire;
    expect(fork).toMatchObject({ agent_id, summary: null, in_context_message_ids: [] });
    await say(String(fork['id']), 'Hello again');
    const list = async (of: string) =>
      textsOf((await ask(`GET /v1/conversations/${of}/messages?order=asc`)).body);
    expect(await list(id)).toHaveLength(2);
    expect(await list(String(fork['id']))).toEqual([
      ...(await list(id)),
      'Hello again',
      expect.any(String) as unknown,
    ]);
  });

  test('the agent’s own thread is asked for by the name default and its agent', async () => {
    const { ask, agent_id } = await stage();
    const path = '/v1/conversations/default';
    const body = { input: 'Hello', streaming: false, agent_id };
    expect((await ask(`POST ${path}/messages`, body)).status).toBe(200);
    expect(textsOf((await ask(`GET ${path}/messages?agent_id=${agent_id}`)).body)).toHaveLength(2);
    expect((await ask(`GET ${path}/messages`)).status).toBe(400);
    const fork = await ask(`POST ${path}/fork?agent_id=${agent_id}`);
    expect(fork.body).toMatchObject({ agent_id });
  });

  test('failures come in the shapes of V1', async () => {
    const { ask, agent_id, make } = await stage();
    const path = `/v1/conversations/${String((await make())['id'])}`;
    const status = async (route: string, body?: unknown) => (await ask(route, body)).status;
    const missing = await ask('POST /v1/conversations/', {});
    expect([missing.status, (missing.body as Wire)['detail']]).toEqual([
      422,
      expect.stringContaining("'loc': ('query', 'agent_id')") as unknown,
    ]);
    expect(await status('GET /v1/conversations/nobody')).toBe(422);
    expect(await status(`GET /v1/conversations/conv-${UNKNOWN}`)).toBe(404);
    expect(await status(`POST /v1/conversations/conv-${UNKNOWN}/messages`, { input: 'a' })).toBe(404);
    expect(await status(`POST ${path}/cancel`)).toBe(409);
    expect(await status(`PATCH ${path}`, { model: 'openai/gpt-4o' })).toBe(422);
    const isolated = { isolated_block_labels: ['human'] };
    expect(await status(`POST /v1/conversations/?agent_id=${agent_id}`, isolated)).toBe(422);
    const own = await ask(`GET /v1/agents/${agent_id}`);
    expect(own.status).toBe(200);
  });
});

test.skipIf(!existsSync(OPENAPI))(
  'a conversation has the keys of the OpenAPI document, and of the recorded ones',
  async () => {
    const { make } = await stage();
    const made = Object.keys(await make('s')).toSorted();
    const document = JSON.parse(readFileSync(OPENAPI, 'utf8')) as {
      components: { schemas: Record<string, { properties: Wire }> };
    };
    expect(made).toEqual(Object.keys(document.components.schemas['Conversation']!.properties).toSorted());
    const recorded = recordedExchanges()?.find(
      ({ req }) => req.method === 'POST' && req.path.startsWith('/v1/conversations/?agent_id'),
    );
    expect(made).toEqual(Object.keys(recorded!.res.body as Wire).toSorted());
  },
);
