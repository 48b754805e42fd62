import { expect, it } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { systemClock } from '../../electron/store/clock.ts';
import type { BackupRow } from '../../electron/store/import.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { addInboxAndTrace, addQuestions } from './journal.ts';
import { openRun } from './open-run.ts';
import { makeRichAgent } from './rich-agent.ts';
import { rowCounts } from './row-counts.ts';
import { faultOfRefusal, openStage, readAll, type Stage } from './stage.ts';

const VALUES: readonly (string | number | null)[] = ['garbage', -1, ''];
const JSON_VALUES = [...VALUES, '{}', 'null', null];

type Backup = { memoir: { rows: Record<string, Record<string, BackupRow[string]>[]> } };

async function makeBackup(): Promise<string> {
  const clock = steppingClock('2026-02-01T00:00:00Z');
  const database = await tempStore();
  const { agent_id, conversation_id, block_id } = await makeRichAgent(database, clock);
  await openRun(database, clock, { agent_id, conversation_id });
  addInboxAndTrace(database, { conversation_id, text: 'Do two things' });
  addQuestions(database, { conversation_id, agent_id, block_id });
  const exporting = { scrub_messages: false, clock, toolSchemas: new Map() };
  const { file } = await exportAgent(database.read, agent_id, exporting);
  return JSON.stringify(file);
}

function spoiledValues([column, came]: [string, BackupRow[string]]): [string, BackupRow[string]][] {
  const values = /^[[{]/u.test(String(came)) ? JSON_VALUES : VALUES;
  return values.filter((value) => value !== came).map((value) => [column, value]);
}

/** What is wrong after an import of a spoiled file, or `null`. */
async function faultOf(stage: Stage, text: string): Promise<string | null> {
  const before = rowCounts(stage.database);
  try {
    const options = { strip_messages: false, clock: systemClock };
    const { agent_ids } = await importAgentFile(stage.database, text, options);
    for (const agent_id of agent_ids) await readAll(stage, agent_id);
    for (const agent_id of agent_ids) await stage.call('agents.delete', { agent_id });
    return null;
  } catch (error) {
    return faultOfRefusal(error, before, rowCounts(stage.database));
  }
}

it('a backup with any one column spoiled is refused, or comes in whole and readable', async () => {
  const text = await makeBackup();
  const stage = await openStage();
  const faults: string[] = [];
  // As it is it comes in; else the rest of this would show nothing.
  await expect(stage.call('agents.import', { text })).resolves.toBeDefined();
  const { rows } = (JSON.parse(text) as Backup).memoir;
  for (const [table, [row]] of Object.entries(rows)) {
    expect(row, table).toBeDefined();
    for (const [column, value] of Object.entries(row ?? {}).flatMap(spoiledValues)) {
      const file = JSON.parse(text) as Backup;
      Object.assign(file.memoir.rows[table]?.[0] ?? {}, { [column]: value });
      const fault = await faultOf(stage, JSON.stringify(file));
      if (fault !== null) faults.push(`${table}.${column} = ${JSON.stringify(value)}: ${fault}`);
    }
  }
  expect(faults).toEqual([]);
}, 120_000);

it.each([
  ['block_version', 'id'],
  ['block_version', 'agent_id'],
  ['step', 'run_id'],
  ['passage', 'archive_id'],
])('an empty %s.%s is refused, naming the place', async (table, column) => {
  const file = JSON.parse(await makeBackup()) as Backup;
  const [row] = file.memoir.rows[table] ?? [];
  if (row !== undefined) row[column] = '';
  const { call } = await openStage();
  const place = new RegExp(String.raw`memoir\.rows\.${table}\.0\.${column}: .*Nothing was imported`, 'u');
  await expect(call('agents.import', { text: JSON.stringify(file) })).rejects.toThrow(place);
});
