/**
 * A look of the Doctor through 100,000 messages (with calls, results, versions and archive entries) while the process
 * serves others: how long it takes, and how long it keeps others waiting at most, on the clock and in its own work. Then
 * a repair of 200 calls without a result, 200 dangling entries and an index that lost all it had.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';
import { type Backend, openBackend } from '../electron/backend.ts';
import { addPassage } from '../electron/memory/archival.ts';
import { directCause } from '../electron/memory/cause.ts';
import { systemClock } from '../electron/store/clock.ts';
import { appendMessage, type NewMessage } from '../electron/store/messages.ts';
import type { Write } from '../electron/store/database.ts';
import { openStore, STORE_FILE } from '../electron/store/open.ts';
import { print } from './figures.ts';

const TURNS = 25_000;
const TURNS_AT_ONCE = 500;
const ENTRIES = 2000;
const SHOWN = 10;
const WORDS = 'The garden, the weather and the trip to Lisbon were spoken of at length. '.repeat(5);

type Home = { readonly agent_id: string; readonly conversation_id: string };

const folder = mkdtempSync(join(tmpdir(), 'memoir-bench-'));
try {
  const home = await makeAgent(folder);
  await fill(folder, home);
  const backend = await openBackend({ dataDir: folder, env: {}, log: () => undefined });
  const size = statSync(join(folder, STORE_FILE)).size / 1e6;
  for (let round = 0; round < 3; round += 1)
    await look(backend, `look ${round + 1}, store of ${size.toFixed(0)} MB`);
  hurt(folder, home);
  await mend(backend);
  await backend.close();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function makeAgent(dataDir: string): Promise<Home> {
  const backend = await openBackend({ dataDir, env: {}, log: () => undefined });
  const { agents } = await backend.call('agents.list', {});
  const agent_id = agents[0]?.id ?? '';
  const { conversations } = await backend.call('conversations.list', { agent_id });
  await backend.close();
  return { agent_id, conversation_id: conversations[0]?.id ?? '' };
}

async function fill(dataDir: string, home: Home): Promise<void> {
  const { database } = await openStore(dataDir);
  for (let turn = 0; turn < TURNS; turn += TURNS_AT_ONCE) {
    await database.transaction(async (tx) => {
      for (let next = turn; next < turn + TURNS_AT_ONCE; next += 1) await sayTurn(tx, home, next);
    });
  }
  await database.transaction(async (tx) => {
    const context = { clock: systemClock, cause: directCause('user', home.agent_id) };
    for (let entry = 0; entry < ENTRIES; entry += 1) {
      await addPassage(
        tx,
        { agent_id: home.agent_id, text: `Entry ${entry}: ${WORDS}`, tags: ['bench'] },
        context,
      );
    }
  });
  await database.close();
}

async function sayTurn(tx: Write, home: Home, turn: number): Promise<void> {
  const tool_call_id = `call_${turn}`;
  const call = { tool_call_id, name: 'conversation_search', arguments: '{"query":"garden"}' };
  await say(tx, home, turn, { role: 'user', text: `Question ${turn}: ${WORDS}` });
  await say(tx, home, turn, { role: 'assistant', text: '', tool_calls: [call] });
  await say(tx, home, turn, {
    role: 'tool',
    text: `Found ${turn}: ${WORDS}`,
    tool_call_id,
    tool_status: 'success',
  });
  await say(tx, home, turn, { role: 'assistant', text: `Answer ${turn}: ${WORDS}` });
}

async function say(
  tx: Write,
  home: Home,
  turn: number,
  said: Pick<NewMessage, 'role' | 'text'> & Partial<NewMessage>,
): Promise<void> {
  await appendMessage(tx, {
    id: systemClock.newId('message'),
    ...home,
    name: null,
    content: said.text === '' ? [] : [{ type: 'text', text: said.text }],
    tool_calls: [],
    tool_call_id: null,
    tool_status: null,
    otid: null,
    run_id: null,
    step_id: null,
    status: 'complete',
    token_count: 80,
    model: null,
    timezone: 'UTC',
    created_at: systemClock.now(),
    in_window: turn >= TURNS - SHOWN,
    ...said,
  });
}

/** The longest time others wait while work goes on, on the clock and of this thread's own work, in ms. */
async function watch(
  work: () => Promise<unknown>,
): Promise<{ took: number; waited: number; worked: number }> {
  let is_over = false;
  let [waited, worked] = [0, 0];
  let [at, cpu] = [performance.now(), cpuMs()];
  const tick = (): void => {
    const now = [performance.now(), cpuMs()] as const;
    waited = Math.max(waited, now[0] - at);
    worked = Math.max(worked, now[1] - cpu);
    [at, cpu] = now;
    if (!is_over) setImmediate(tick);
  };
  tick();
  const start = performance.now();
  await work();
  is_over = true;
  return { took: performance.now() - start, waited, worked };
}

function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

async function look(backend: Backend, what: string): Promise<void> {
  let found = -1;
  const { took, waited, worked } = await watch(async () => {
    found = (await backend.call('doctor.check', {})).findings.filter(({ repair }) => repair !== null).length;
  });
  print(
    `${what}: ${took.toFixed(0)} ms, ${found} findings to mend; others waited ${waited.toFixed(0)} ms at most, ` +
      `${worked.toFixed(0)} ms of it work of this thread (aim <= 50)`,
  );
}

function hurt(dataDir: string, { conversation_id }: Home): void {
  const store = new SqliteHandle(join(dataDir, STORE_FILE));
  store.exec(
    `update message set tool_call_id = 'other' where role = 'tool' and seq > (select max(seq) - 800 from message)`,
  );
  const entry = store.prepare("insert into window_entry values (?, ?, 'message', ?, null)");
  for (let ord = 0; ord < 200; ord += 1) entry.run(conversation_id, 1_000_000 + ord, `message-gone-${ord}`);
  store.exec("insert into message_fts (message_fts) values ('delete-all')");
  store.close();
}

async function mend(backend: Backend): Promise<void> {
  let words = '';
  const { took, waited, worked } = await watch(async () => {
    const { mended, after } = await backend.call('doctor.repair', {});
    words = `${mended.length} things mended, ${after.repairable} left to mend`;
  });
  print(
    `repair: ${words} in ${took.toFixed(0)} ms; others waited ${waited.toFixed(0)} ms at most, ` +
      `${worked.toFixed(0)} ms of it work of this thread`,
  );
}
