import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { inspectAgentFile } from '../../electron/agentfile/inspect.ts';
import { type BackupRow, type BackupRows, readBackupRows } from '../../electron/store/import.ts';
import { ROOT } from '../helpers/sources.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { windowFaults } from './window-faults.ts';

const clock = steppingClock('2026-02-01T00:00:00Z');
const options = { strip_messages: false, clock };

type Backup = { memoir: { format_version: number; rows: Record<string, BackupRow[]> } };

/** A file that a Memoir of before branches, approvals and proposals wrote. */
function firstFile(): Backup {
  return JSON.parse(readFileSync(join(ROOT, 'test/fixtures/agentfile/memoir-v1.af'), 'utf8')) as Backup;
}

async function cameIn(file: Backup): Promise<BackupRows> {
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, JSON.stringify(file), options);
  const rows = await readBackupRows(database.read, agent_ids[0] ?? '');
  expect(await windowFaults(database, rows)).toEqual([null, null, null]);
  return rows;
}

const GIVEN = ['digest', 'ord', 'passage_ord', 'ref', 'parent_id', 'fork_seq', 'undoes', 'undone_by'];
const ID = /[a-z]+-[0-9a-f-]{36}/gu;

/** A row with only what the first format says of it, ids and numbers that an import gives left out. */
function told(row: BackupRow, known: BackupRow): object {
  const columns = Object.keys(known).filter((name) => !GIVEN.includes(name) && !/(?:^|_)id$/u.test(name));
  return Object.fromEntries(columns.map((name) => [name, String(row[name]).replaceAll(ID, 'id')]));
}

it('a file of the first format comes in with every row it has', async () => {
  const file = firstFile();
  expect(file.memoir.format_version).toBe(1);
  const rows = await cameIn(file);
  for (const [table, came] of Object.entries(file.memoir.rows)) {
    const found = rows[table as keyof BackupRows];
    const [known = {}] = came;
    const order = (list: readonly object[]): string[] => list.map((row) => JSON.stringify(row)).toSorted();
    expect(order(found.map((row) => told(row, known))), table).toEqual(
      order(came.map((row) => told(row, known))),
    );
  }
  expect(rows.conversation.map(({ parent_id }) => parent_id)).toEqual([null, null, null]);
  expect(rows.summary).toMatchObject([{ mode: 'sliding_window', stats: '{}' }]);
});

it('a file of before sent messages and traces travelled comes in without them', async () => {
  const file = firstFile();
  Reflect.deleteProperty(file.memoir.rows, 'inbox');
  Reflect.deleteProperty(file.memoir.rows, 'step_trace');
  expect((await cameIn(file)).inbox).toEqual([]);
});

it('what came from the first format goes out in the newest, and a newer one is refused', async () => {
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, JSON.stringify(firstFile()), options);
  const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };
  const { file } = await exportAgent(database.read, agent_ids[0] ?? '', exporting);
  const again = JSON.parse(JSON.stringify(file)) as Backup;
  expect(again.memoir.format_version).toBe(2);
  again.memoir.format_version = 3;
  const inspecting = inspectAgentFile(database.read, JSON.stringify(again), { clock });
  await expect(inspecting).rejects.toThrow(/written by a newer Memoir .* reads up to 2/u);
});
