import { expect, it, onTestFinished } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { inspectAgentFile } from '../../electron/agentfile/inspect.ts';
import { openBackend } from '../../electron/backend.ts';
import { editBlock } from '../../electron/memory/blocks.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { readDefaultConversation } from '../../electron/store/conversations.ts';
import { putInbox } from '../../electron/store/inbox.ts';
import { readBackupRows } from '../../electron/store/import.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { lettaAgent, lettaFile } from './letta-file.ts';
import { makeRichAgent, say } from './rich-agent.ts';

const clock = steppingClock('2026-02-01T00:00:00Z');
const options = { strip_messages: false, clock };
const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };
const OPENAI = `sk-proj-${'a1'.repeat(20)}`;
const AWS = 'AKIAIOSFODNN7EXAMPLE';
const GITHUB = `ghp_${'x'.repeat(36)}`;
const PRIVATE = '-----BEGIN RSA PRIVATE KEY-----';

const TRASH =
  "The trash goes along in Memoir's own part of the file: 1 archive entry, 1 conversation. Export without messages to " +
  'leave it out.';

it('an import says all that the preview said, through the same door', async () => {
  const backend = await openBackend({ dataDir: tempDir(), env: {}, log: () => undefined, clock });
  onTestFinished(() => backend.close());
  const tools = [{ id: 'tool-0', name: 'launch_rocket', source_code: `key = "${AWS}"` }];
  const llm_config = { handle: 'openai/gpt-4o' };
  const agents = [{ ...lettaAgent, llm_config, tool_ids: ['tool-0'] }];
  const text = JSON.stringify({ ...lettaFile, agents, tools, skills: [{ name: 'x' }] });
  const { warnings } = await backend.call('agents.inspect', { text });
  expect(warnings).toEqual([
    expect.stringMatching(/^The model openai\/gpt-4o needs OPENAI_API_KEY\./u),
    'Ada has tools that do not run here; they are kept: launch_rocket.',
    'Block human holds 15 characters, its limit is 3; kept whole.',
    '1 skill in the file is kept for a later export but not used here yet.',
    'Ada names no embedding model; its memory is searched by words.',
    'Ada: 1 tool call has no result; marked as unknown.',
    expect.stringMatching(
      /^1 text looks like a secret \(AWS key\): in tool launch_rocket\. .* nothing was taken out/u,
    ),
  ]);
  const done = await backend.call('agents.import', { text });
  expect(done.warnings).toEqual(warnings);
  const chosen = await backend.call('agents.import', { text, model: 'memoir/offline' });
  expect(chosen.warnings.join(' ')).not.toContain('OPENAI_API_KEY');
});

it('an oversize block of a backup is told before the import', async () => {
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, JSON.stringify(lettaFile), options);
  const { file } = await exportAgent(database.read, agent_ids[0] ?? '', exporting);
  const { warnings } = await inspectAgentFile((await tempStore()).read, JSON.stringify(file), { clock });
  expect(warnings).toEqual(['Block human holds 15 characters, its limit is 3; kept whole.']);
});

it('an export says that what waits for its turn is not in it', async () => {
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, JSON.stringify(lettaFile), options);
  const [agent_id = ''] = agent_ids;
  const { id: conversation_id } = await readDefaultConversation(database.read, agent_id);
  const payload = { content: [], text: 'Later.', name: null, max_steps: 50 };
  const waiting = { id: 'inbox-1', conversation_id, otid: 'later', role: 'user' as const, payload };
  await database.transaction((tx) => putInbox(tx, { ...waiting, created_at: clock.now() }));
  const { file, warnings } = await exportAgent(database.read, agent_id, exporting);
  expect(JSON.stringify(file)).not.toContain('Later.');
  expect(warnings).toEqual([expect.stringMatching(/^1 message waits for its turn and is not in the file/u)]);
});

it('an export says how many secrets its texts hold and where, and takes nothing out', async () => {
  const database = await tempStore();
  const { agent_id, named_id, conversation_id, block_id } = await makeRichAgent(database, clock);
  await database.transaction(async (tx) => {
    await say(
      tx,
      clock,
      { agent_id, conversation_id: named_id },
      { role: 'user', text: `use ${OPENAI} or ${GITHUB}` },
    );
    await say(tx, clock, { agent_id, conversation_id }, { role: 'user', text: `${PRIVATE}\nMIIE` });
    await tx
      .updateTable('block')
      .set({ value: `${AWS}, not AKIA or sk-learn-is-a-library` })
      .where('id', '=', block_id)
      .execute();
  });
  const { file, warnings } = await exportAgent(database.read, agent_id, exporting);
  expect(warnings).toEqual([
    TRASH,
    '4 texts look like secrets (API key, GitHub token, private key, AWS key): in message 4 of "Lisbon, "in May"", ' +
      'message 9 of "I live in Hamburg", block human. The file holds them as they were written; nothing was taken out. ' +
      'Look before you share it.',
  ]);
  const text = JSON.stringify(file);
  for (const secret of [OPENAI, GITHUB, AWS, PRIVATE]) expect(text).toContain(secret);
  expect(warnings.join(' ')).not.toContain(OPENAI);
  const preview = await inspectAgentFile((await tempStore()).read, text, { clock });
  expect(preview.warnings.at(-1)).toMatch(/^4 texts look like secrets/u);
  const scrubbed = await exportAgent(database.read, agent_id, { ...exporting, scrub_messages: true });
  expect(scrubbed.warnings).toEqual([
    expect.stringMatching(/^1 text looks like a secret \(AWS key\): in block human/u),
  ]);
});

it('a secret that was taken out of a block still stands in its earlier versions, and is told there', async () => {
  const database = await tempStore();
  const { agent_id, block_id } = await makeRichAgent(database, clock);
  for (const value of [`The key is ${AWS}`, 'No key here']) {
    const context = { clock, cause: directCause('user', agent_id) };
    await database.transaction((tx) => editBlock(tx, { block_id, value }, context));
  }
  const { warnings } = await exportAgent(database.read, agent_id, exporting);
  expect(warnings).toEqual([
    TRASH,
    expect.stringMatching(/^1 text looks like a secret \(AWS key\): in earlier versions of block human\./u),
  ]);
});

it('a file imported a second time says what is here and makes a copy beside it', async () => {
  const database = await tempStore();
  const text = JSON.stringify(lettaFile);
  const first = await importAgentFile(database, text, options);
  expect(first.warnings.join(' ')).not.toContain('Imported before');
  const known = await inspectAgentFile(database.read, text, { clock });
  expect(known.warnings[0]).toMatch(
    /^Imported before and still here: Ada \(2026-02-01 00:0\d UTC\)\. Another import makes another copy\.$/u,
  );
  const before = await readBackupRows(database.read, first.agent_ids[0] ?? '');
  const second = await importAgentFile(database, text, { ...options, name: 'Ada two' });
  expect(second.warnings[0]).toBe(known.warnings[0]);
  expect(second.agent_ids).not.toEqual(first.agent_ids);
  expect(await readBackupRows(database.read, first.agent_ids[0] ?? '')).toEqual(before);
  const third = await inspectAgentFile(database.read, text, { clock });
  expect(third.warnings[0]).toMatch(/here: Ada \(.*\), Ada two \(/u);
  expect(
    (await inspectAgentFile(database.read, text.replace('tulip', 'rose'), { clock })).warnings[0],
  ).not.toMatch(/before/u);
});

it('a backup says when the agent it was made of is here, and when an earlier one of it was imported', async () => {
  const database = await tempStore();
  const { agent_id } = await makeRichAgent(database, clock);
  const { file } = await exportAgent(database.read, agent_id, exporting);
  const text = JSON.stringify(file);
  const { agent_ids, warnings } = await importAgentFile(database, text, options);
  expect(warnings).toEqual([
    'Ada, which this file was exported from, is here. An import makes a copy beside it.',
  ]);
  const rows = await readBackupRows(database.read, agent_ids[0] ?? '');
  const original = await readBackupRows(database.read, agent_id);
  expect(rows.message.length).toBe(original.message.length);
  const { file: later } = await exportAgent(database.read, agent_id, exporting);
  database.raw.prepare('update agent set deleted_at = ? where id = ?').run(clock.now(), agent_id);
  const told = await inspectAgentFile(database.read, JSON.stringify(later), { clock });
  expect(told.warnings).toEqual([expect.stringMatching(/^Imported before and still here: Ada \(/u)]);
});
