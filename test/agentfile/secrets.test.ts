import { expect, it } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { readBackupRows } from '../../electron/store/import.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { lettaAgent, lettaFile } from './letta-file.ts';

const clock = steppingClock('2026-02-01T00:00:00Z');
const options = { strip_messages: false, clock };
const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };

const PARAMETERS = {
  type: 'object',
  properties: {
    env: { type: 'string', description: 'dev or prod', enum: ['dev', 'prod'] },
    secrets: { type: 'object', properties: { token: { type: 'string', default: 'none' } } },
    custom_headers: { type: 'object', additionalProperties: { type: 'string' } },
    password: { type: 'string', default: 'changeme' },
  },
};

const TOOL = {
  id: 'tool-0',
  name: 'deploy',
  source_code: 'def deploy(env): ...',
  json_schema: { name: 'deploy', parameters: PARAMETERS },
  args_json_schema: PARAMETERS,
};

it('a tool with arguments named like secrets goes out as it came', async () => {
  const agents = [{ ...lettaAgent, tool_ids: ['tool-0'] }];
  const text = JSON.stringify({
    ...lettaFile,
    agents,
    tools: [TOOL, { ...TOOL, id: 'tool-1', name: 'spare' }],
  });
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, text, options);
  const { file } = await exportAgent(database.read, agent_ids[0] ?? '', exporting);
  expect(file['tools']).toEqual([TOOL, { ...TOOL, id: 'tool-1', name: 'spare' }]);
});

it('values of secrets are gone from the store and from the file, wherever the format has them', async () => {
  const canary = 'canary-secret';
  const server = {
    id: 'mcp_server-0',
    token: canary,
    custom_headers: { Authorization: canary },
    stdio_config: { command: 'x', env: { KEY: canary } },
  };
  const agents = [
    {
      ...lettaAgent,
      secrets: { KEY: canary },
      tool_exec_environment_variables: [{ key: 'KEY', value: canary }],
      llm_config: { handle: 'openai/gpt-4o', api_key: canary },
    },
  ];
  const database = await tempStore();
  const text = JSON.stringify({ ...lettaFile, agents, mcp_servers: [server] });
  const { agent_ids } = await importAgentFile(database, text, options);
  expect(JSON.stringify(await readBackupRows(database.read, agent_ids[0] ?? ''))).not.toContain(canary);
  const { file } = await exportAgent(database.read, agent_ids[0] ?? '', exporting);
  expect(JSON.stringify(file)).not.toContain(canary);
  expect(file['agents']).toMatchObject([
    { secrets: { KEY: '' }, tool_exec_environment_variables: [{ key: 'KEY', value: '' }] },
  ]);
  expect(file['mcp_servers']).toMatchObject([
    { custom_headers: { Authorization: '' }, stdio_config: { command: 'x', env: { KEY: '' } } },
  ]);
});

it('fields named like secrets are told, in and out', async () => {
  const agents = [{ ...lettaAgent, metadata: { deep: { api_key: 'tulip' }, tokens: 7, password: '' } }];
  const database = await tempStore();
  const { agent_ids, warnings } = await importAgentFile(
    database,
    JSON.stringify({ ...lettaFile, agents }),
    options,
  );
  expect(warnings.join(' ')).toContain(
    '1 text looks like a secret (field named like one): in api_key in the metadata of Ada.',
  );
  const out = await exportAgent(database.read, agent_ids[0] ?? '', exporting);
  expect(out.warnings).toEqual([
    expect.stringMatching(/^1 text looks like a secret .* in api_key in the metadata of the agent\./u),
  ]);
});
