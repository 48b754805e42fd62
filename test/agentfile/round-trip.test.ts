import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportAgent } from '../../electron/agentfile/export.ts';
import { importAgentFile } from '../../electron/agentfile/import.ts';
import { inspectAgentFile } from '../../electron/agentfile/inspect.ts';
import { BACKUP_TABLES, readBackupRows } from '../../electron/store/import.ts';
import { steppingClock, tempStore } from '../helpers/temp-store.ts';
import { rowCounts } from './row-counts.ts';

const FOLDER = join(import.meta.dirname, '../../../shared/data/agent-files');
const samples = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.af')) : [];
const options = { strip_messages: false, clock: steppingClock() };
const exporting = { scrub_messages: false, clock: steppingClock(), toolSchemas: new Map() };

type Json = Record<string, unknown>;

function read(name: string): string {
  return readFileSync(join(FOLDER, name), 'utf8');
}

function decode(text: string): Json {
  const value: unknown = JSON.parse(text);
  return (typeof value === 'string' ? JSON.parse(value) : value) as Json;
}

// Ids replaced by the order in which the agent names them; what the format lets an exporter make anew left out.
function comparable(file: Json): unknown {
  const agent = structuredClone((file['agents'] as Json[])[0] ?? {});
  const byId = (list: unknown): Map<unknown, Json> =>
    new Map((list as Json[]).map((item) => [item['id'], item]));
  const pick = (ids: unknown, list: unknown): Json[] =>
    ((ids ?? []) as string[]).map((id) => ({ ...byId(list).get(id), id: '' }));
  const messages = agent['messages'] as Json[];
  const clean = messages.map(({ id: _id, otid: _otid, agent_id: _agent, type: _type, ...rest }) => rest);
  const context = (agent['in_context_message_ids'] as string[]).map((id) =>
    messages.findIndex((message) => message['id'] === id),
  );
  const { memory_blocks: _m, model_settings: _s, secrets: _x, ...fields } = agent;
  return {
    ...fields,
    secret_names: Object.keys((agent['secrets'] ?? {}) as Json),
    messages: clean,
    in_context_message_ids: context,
    block_ids: pick(agent['block_ids'], file['blocks']),
    tool_ids: pick(agent['tool_ids'], file['tools']),
    ...Object.fromEntries(
      ['files', 'sources', 'groups', 'mcp_servers', 'metadata'].map((key) => [key, file[key]]),
    ),
  };
}

// Only what was in the first file must be in the second; an exporter may add fields.
async function roundTrip(text: string): Promise<[unknown, unknown]> {
  const database = await tempStore();
  const { agent_ids } = await importAgentFile(database, text, options);
  const { file: back } = await exportAgent(database.read, agent_ids[0] ?? '', exporting);
  return [comparable(back), comparable(decode(text))];
}

describe.skipIf(samples.length === 0)('agent files of Letta (skipped without ../shared/data)', () => {
  const current = samples.filter((name) => !name.startsWith('legacy'));

  it.each(current)('%s comes in and goes out without loss', async (name) => {
    const [back, came] = await roundTrip(read(name));
    expect(back).toMatchObject(came as object);
  });

  it.each(samples.filter((name) => name.startsWith('legacy')))(
    '%s is refused as legacy, plainly',
    async (name) => {
      const database = await tempStore();
      const before = rowCounts(database);
      await expect(importAgentFile(database, read(name), options)).rejects.toThrow(/legacy generation/u);
      expect(rowCounts(database)).toEqual(before);
    },
  );

  it.each(current)('%s is previewed without writing', async (name) => {
    const database = await tempStore();
    const preview = await inspectAgentFile(database.read, read(name), options);
    expect(preview.kind).toBe('letta-v2');
    expect(preview.agents.length).toBeGreaterThan(0);
  });

  it('a planted loss is caught by the comparison', async () => {
    const [back, came] = await roundTrip(read('loop.af'));
    const lossy = structuredClone(back) as { messages: Json[] };
    lossy.messages[2] = { ...lossy.messages[2], tool_returns: [] };
    expect(() => expect(lossy).toMatchObject(came as object)).toThrow(/to match object/u);
  });

  it.each(current)('a backup of %s comes back byte for byte', async (name) => {
    const database = await tempStore();
    const first = await importAgentFile(database, read(name), options);
    const before = await readBackupRows(database.read, first.agent_ids[0] ?? '');
    const { file } = await exportAgent(database.read, first.agent_ids[0] ?? '', exporting);
    const text = JSON.stringify(file);
    const second = await importAgentFile(database, text, options);
    const after = await readBackupRows(database.read, second.agent_ids[0] ?? '');
    for (const table of BACKUP_TABLES) expect(anonymous(after[table])).toEqual(anonymous(before[table]));
  });
});

function anonymous(rows: readonly object[]): string[] {
  const named = rows.map((row) =>
    JSON.stringify({ ...row, digest: '', ord: 0, passage_ord: 0 }).replaceAll(
      /[0-9a-f]{8}-[0-9a-f-]{27}/gu,
      'ID',
    ),
  );
  return named.toSorted();
}
