/**
 * Import of 20,000 messages, from a file of Letta's and from a backup of Memoir's, file text to searchable history,
 * beside a bare prepared statement that inserts the same rows (messages, index, window, ids) in the same process. Each
 * commits to disk once. Then, how long an import of 60,000 messages keeps others waiting.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import type SqliteHandle from 'better-sqlite3';
import { exportAgent } from '../electron/agentfile/export.ts';
import { importAgentFile } from '../electron/agentfile/import.ts';
import { systemClock } from '../electron/store/clock.ts';
import { openStore } from '../electron/store/open.ts';
import { median, print } from './figures.ts';

const MESSAGES = 20_000;
const LONG = 60_000;
const ROUNDS = 5;
const TABLES = ['message', 'window_entry', 'import_id'] as const;

type Row = Readonly<Record<string, string | number | null>>;

const folder = mkdtempSync(join(tmpdir(), 'memoir-bench-'));
try {
  const letta = agentFile(MESSAGES);
  await compare('letta', letta);
  await compare('memoir', await backupOf(letta));
  await blockOf(join(folder, 'long'), agentFile(LONG, 'w '.repeat(300)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function compare(kind: string, text: string): Promise<void> {
  const whole: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const { took, rows } = await importOnce(join(folder, `${kind}-${round}`), text);
    whole.push(took);
    bare.push(await insertBare(join(folder, `${kind}-bare-${round}`), rows));
  }
  const ratio = median(whole) / median(bare);
  print(
    `import of ${MESSAGES} messages, ${kind} file of ${(text.length / 1e6).toFixed(1)} MB: ${median(whole).toFixed(0)} ms; ` +
      `bare insert of the same rows: ${median(bare).toFixed(0)} ms; ratio ${ratio.toFixed(1)} (aim <= 3)`,
  );
}

async function backupOf(text: string): Promise<string> {
  const { database } = await openStore(join(folder, 'backup'));
  const { agent_ids } = await importAgentFile(database, text, { strip_messages: false, clock: systemClock });
  const options = { scrub_messages: false, clock: systemClock, toolSchemas: new Map() };
  const { file } = await exportAgent(database.read, agent_ids[0] ?? '', options);
  await database.close();
  return JSON.stringify(file);
}

/** How long an import of a long file keeps everyone else waiting at most. */
async function blockOf(dataDir: string, text: string): Promise<void> {
  const { database } = await openStore(dataDir);
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  await delay(100);
  delays.reset();
  const start = performance.now();
  await importAgentFile(database, text, { strip_messages: false, clock: systemClock });
  const took = performance.now() - start;
  await delay(100);
  delays.disable();
  const [longest, usual] = [delays.max, delays.percentile(99)].map((ns) => (ns / 1e6).toFixed(0));
  print(
    `import of ${LONG} messages, letta file of ${(text.length / 1e6).toFixed(1)} MB: ${took.toFixed(0)} ms; longest wait ` +
      `of others ${longest} ms, 99 of 100 at most ${usual} ms`,
  );
  await database.close();
}

function agentFile(count: number, more = ''): string {
  const talk = Array.from({ length: count }, (_, index) => ({
    id: `message-${index + 1}`,
    role: index % 2 === 0 ? 'user' : 'assistant',
    content: [
      {
        type: 'text',
        text: `Talk number ${index} about the garden, the weather and the trip to Lisbon ${more}`,
      },
    ],
    created_at: '2026-01-01T00:00:00Z',
  }));
  const messages = [{ id: 'message-0', role: 'system', content: 'prompt' }, ...talk];
  const in_context_message_ids = messages.map(({ id }) => id);
  const agents = [
    { id: 'agent-0', name: 'Ada', block_ids: [], tool_ids: [], messages, in_context_message_ids },
  ];
  const parts = { groups: [], blocks: [], files: [], sources: [], tools: [], mcp_servers: [] };
  return JSON.stringify({ agents, ...parts });
}

async function importOnce(
  dataDir: string,
  text: string,
): Promise<{ took: number; rows: Record<string, Row[]> }> {
  const { database } = await openStore(dataDir);
  const start = performance.now();
  await importAgentFile(database, text, { strip_messages: false, clock: systemClock });
  const took = performance.now() - start;
  const tables = [...TABLES, 'agent', 'conversation'];
  const rows = Object.fromEntries(
    tables.map((table) => [table, database.raw.prepare(`select * from ${table}`).all() as Row[]]),
  );
  await database.close();
  return { took, rows };
}

async function insertBare(dataDir: string, rows: Readonly<Record<string, readonly Row[]>>): Promise<number> {
  const { database } = await openStore(dataDir);
  const handle = database.raw;
  const insert = handle.transaction((tables: readonly string[]) => {
    for (const table of tables) insertRows(handle, table, rows[table] ?? []);
  });
  insert(['agent', 'conversation']);
  const start = performance.now();
  handle.transaction(() => {
    insert(TABLES);
    const index = handle.prepare('insert into message_fts (rowid, scope, text) values (?, ?, ?)');
    for (const row of rows['message'] ?? []) index.run(row['ord'], 'scope', row['text']);
  })();
  const took = performance.now() - start;
  await database.close();
  return took;
}

function insertRows(handle: SqliteHandle.Database, table: string, rows: readonly Row[]): void {
  const columns = Object.keys(rows[0] ?? {});
  const places = columns.map(() => '?').join(', ');
  const statement = handle.prepare(`insert into ${table} (${columns.join(', ')}) values (${places})`);
  for (const row of rows) statement.run(columns.map((column) => row[column]));
}
