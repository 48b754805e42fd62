import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { sql } from 'kysely';
import { expect, onTestFinished, test } from 'vitest';
import { listApprovals } from '../../electron/store/approvals.ts';
import type { Database } from '../../electron/store/database.ts';
import { openStore } from '../../electron/store/open.ts';
import { makeAgent } from '../agent/make-agent.ts';
import { findHalfEdits } from '../faults/verify/memory.ts';
import { findUnpaired } from '../faults/verify/talk.ts';
import { startScriptedModel, type ScriptedAnswer, type ScriptedModel } from '../helpers/scripted-openai.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { createAskingRuntime } from './asking-runtime.ts';

const ASK = { ring: 'ask', memory_insert: 'ask' } as const;

function answer(last_role: string | undefined, index: number): ScriptedAnswer {
  if (last_role === 'tool') return { kind: 'text', text: 'Done.' };
  const insert = (what: string) => ({
    name: 'memory_insert',
    arguments: { label: 'human', new_string: `${what} ${index};` },
  });
  const file = { name: 'archival_memory_insert', arguments: { content: `Entry ${index}` } };
  const ring = { name: 'ring', arguments: { tone: `tone ${index}` } };
  return { kind: 'calls', calls: [ring, insert('Fact'), insert('Denied'), file] };
}

type Stage = {
  readonly folder: string;
  readonly bell: string;
  readonly conversation_id: string;
  readonly model: ScriptedModel;
};

async function setStage(): Promise<Stage> {
  const folder = tempDir();
  const model = await startScriptedModel((request, index) => answer(request.messages.at(-1)?.role, index));
  onTestFinished(() => model.close());
  const { database } = await openStore(folder);
  const tools = ['ring', 'memory_insert', 'archival_memory_insert'];
  const { conversation_id } = await makeAgent(database, { tools, tool_policies: ASK });
  await database.close();
  return { folder, bell: join(folder, 'bell.txt'), conversation_id, model };
}

/** Runs the child until it has said `lines` lines and a little longer, then kills it. Answers what it said. */
async function killAfter(stage: Stage, lines: number, wait_ms: number, mode = ''): Promise<string[]> {
  const script = fileURLToPath(new URL('asking-child.ts', import.meta.url));
  const args = [script, stage.folder, stage.conversation_id, stage.model.base_url, stage.bell, mode];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    said.push(line);
    if (said.length === lines) setTimeout(() => child.kill('SIGKILL'), wait_ms);
  }
  await ended;
  return said;
}

/** What a kill took back of what the child had said: nothing, in a sound runtime. */
async function lostDecisions(database: Database, said: readonly string[]): Promise<string[]> {
  const approvals = await listApprovals(database.read, {});
  const states = new Map(approvals.map(({ id, state }) => [id, state]));
  return said.filter((line) => {
    const [what, id = ''] = line.split(' ');
    const state = states.get(id);
    if (state === undefined || state === 'cancelled' || state === 'expired') return true;
    return what === 'decided' && state === 'pending';
  });
}

/** Starts as the next start would, decides all that waits and sends one more message. */
async function finish(stage: Stage, database: Database): Promise<string | undefined> {
  const { runtime, settled } = createAskingRuntime(database, { ...stage, base_url: stage.model.base_url });
  await runtime.recover();
  const sent = { text: 'Are you there?', otid: 'last' };
  const { inbox_id } = await runtime.send(stage.conversation_id, sent);
  for (;;) {
    const after = settled();
    const { approvals, run, queue } = await runtime.current(stage.conversation_id);
    const is_over = run?.state === 'completed' && queue.length === 0;
    if (is_over) break;
    const decisions = approvals.map(({ id }) => ({ approval_id: id, decision: 'approve' as const }));
    if (decisions.length > 0) await runtime.decide(decisions, 'user');
    await after;
  }
  const run = await runtime.waitFor(inbox_id);
  await runtime.close();
  return run.state;
}

type Call = Awaited<ReturnType<typeof callsByState>>[number];

/** What is wrong with a call: an effect without a result that says so, twice, or against what was decided. */
function faultOf(call: Call, world: { readonly rung: readonly string[]; readonly value: string }): string[] {
  const { tone = '', new_string = '' } = JSON.parse(call.arguments) as Record<string, string>;
  const rings = world.rung.filter((each) => each === tone).length;
  const facts = world.value.split(new_string).length - 1;
  const allowed = call.decision === 'approved';
  const checks: Record<string, boolean> = {
    ring: rings <= (allowed ? 1 : 0) && (call.state === 'done' ? rings === 1 : call.state !== 'pending'),
    memory_insert: facts === (call.state === 'done' ? 1 : 0) && (call.state === 'done') === allowed,
  };
  return (checks[call.name] ?? true) ? [] : [JSON.stringify({ ...call, rings, facts })];
}

async function callsByState(database: Database) {
  return database.read
    .selectFrom('tool_call')
    .leftJoin('approval', 'approval.call_id', 'tool_call.id')
    .select(['tool_call.name', 'tool_call.arguments', 'tool_call.state', 'approval.state as decision'])
    .orderBy(sql`tool_call.rowid`)
    .execute();
}

test('kills while calls wait, are decided and run lose no decision and run no approved call twice', async () => {
  const stage = await setStage();
  for (let round = 0; round < 4; round += 1) {
    const lines = 1 + Math.floor(Math.random() * 9);
    const said = await killAfter(stage, lines, Math.floor(Math.random() * 12));
    const { database, quickCheck } = await openStore(stage.folder);
    expect(await lostDecisions(database, said)).toEqual([]);
    expect(quickCheck()).toBeNull();
    await database.close();
  }
  const { database } = await openStore(stage.folder);
  expect(await finish(stage, database)).toBe('completed');
  const calls = await callsByState(database);
  const rung = existsSync(stage.bell) ? readFileSync(stage.bell, 'utf8').trim().split('\n') : [];
  const { value } = await database.read.selectFrom('block').select('value').executeTakeFirstOrThrow();
  expect(calls.flatMap((call) => faultOf(call, { rung, value }))).toEqual([]);
  expect(calls.filter(({ decision }) => decision === 'approved').length).toBeGreaterThan(0);
  expect(findUnpaired(database.raw, true)).toEqual([]);
  expect(findHalfEdits(database.raw)).toEqual([]);
  expect(stage.model.refusals).toEqual([]);
  await database.close();
}, 120_000);

test('a kill right after the last decision goes on by itself at the next start', async () => {
  const stage = await setStage();
  // Three requests and three decisions; the call that rings has begun or not.
  const said = await killAfter(stage, 6, 0);
  expect(said.filter((line) => line.startsWith('decided'))).toHaveLength(3);
  const { database } = await openStore(stage.folder);
  const { runtime, settled } = createAskingRuntime(database, { ...stage, base_url: stage.model.base_url });
  const after = settled();
  await runtime.recover();
  const { run, approvals: pending } = await runtime.current(stage.conversation_id);
  if (run?.state === 'running' || (run?.state === 'waiting' && pending.length === 0)) await after;
  const approvals = await listApprovals(database.read, {});
  expect(approvals.slice(0, 3).map(({ state }) => state)).toEqual(['approved', 'approved', 'denied']);
  const first = (await callsByState(database)).slice(0, 4).map(({ name, state }) => [name, state]);
  expect(first).toEqual([
    ['ring', expect.stringMatching(/^(?:done|unknown)$/u)],
    ['memory_insert', 'done'],
    ['memory_insert', 'failed'],
    ['archival_memory_insert', 'done'],
  ]);
  await runtime.close();
  await database.close();
}, 30_000);

test('a kill between an effect and its record: it is not done again, its outcome is unknown, the rest goes on', async () => {
  const stage = await setStage();
  await killAfter(stage, Infinity, 0, 'die-when-rung');
  const { database } = await openStore(stage.folder);
  const before = (await callsByState(database)).map(({ name, state }) => [name, state]);
  expect(before).toEqual([
    ['ring', 'running'],
    ['memory_insert', 'waiting'],
    ['memory_insert', 'waiting'],
    ['archival_memory_insert', 'pending'],
  ]);
  const { runtime, settled } = createAskingRuntime(database, { ...stage, base_url: stage.model.base_url });
  const after = settled();
  await runtime.recover();
  await after;
  const calls = await callsByState(database);
  expect(calls.map(({ name, state }) => [name, state])).toEqual([
    ['ring', 'unknown'],
    ['memory_insert', 'done'],
    ['memory_insert', 'failed'],
    ['archival_memory_insert', 'done'],
  ]);
  expect(readFileSync(stage.bell, 'utf8').trim().split('\n')).toHaveLength(1);
  const { run } = await runtime.current(stage.conversation_id);
  expect(run).toMatchObject({ state: 'completed', step_count: 2 });
  expect(stage.model.refusals).toEqual([]);
  await runtime.close();
  await database.close();
}, 30_000);
