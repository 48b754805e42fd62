import { expect, it } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { inspectAgentFile } from '../../electron/agentfile/inspect.ts';
import type { Database } from '../../electron/store/database.ts';
import { readBackupRows } from '../../electron/store/import.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { lettaAgent, lettaFile } from './letta-file.ts';
import { openStage, readAll } from './stage.ts';

const clock = steppingClock('2026-02-01T00:00:00Z');
const options = { strip_messages: false, clock };

type Block = { readonly id: string; readonly label: string; readonly value: string; readonly limit: number };

function fileOf(blocks: readonly Block[], agent: object = {}): string {
  const block_ids = blocks.map(({ id }) => id);
  return JSON.stringify({ ...lettaFile, agents: [{ ...lettaAgent, block_ids, ...agent }], blocks });
}

async function blocksIn(database: Database, agent_id: string | undefined): Promise<unknown> {
  const rows = await readBackupRows(database.read, agent_id ?? '');
  return rows.block.map((row) => [row['label'], row['value'], row['char_limit']]);
}

const block = (id: number, label: string, limit = 100): Block => ({
  id: `block-${id}`,
  label,
  value: `text ${id}`,
  limit,
});

const TWINS = [block(0, 'human'), block(1, 'human'), block(2, 'human_2'), block(3, 'human')];

it('blocks of one label come in under labels of their own, and the preview says so', async () => {
  const database = await tempStore();
  const text = fileOf(TWINS);
  const { agent_ids, warnings } = await importAgentFile(database, text, options);
  expect(await blocksIn(database, agent_ids[0])).toEqual([
    ['human', 'text 0', 100],
    ['human_2', 'text 1', 100],
    ['human_2_2', 'text 2', 100],
    ['human_3', 'text 3', 100],
  ]);
  expect(warnings).toContain('Two blocks of an agent are labelled human; the second is called human_2.');
  const preview = await inspectAgentFile((await tempStore()).read, text, { clock });
  expect(preview.warnings).toEqual(warnings);
  const { block_version } = await readBackupRows(database.read, agent_ids[0] ?? '');
  const settings = block_version.map((row) => JSON.parse(String(row['settings'])) as { label: string });
  expect(settings.map(({ label }) => label)).toContain('human_2');
});

it('so do those of a backup, where the trash takes no label', async () => {
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(
    database,
    fileOf([block(0, 'human'), block(1, 'cat'), block(2, 'dog')]),
    options,
  );
  const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };
  const { file } = await exportAgent(database.read, agent_ids[0] ?? '', exporting);
  const copy = JSON.parse(JSON.stringify(file)) as { memoir: { rows: { block: Record<string, unknown>[] } } };
  for (const [place, row] of copy.memoir.rows.block.entries()) {
    row['label'] = 'human';
    if (place === 0) row['deleted_at'] = clock.now();
  }
  const back = await importAgentFile(database, JSON.stringify(copy), options);
  const rows = await readBackupRows(database.read, back.agent_ids[0] ?? '');
  expect(rows.block.map((row) => row['label'])).toEqual(['human', 'human', 'human_2']);
  expect(back.warnings.join(' ')).toContain('the second is called human_2');
});

it('a block without label or limit and an agent without name get one, and it is told', async () => {
  const database = await tempStore();
  const text = fileOf([block(0, ' '), block(1, 'cat', 0)], { name: '' });
  const { agent_ids, warnings } = await importAgentFile(database, text, options);
  expect(await blocksIn(database, agent_ids[0])).toEqual([
    ['block', 'text 0', 100],
    ['cat', 'text 1', 20_000],
  ]);
  const { agent } = await readBackupRows(database.read, agent_ids[0] ?? '');
  expect(agent[0]?.['name']).toBe('Imported agent');
  expect(warnings).toEqual(
    expect.arrayContaining([
      'An agent of the file has no name; it is called Imported agent.',
      'A block has no label; it is called block.',
      'Block cat has the limit 0; it is now 20000.',
    ]),
  );
});

it('a name that fills pages is cut', async () => {
  const database = await tempStore();
  const text = fileOf([], { name: 'x'.repeat(5000) });
  const { agent_ids, warnings } = await importAgentFile(database, text, options);
  const { agent } = await readBackupRows(database.read, agent_ids[0] ?? '');
  expect(agent[0]?.['name']).toBe('x'.repeat(200));
  expect(warnings.join(' ')).toContain('has 5000 characters; cut to 200');
});

it.each([
  { max_tokens: 0 },
  { max_tokens: 1.5 },
  { temperature: -1 },
  { temperature: 3 },
  { context_window: 0 },
  { context_window: -1 },
])('%o does not spoil the list of agents', async (numbers) => {
  const stage = await openStage();
  const text = fileOf([], { llm_config: { handle: 'memoir/offline', ...numbers } });
  const { agent_ids, warnings } = await stage.call('agents.import', { text });
  await readAll(stage, agent_ids[0] ?? '');
  expect(warnings.join(' ')).toMatch(/Ada: .* is nothing a model takes; its default is used\./u);
});

it.each([{ name: '' }, { name: ' ' }, { name: 'x'.repeat(201) }, { model: 'garbage' }, { model: '' }])(
  'an import asked for with %o is not begun',
  async (asked) => {
    const { call } = await openStage();
    const importing = call('agents.import', { text: fileOf([]), ...asked });
    await expect(importing).rejects.toMatchObject({ code: 'invalid_input' });
    expect((await call('agents.list', {})).agents).toEqual([]);
  },
);

it('a row that the store itself refuses is told plainly, and nothing of the file stays', async () => {
  const database = await tempStore();
  database.raw.exec(
    "create trigger full before insert on window_entry begin select raise(abort, 'not in my house'); end",
  );
  const importing = importAgentFile(database, fileOf([]), options);
  await expect(importing).rejects.toMatchObject({ code: 'unsupported' });
  await expect(importing).rejects.toThrow(/the store can not hold a part of this file/u);
  expect(database.raw.prepare('select count(*) from agent').pluck().get()).toBe(0);
});
