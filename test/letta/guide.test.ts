import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { startLetta, type Wire } from './server.ts';

const run = promisify(execFile);

/** Runs a command of the guide as it stands there, but for the port and the id. */
async function curl(command: string, url: string, agent_id = ''): Promise<unknown> {
  const here = command.replaceAll('http://localhost:8283', url).replaceAll('{agent_id}', agent_id);
  const { stdout } = await run('sh', ['-c', here.replace(/^curl/, 'curl -sS')]);
  return JSON.parse(stdout);
}

test("the guide's curl commands work as they stand", async () => {
  const { url } = await startLetta();
  const created = (await curl(
    `curl -X POST http://localhost:8283/v1/agents \\
-H "Content-Type: application/json" \\
-d '{
"name": "research-agent",
"memory_blocks": [
{"label": "human", "value": "User is a software engineer."},
{"label": "persona", "value": "You are a coding assistant."}
],
"llm": "gpt-4o",
"embedding": "text-embedding-3-small"
}'`,
    url,
  )) as Wire;
  expect(created).toMatchObject({
    name: 'research-agent',
    agent_type: 'memgpt_agent',
    model: 'memoir/offline',
  });
  const id = String(created['id']);
  const tools = (created['tools'] as Wire[]).map(({ name }) => name);
  expect(tools).toEqual(
    expect.arrayContaining(['send_message', 'core_memory_append', 'archival_memory_search']),
  );
  const answer = (await curl(
    `curl -X POST http://localhost:8283/v1/agents/{agent_id}/messages \\
-H "Content-Type: application/json" \\
-d '{
"role": "user",
"message": "Help me optimize this SQL query"
}'`,
    url,
    id,
  )) as { messages: Wire[] };
  expect(answer.messages.at(-1)).toMatchObject({ message_type: 'assistant_message' });
  const memory = await curl('curl -X GET http://localhost:8283/v1/agents/{agent_id}/memory', url, id);
  expect(memory).toMatchObject({
    memory: { human: { value: 'User is a software engineer.' } },
    prompt_template: '',
  });
  const found = await curl(
    'curl -X GET "http://localhost:8283/v1/agents/{agent_id}/archival?query=python&count=5"',
    url,
    id,
  );
  expect(found).toEqual([]);
  const agents = (await curl('curl -X GET http://localhost:8283/v1/agents', url)) as Wire[];
  expect(agents.map((agent) => agent['id'])).toContain(id);
  expect(await curl('curl http://localhost:8283/v1/health', url)).toMatchObject({ status: 'ok' });
  expect(await curl('curl http://localhost:8283/v1/agents/{agent_id}', url, id)).toMatchObject({ id });
  expect(await curl('curl http://localhost:8283/v1/agents/{agent_id}/export', url, id)).toHaveProperty(
    'agents',
  );
  const gone = await curl('curl -X DELETE http://localhost:8283/v1/agents/{agent_id}', url, id);
  expect(gone).toEqual({ message: `Agent id=${id} successfully deleted` });
});

test('the older memory routes read sizes and change blocks by label', async () => {
  const { ask } = await startLetta();
  const { id } = (
    await ask('POST /v1/agents', { name: 'Old', memory_blocks: [{ label: 'human', value: 'a' }] })
  ).body as { id: string };
  const changed = await ask(`PATCH /v1/agents/${id}/memory`, { human: 'b' });
  expect(changed.body).toMatchObject({ memory: { human: { value: 'b' } } });
  expect((await ask(`PATCH /v1/agents/${id}/memory`, { nobody: 'b' })).status).toBe(404);
  await ask(`POST /v1/agents/${id}/archival`, { text: 'Python is liked.' });
  expect((await ask(`GET /v1/agents/${id}/memory/archival`)).body).toEqual({ size: 1 });
  expect((await ask(`GET /v1/agents/${id}/memory/recall`)).body).toEqual({
    size: expect.any(Number) as unknown,
  });
  const found = (await ask(`GET /v1/agents/${id}/archival?query=python&count=5`)).body as Wire[];
  expect(found).toMatchObject([{ text: 'Python is liked.' }]);
  expect(Number.isInteger(found[0]!['score'])).toBe(false);
});
