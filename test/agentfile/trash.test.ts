import { expect, it } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { deleteBlock } from '../../electron/memory/blocks.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { readBackupRows } from '../../electron/store/import.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { lettaAgent, lettaFile } from './letta-file.ts';
import { makeRichAgent } from './rich-agent.ts';

const clock = steppingClock('2026-02-01T00:00:00Z');
const options = { strip_messages: false, clock };
const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };
const scrubbing = { ...exporting, scrub_messages: true };

it('an export without messages holds nothing of the trash', async () => {
  const database = await tempStore();
  const { agent_id, block_id } = await makeRichAgent(database, clock);
  const context = { clock, cause: directCause('user', agent_id) };
  await database.transaction((tx) => deleteBlock(tx, block_id, context));
  const { file, warnings } = await exportAgent(database.read, agent_id, scrubbing);
  const text = JSON.stringify(file);
  for (const gone of ['An old phone number', 'Is called Kit', 'A thing of the past']) {
    expect(text).not.toContain(gone);
  }
  expect(text).toContain('The wifi code is tulip-42');
  expect(warnings).toEqual([]);
  const other = await tempStore();
  const { agent_ids } = await importAgentFile(other, text, options);
  const rows = await readBackupRows(other.read, agent_ids[0] ?? '');
  expect([rows.block.length, rows.block_version.length, rows.passage.length]).toEqual([0, 0, 1]);
});

it('one with messages holds the trash in our own part only, and says how much', async () => {
  const database = await tempStore();
  const { agent_id, block_id } = await makeRichAgent(database, clock);
  const context = { clock, cause: directCause('user', agent_id) };
  await database.transaction((tx) => deleteBlock(tx, block_id, context));
  const { file, warnings } = await exportAgent(database.read, agent_id, exporting);
  const { memoir, ...letta } = file;
  expect(JSON.stringify(letta)).not.toContain('Is called Kit');
  expect(JSON.stringify(memoir)).toContain('Is called Kit');
  expect(warnings[0]).toContain('1 block, 1 archive entry, 1 conversation');
});

it('the compiled prompt of a file does not bring back a block that was deleted since', async () => {
  const prompt = {
    id: 'message-0',
    role: 'system',
    content: [{ type: 'text', text: 'You know: canary-text' }],
  };
  const agents = [{ ...lettaAgent, messages: [prompt, lettaAgent.messages[1]] }];
  const blocks = [{ id: 'block-0', label: 'human', value: 'canary-text', limit: 100 }];
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(
    database,
    JSON.stringify({ ...lettaFile, agents, blocks }),
    options,
  );
  const [agent_id = ''] = agent_ids;
  const [block] = (await readBackupRows(database.read, agent_id)).block;
  const context = { clock, cause: directCause('user', agent_id) };
  await database.transaction((tx) => deleteBlock(tx, String(block?.['id']), context));
  const { file } = await exportAgent(database.read, agent_id, scrubbing);
  expect(JSON.stringify(file)).not.toContain('canary-text');
  const { memoir: _, ...letta } = (await exportAgent(database.read, agent_id, exporting)).file;
  expect(JSON.stringify(letta)).not.toContain('canary-text');
});
