import { expect, it } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { readBackupRows } from '../../electron/store/import.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { lettaFile } from './letta-file.ts';
import { rowCounts } from './row-counts.ts';

const options = { strip_messages: false, clock: steppingClock() };

const file = lettaFile;
const text = JSON.stringify(file);

const broken: readonly [string, string, RegExp][] = [
  ['a truncated file', text.slice(0, -20), /cut off/u],
  ['a wrong type', text.replace('"value":"over', '"value":7,"x":"over'), /Import failed: blocks\.0\.value/u],
  ['a block that is not there', text.replace('["block-0"]', '["block-9"]'), /Import failed: .*block-9/u],
  [
    'a message that is not there',
    text.replace('"message-1"]', '"message-9"]'),
    /Import failed: .*message-9/u,
  ],
  ['an id used twice', text.replace('"id":"block-0"', '"id":"message-0"'), /occurs twice/u],
  ['a missing part', JSON.stringify({ ...file, groups: undefined }), /Import failed: groups/u],
  ['a newer Memoir', JSON.stringify({ ...file, memoir: { format_version: 99 } }), /newer Memoir/u],
  ['a key __proto__', text.replace('"groups"', '"__proto__":{"evil":1},"groups"'), /__proto__/u],
  [
    'deep nesting',
    text.replace('"groups"', `"deep":${'['.repeat(5000)}${']'.repeat(5000)},"groups"`),
    /nested deeper/u,
  ],
  ['a list', '[]', /not an agent file/u],
  [
    'half a token',
    text.replace('"name":"Ada"', '"name":"Ada","context_window_limit":1.5'),
    /Import failed: agents\.0\.context_window_limit: .*int/u,
  ],
  [
    'a kind of agent nobody knows',
    text.replace('"name":"Ada"', '"agent_type":"oracle"'),
    /Import failed: agents\.0\.agent_type/u,
  ],
];

it.each(broken)('%s is refused and changes nothing', async (_name, bad, message) => {
  const database = await tempStore();
  await importAgentFile(database, text, options);
  const before = rowCounts(database);
  await expect(importAgentFile(database, bad, options)).rejects.toThrow(message);
  expect(rowCounts(database)).toEqual(before);
});

it('a call without result gets one, what was sent can be found, an oversize block stays whole', async () => {
  const database = await tempStore();
  const { agent_ids, warnings } = await importAgentFile(database, text, options);
  const rows = await readBackupRows(database.read, agent_ids[0] ?? '');
  expect(rows.message.map((row) => [row['role'], row['tool_call_id'], row['text']])).toEqual([
    ['assistant', null, 'tulip'],
    ['tool', 'call-1', expect.stringContaining('Outcome unknown')],
  ]);
  expect(rows.window_entry.length).toBe(2);
  expect(rows.block[0]?.['value']).toBe('over the\u0000 limit');
  expect(rows.block_version[0]?.['actor']).toBe('import');
  expect(warnings.join(' ')).toMatch(/no result.*|kept whole/u);
  const found = database.raw
    .prepare("select count(*) as n from message_fts where message_fts match 'text:tulip'")
    .get();
  expect(found).toEqual({ n: 1 });
});

it('an export, the archive with it, comes back and holds no secret', async () => {
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, text, options);
  const [agent_id = ''] = agent_ids;
  database.raw.exec(`insert into archive values ('archive-1', 'Notes', '2026', null);
    insert into agent_archive values ('${agent_id}', 'archive-1');
    insert into passage values (7, 'passage-1', 'archive-1', 'wifi code tulip-42', '{}', 'agent', 4, 1, '2026', '2026', null);
    insert into passage_tag values (7, 'home');`);
  const exporting = { scrub_messages: false, clock: options.clock, toolSchemas: new Map() };
  const out = JSON.stringify((await exportAgent(database.read, agent_id, exporting)).file);
  expect(out).not.toContain('canary-secret');
  const other = await tempStore();
  const back = await importAgentFile(other, out, { ...options, name: 'Bob', model: 'openai/gpt-4o-mini' });
  const rows = await readBackupRows(other.read, back.agent_ids[0] ?? '');
  expect(rows.agent[0]).toMatchObject({ name: 'Bob', model: 'openai/gpt-4o-mini' });
  expect(rows.passage.map((row) => row['text'])).toEqual(['wifi code tulip-42']);
  expect(rows.passage_tag.map((row) => row['tag'])).toEqual(['home']);
  expect(
    other.raw.prepare("select count(*) as n from passage_fts where passage_fts match 'text:wifi'").get(),
  ).toEqual({ n: 1 });
  expect(rows.message.length).toBe(2);
});

it('a scrubbed export holds memory and no messages', async () => {
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, text, options);
  const exporting = { scrub_messages: true, clock: options.clock, toolSchemas: new Map() };
  const { file: out } = await exportAgent(database.read, agent_ids[0] ?? '', exporting);
  expect(JSON.stringify(out)).not.toContain('tulip');
  const back = await importAgentFile(database, JSON.stringify(out), options);
  const rows = await readBackupRows(database.read, back.agent_ids[0] ?? '');
  expect([rows.message.length, rows.conversation.length, rows.block.length]).toEqual([0, 1, 1]);
});
