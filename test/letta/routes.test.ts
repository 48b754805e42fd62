import { describe, expect, test } from 'vitest';
import { makeAgent, startLetta, type Wire } from './server.ts';

const UNKNOWN = '00000000-0000-4000-8000-000000000000';

describe('health', () => {
  test.each(['/v1/health', '/v1/health/'])('%s says ok and who answers', async (path) => {
    const { ask } = await startLetta();
    const { status, body } = await ask(`GET ${path}`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'ok', server: 'memoir', version: expect.any(String) as unknown });
  });
});

describe('agents', () => {
  test('an agent is made, read, changed, listed, counted and deleted', async () => {
    const letta = await startLetta();
    const { ask } = letta;
    const id = await makeAgent(letta, { name: 'Ada L', tags: ['x'], metadata: { a: 1 }, tool_rules: [] });
    const read = await ask(`GET /v1/agents/${id}`);
    expect(read.body).toMatchObject({ id, name: 'Ada L', tags: ['x'], metadata: { a: 1 }, timezone: 'UTC' });
    const changed = await ask(`PATCH /v1/agents/${id}/`, { name: 'Ada B', description: null });
    expect(changed.body).toMatchObject({ name: 'Ada B', tags: ['x'] });
    const named = await ask('GET /v1/agents?name=Ada%20B');
    expect((named.body as Wire[]).map((agent) => agent['id'])).toEqual([id]);
    expect((await ask('GET /v1/agents/?tags=x&tags=y&match_all_tags=true')).body).toEqual([]);
    expect((await ask('GET /v1/agents/?tags=x&tags=y')).body).toHaveLength(1);
    const count = (await ask('GET /v1/agents/count')).body as number;
    const deleted = await ask(`DELETE /v1/agents/${id}`);
    expect(deleted.body).toEqual({ message: `Agent id=${id} successfully deleted` });
    expect((await ask('GET /v1/agents/count')).body).toBe(count - 1);
    expect((await ask(`DELETE /v1/agents/${id}`)).status).toBe(404);
  });

  test('pages follow the order asked for and end empty', async () => {
    const letta = await startLetta();
    const ids = [await makeAgent(letta), await makeAgent(letta), await makeAgent(letta)];
    const list = async (query: string): Promise<string[]> =>
      ((await letta.ask(`GET /v1/agents/?name=Kit&${query}`)).body as Wire[]).map(({ id }) => String(id));
    expect(await list('order=asc')).toEqual(ids);
    expect(await list('limit=2')).toEqual([ids[2], ids[1]]);
    expect(await list(`after=${ids[1]}`)).toEqual([ids[0]]);
    expect(await list(`after=${ids[0]}`)).toEqual([]);
    expect(await list(`before=${ids[0]}&limit=1`)).toEqual([ids[2]]);
  });

  test('failures come in the shapes of V1', async () => {
    const { ask } = await startLetta();
    const missing = await ask(`GET /v1/agents/agent-${UNKNOWN}`);
    expect([missing.status, missing.body]).toEqual([
      404,
      { detail: `Agent with ID agent-${UNKNOWN} not found` },
    ]);
    for (const id of ['foo', 'agent-11111111-1111-1111-1111-111111111111']) {
      const { status, body } = await ask(`GET /v1/agents/${id}`);
      expect(status).toBe(422);
      expect(body).toMatchObject({ trace_id: '', examples: ['agent-123e4567-e89b-42d3-8456-426614174000'] });
      expect((body as Wire)['detail']).toContain("'loc': ('path', 'agent_id')");
    }
    const unknown = await ask('POST /v1/agents/', { model: 'memoir/offline', tools: ['nope'] });
    expect([unknown.status, unknown.body]).toEqual([400, { detail: "Tools not found by name: {'nope'}" }]);
    const label = await ask('POST /v1/blocks/', { value: 'test' });
    expect([label.status, (label.body as Wire)['detail']]).toEqual([
      422,
      "[{'type': 'missing', 'loc': ('body', 'label'), 'msg': 'Field required', 'input': {'value': 'test'}}]",
    ]);
    expect((await ask('GET /v1/agents/?order=up')).status).toBe(422);
    expect((await ask('GET /v1/agents/?limit=-1')).status).toBe(422);
    const nowhere = await ask('GET /v1/templates/');
    expect([nowhere.status, nowhere.body]).toEqual([404, { detail: 'Not Found' }]);
  });
});

describe('blocks', () => {
  test('an agent has its blocks by label, and edits them', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const base = `/v1/agents/${id}/core-memory`;
    expect((await letta.ask(`GET ${base}`)).body).toMatchObject({ git_enabled: false, file_blocks: [] });
    expect((await letta.ask(`GET ${base}/blocks/`)).body).toHaveLength(2);
    const edited = await letta.ask(`PATCH ${base}/blocks/human`, { value: 'Name: Kit' });
    expect(edited.body).toMatchObject({ label: 'human', value: 'Name: Kit' });
    expect((await letta.ask(`GET ${base}/blocks/human`)).body).toMatchObject({ value: 'Name: Kit' });
    const missing = await letta.ask(`GET ${base}/blocks/nope`);
    expect([missing.status, missing.body]).toEqual([
      404,
      { detail: `No block with label 'nope' found for agent '${id}'` },
    ]);
  });

  test('a block is made, shared with an agent, taken out and deleted', async () => {
    const letta = await startLetta();
    const { ask } = letta;
    const id = await makeAgent(letta);
    const made = (await ask('POST /v1/blocks/', { label: 'project', value: 'Memoir', tags: ['t'] }))
      .body as Wire;
    expect(made).toMatchObject({ label: 'project', value: 'Memoir', tags: ['t'] });
    const block = String(made['id']);
    const attached = await ask(`PATCH /v1/agents/${id}/core-memory/blocks/attach/${block}`);
    expect((attached.body as Wire)['blocks']).toHaveLength(3);
    expect((await ask(`GET /v1/blocks/${block}/agents`)).body).toHaveLength(1);
    expect((await ask(`GET /v1/blocks/${block}/agents?after=${id}`)).body).toEqual([]);
    expect((await ask('GET /v1/blocks/?label=project')).body).toHaveLength(1);
    const detached = await ask(`PATCH /v1/agents/${id}/core-memory/blocks/detach/${block}`);
    expect((detached.body as Wire)['blocks']).toHaveLength(2);
    expect((await ask(`PATCH /v1/agents/${id}/core-memory/blocks/detach/${block}`)).status).toBe(404);
    expect(await ask(`DELETE /v1/blocks/${block}`)).toMatchObject({ status: 200, body: null });
    expect((await ask(`GET /v1/blocks/${block}`)).status).toBe(404);
  });

  test('a second block of the same label is a conflict no client retries', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const twin = (await letta.ask('POST /v1/blocks/', { label: 'human', value: 'b' })).body as Wire;
    const answer = await letta.ask(`PATCH /v1/agents/${id}/core-memory/blocks/attach/${String(twin['id'])}`);
    expect(answer.status).toBe(409);
    expect(answer.headers.get('x-should-retry')).toBe('false');
  });
});

describe('archival memory', () => {
  test('an entry is filed, listed, found and deleted', async () => {
    const letta = await startLetta();
    const { ask } = letta;
    const id = await makeAgent(letta);
    const base = `/v1/agents/${id}/archival-memory`;
    const [entry] = (await ask(`POST ${base}`, { text: 'Kit writes Python at work.', tags: ['job'] }))
      .body as Wire[];
    await ask(`POST ${base}`, { text: 'Kit drinks tea.' });
    expect(((await ask(`GET ${base}`)).body as Wire[]).map(({ text }) => text)).toEqual([
      'Kit writes Python at work.',
      'Kit drinks tea.',
    ]);
    expect((await ask(`GET ${base}?search=TEA`)).body).toHaveLength(1);
    const found = await ask(`GET ${base}/search?query=python&top_k=5`);
    expect(found.body).toMatchObject({ count: 1, results: [{ id: entry!['id'], tags: ['job'] }] });
    const scored = (await ask('POST /v1/passages/search', { query: 'python', agent_id: id })).body as Wire[];
    expect(scored.map(({ score }) => Number.isInteger(score))).toEqual([false]);
    expect((await ask(`DELETE ${base}/${String(entry!['id'])}`)).status).toBe(200);
    expect((await ask(`DELETE ${base}/passage-nope`)).status).toBe(404);
    expect((await ask(`GET ${base}`)).body).toHaveLength(1);
  });
});

describe('search of all archives', () => {
  test('without an agent goes through all, and through one archive when it is named', async () => {
    const letta = await startLetta();
    const ids = [await makeAgent(letta), await makeAgent(letta)];
    const archives: unknown[] = [];
    for (const [n, id] of ids.entries()) {
      const text = `entry ${n} about tulips`;
      const { body } = await letta.ask(`POST /v1/agents/${id}/archival-memory`, { text });
      archives.push((body as Wire[])[0]!['archive_id']);
    }
    const texts = async (body: Wire): Promise<unknown[]> => {
      const found = await letta.ask('POST /v1/passages/search', { query: 'tulips', ...body });
      return (found.body as { passage: Wire }[]).map(({ passage }) => String(passage['text'])).toSorted();
    };
    expect(await texts({})).toEqual(['entry 0 about tulips', 'entry 1 about tulips']);
    expect(await texts({ limit: 1 })).toHaveLength(1);
    expect(await texts({ archive_id: archives[1] })).toEqual(['entry 1 about tulips']);
    expect(await texts({ agent_id: ids[0], archive_id: archives[1] })).toEqual(['entry 0 about tulips']);
  });
});

describe('times of archive entries', () => {
  test.each([
    ['2025-01-02T03:04:05Z', '2025-01-02T03:04:05.000000Z'],
    ['2025-01-02T03:04:05.123456Z', '2025-01-02T03:04:05.123456Z'],
    ['2025-01-02T03:04:05+02:00', '2025-01-02T01:04:05.000000Z'],
    ['2025-01-02T03:04:05.5', '2025-01-02T03:04:05.500000Z'],
    ['2025-01-02', '2025-01-02T00:00:00.000000Z'],
  ])('%s is kept as %s', async (created_at, kept) => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const { body } = await letta.ask(`POST /v1/agents/${id}/archival-memory`, { text: 'x', created_at });
    expect((body as Wire[])[0]).toMatchObject({ created_at: kept });
  });

  test('a text that is no time is refused', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const bad = { text: 'x', created_at: 'yesterday' };
    expect((await letta.ask(`POST /v1/agents/${id}/archival-memory`, bad)).status).toBe(422);
  });
});

describe('pages of the archive', () => {
  test('walk all entries once in both directions, also those of the same moment', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const base = `/v1/agents/${id}/archival-memory`;
    const created_at = '2026-01-02T03:04:05.000000Z';
    for (let n = 0; n < 9; n += 1) {
      await letta.ask(`POST ${base}`, { text: `entry ${n}${n % 3 === 0 ? ' Tulip' : ''}`, created_at });
    }
    const texts = async (query: string): Promise<unknown[]> =>
      ((await letta.ask(`GET ${base}?${query}`)).body as Wire[]).map(({ text }) => text);
    const walk = async (query: string): Promise<unknown[]> => {
      const walked: unknown[] = [];
      for (let after = ''; ;) {
        const page = (await letta.ask(`GET ${base}?${query}&limit=2${after}`)).body as Wire[];
        if (page.length === 0) return walked;
        walked.push(...page.map(({ text }) => text));
        after = `&after=${String(page.at(-1)!['id'])}`;
      }
    };
    const all = await texts('limit=0');
    expect(new Set(all).size).toBe(9);
    expect(await walk('ascending=true')).toEqual(all);
    expect(await walk('ascending=false')).toEqual(all.toReversed());
    expect(await walk('search=tulip')).toEqual(all.filter((text) => String(text).includes('Tulip')));
  });
});

describe('models and tools', () => {
  test('models that can answer are listed; there is no embedder', async () => {
    const { ask } = await startLetta();
    const { body } = await ask('GET /v1/models/');
    expect((body as Wire[]).map(({ handle }) => handle)).toContain('memoir/offline');
    expect((await ask('GET /v1/models/embedding')).body).toEqual([]);
  });

  test('a tool is taken from an agent and given back', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const own = (await letta.ask(`GET /v1/agents/${id}/tools?limit=100`)).body as Wire[];
    const tool = own[0]!;
    const fewer = await letta.ask(`PATCH /v1/agents/${id}/tools/detach/${String(tool['id'])}`);
    expect((fewer.body as Wire)['tools']).toHaveLength(own.length - 1);
    const again = await letta.ask(`PATCH /v1/agents/${id}/tools/attach/${String(tool['id'])}`);
    expect((again.body as Wire)['tools']).toHaveLength(own.length);
    expect((await letta.ask(`GET /v1/tools/${String(tool['id'])}`)).body).toMatchObject({
      name: tool['name'],
    });
    expect((await letta.ask(`GET /v1/tools/?name=${String(tool['name'])}`)).body).toHaveLength(1);
    expect((await letta.ask(`GET /v1/tools/tool-${UNKNOWN}`)).status).toBe(404);
  });
});

describe('agent files', () => {
  test('an exported agent comes back as a copy', async () => {
    const letta = await startLetta();
    const id = await makeAgent(letta);
    const file = await letta.ask(`GET /v1/agents/${id}/export`);
    expect(file.body).toMatchObject({
      agents: [{ name: 'Kit' }],
      blocks: [{ label: 'human' }, { label: 'persona' }],
    });
    const form = new FormData();
    form.set('file', new Blob([JSON.stringify(file.body)]), 'kit.af');
    const { body } = await letta.ask('POST /v1/agents/import', form);
    expect(body).toEqual({ agent_ids: [expect.stringMatching(/^agent-/u)] });
    const { agent_ids } = body as { agent_ids: string[] };
    expect((await letta.ask(`GET /v1/agents/${agent_ids[0]}`)).body).toMatchObject({ name: 'Kit_copy' });
  });

  test('a file that is no agent file, or none at all, is told', async () => {
    const { ask } = await startLetta();
    const form = new FormData();
    form.set('file', new Blob(['not json']), 'kit.af');
    expect((await ask('POST /v1/agents/import', form)).status).toBe(400);
    expect((await ask('POST /v1/agents/import', new FormData())).status).toBe(422);
  });
});
