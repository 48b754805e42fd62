import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { createRuntime } from '../../electron/agent/runtime.ts';
import { createModelRegistry } from '../../electron/models/registry.ts';
import { systemClock } from '../../electron/store/clock.ts';
import type { Database } from '../../electron/store/database.ts';
import { lockFolder } from '../../electron/store/lock.ts';
import { openStore } from '../../electron/store/open.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';
import { makeAgent } from '../agent/make-agent.ts';
import { type ScriptedAnswer, startScriptedModel } from '../helpers/scripted-openai.ts';

/** What a drill of kills found. Every list is empty for a sound runtime. */
export type DrillReport = {
  readonly kills: number;
  readonly acknowledged: number;
  readonly interrupted_runs: number;
  /** Messages acknowledged but not there afterwards. */
  readonly lost: readonly string[];
  /** Calls without exactly one result, blocks that differ from their newest version, refused requests. */
  readonly faults: readonly string[];
};

/**
 * Kills a process with SIGKILL `kills` times at random moments of its turns, opens its store again each time and looks
 * for what was lost or half done. `chance` gives numbers in `[0, 1)`.
 */
export async function drillKills(
  kills: number,
  chance: () => number,
  mode: 'sound' | 'acknowledge-early' = 'sound',
): Promise<DrillReport> {
  const folder = mkdtempSync(join(tmpdir(), 'memoir-kill-'));
  const model = await startScriptedModel((request, index) => answer(request.messages.at(-1)?.role, index));
  const acknowledged: string[] = [];
  const faults: string[] = [];
  try {
    const conversation_id = await prepare(folder);
    for (let round = 0; round < kills; round += 1) {
      const target = { folder, conversation_id, base_url: model.base_url, mode };
      acknowledged.push(...(await killOnce(target, chance)));
      faults.push(...(await inspect(target)));
    }
    const { database } = await openStore(folder);
    const rows = await database.read.selectFrom('inbox').select('otid').execute();
    const open = await database.read
      .selectFrom('run')
      .select('id')
      .where('state', '=', 'interrupted')
      .execute();
    await database.close();
    const kept = new Set(rows.map((row) => row.otid));
    return {
      kills,
      acknowledged: acknowledged.length,
      interrupted_runs: open.length,
      lost: acknowledged.filter((otid) => !kept.has(otid)),
      faults: [...faults, ...model.refusals],
    };
  } finally {
    await model.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

function answer(last_role: string | undefined, index: number): ScriptedAnswer {
  if (last_role === 'tool') return { kind: 'text', text: 'Done.' };
  const calls = [
    { id: 'call_0', name: 'memory_insert', arguments: { label: 'human', new_string: `Fact ${index}` } },
    {
      id: 'call_1',
      name: 'archival_memory_insert',
      arguments: { content: `Entry ${index}`, tags: ['drill'] },
    },
  ];
  return { kind: 'calls', calls };
}

async function prepare(folder: string): Promise<string> {
  const { database } = await openStore(folder);
  const { conversation_id } = await makeAgent(database);
  await database.close();
  return conversation_id;
}

type Target = {
  readonly folder: string;
  readonly conversation_id: string;
  readonly base_url: string;
  readonly mode: string;
};

async function killOnce(target: Target, chance: () => number): Promise<string[]> {
  const script = fileURLToPath(new URL('child.ts', import.meta.url));
  const args = [script, target.folder, target.conversation_id, target.base_url, target.mode];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: string[] = [];
  const ended = once(child, 'exit');
  const wanted = 1 + Math.floor(chance() * 3);
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    // The moment of the kill is random, so it is drawn in milliseconds after an acknowledgement.
    if (lines.length === wanted) setTimeout(() => child.kill('SIGKILL'), Math.floor(chance() * 15));
  }
  await ended;
  return lines;
}

/** Opens the store as the next start would and looks at it. */
async function inspect(target: Target): Promise<string[]> {
  const lock = lockFolder(target.folder);
  const { database, quickCheck } = await openStore(target.folder);
  const runtime = createRuntime({
    database,
    models: createModelRegistry({ env: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: target.base_url } }),
    tools: createToolRegistry(),
    clock: systemClock,
    emit: () => undefined,
    log: () => undefined,
    instance_id: systemClock.newId('boot'),
  });
  await runtime.recover();
  const sent = { text: 'Are you there?', otid: systemClock.newId('otid') };
  const { inbox_id } = await runtime.send(target.conversation_id, sent);
  const run = await runtime.waitFor(inbox_id);
  await runtime.close();
  const faults = [...(await findUnpaired(database)), ...(await findHalfEdits(database))];
  if (run.state !== 'completed') faults.push(`the next turn ended ${run.state}: ${run.error?.message ?? ''}`);
  const damage = quickCheck();
  if (damage !== null) faults.push(damage);
  await database.close();
  lock.release();
  return faults;
}

/** Calls that have not exactly one result. */
export async function findUnpaired(database: Database): Promise<string[]> {
  const messages = await database.read
    .selectFrom('message')
    .select(['tool_calls', 'tool_call_id', 'role'])
    .execute();
  const balance = new Map<string, number>();
  for (const message of messages) {
    for (const call of JSON.parse(message.tool_calls) as { tool_call_id: string }[]) {
      balance.set(call.tool_call_id, (balance.get(call.tool_call_id) ?? 0) + 1);
    }
    if (message.role === 'tool') {
      const id = message.tool_call_id ?? '';
      balance.set(id, (balance.get(id) ?? 0) - 1);
    }
  }
  return [...balance].filter(([, count]) => count !== 0).map(([id]) => `call ${id} is not paired`);
}

/** Blocks that differ from their newest version, filings that left no entry. */
export async function findHalfEdits(database: Database): Promise<string[]> {
  const blocks = await database.read.selectFrom('block').select(['id', 'value', 'version']).execute();
  const versions = await database.read
    .selectFrom('block_version')
    .select(['block_id', 'version', 'after'])
    .execute();
  const done = await database.read
    .selectFrom('tool_call')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('state', '=', 'done')
    .where('name', '=', 'archival_memory_insert')
    .executeTakeFirstOrThrow();
  const entries = await database.read
    .selectFrom('passage')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const faults = blocks.flatMap((block) => {
    const newest = versions.find((row) => row.block_id === block.id && row.version === block.version);
    return newest?.after === block.value
      ? []
      : [`block ${block.id} differs from its version ${block.version}`];
  });
  return done.count === entries.count
    ? faults
    : [...faults, `${done.count} filings done, ${entries.count} entries`];
}
