import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../electron/store/open.ts';
import { seededChance } from '../helpers/chance.ts';
import { makeLanes } from './model-lanes.ts';
import { type HostileHome, openHostileHome } from './model-home.ts';
import { historyOf } from './model-talk.ts';
import { type Lane, sendAndLeave, settleLane, takeTurn, type Tally } from './model-turn.ts';
import { wellByChance } from './model-well.ts';
import { findHalfEdits } from './verify/memory.ts';
import { findUnpaired } from './verify/talk.ts';

/** What a drill is to do. */
export type TurnDrill = {
  readonly turns: number;
  readonly seed: number;
  /** How many times shorter than in life patience and waits are. */
  readonly haste: number;
  /** Where its folder is made. */
  readonly parent: string;
  /** Turns until Memoir is closed in the middle of its work and opened again. */
  readonly reopen_after: number;
};

/** What a drill came to. A sound runtime has no findings. */
export type DrillReport = Omit<Tally, 'acknowledged'> & {
  readonly acknowledged: number;
  readonly summaries: number;
};

const SHARE_OF_FAULTS = 0.3;

/**
 * Talks in eight conversations of four agents at once, on servers that fail in three turns of ten, with cancels, edits of
 * memory, compactions, approvals, repeated sends and restarts among them, and looks for what is stuck, lost or unsound.
 */
export async function drillTurns(drill: TurnDrill): Promise<DrillReport> {
  const folder = mkdtempSync(join(drill.parent, 'memoir-turns-'));
  const chance = seededChance(drill.seed);
  const home = await openHostileHome(folder, wellByChance(chance, SHARE_OF_FAULTS), drill.haste);
  const tally: Tally = {
    turns: 0,
    acknowledged: new Map(),
    met: new Map(),
    ends: new Map(),
    cancels: [],
    decisions: 0,
    edits: 0,
    compactions: 0,
    repeats: 0,
    restarts: 0,
    findings: [],
  };
  let summaries = 0;
  try {
    const lanes = await makeLanes(home, drill.seed);
    while (tally.turns < drill.turns) {
      const due = Math.min(drill.reopen_after, drill.turns - tally.turns);
      await runPhase({ home, lanes, tally }, due);
    }
    for (const lane of lanes) {
      const { conversation_id } = lane.talk;
      summaries += (await home.call('summaries.list', { conversation_id })).summaries.length;
      tally.findings.push(...(await findLost(home, lane, tally)));
    }
    const { findings } = await home.call('doctor.check', {});
    for (const { severity, kind, what } of findings) {
      if (severity !== 'ok') tally.findings.push(`the Doctor finds ${kind}: ${what}`);
    }
    await home.close();
    tally.findings.push(...new Set(home.refusals), ...(await findUnsound(join(folder, 'data'))));
  } finally {
    await home.close();
    rmSync(folder, { recursive: true, force: true });
  }
  return { ...tally, acknowledged: tally.acknowledged.size, summaries };
}

type Phase = { readonly home: HostileHome; readonly lanes: readonly Lane[]; readonly tally: Tally };

async function runPhase({ home, lanes, tally }: Phase, turns: number): Promise<void> {
  let left = turns;
  await Promise.all(
    lanes.map(async (lane) => {
      while (left > 0 && !lane.is_stuck) {
        left -= 1;
        tally.turns += 1;
        await takeTurn(home, lane, tally, SHARE_OF_FAULTS);
      }
    }),
  );
  if (lanes.every(({ is_stuck }) => is_stuck)) throw new Error('Every conversation is stuck.');
  await Promise.all(lanes.map((lane) => sendAndLeave(home, lane, tally)));
  await home.reopen();
  tally.restarts += 1;
  await Promise.all(lanes.map((lane) => settleLane(home, lane, tally)));
}

/** Acknowledged messages of a talk that are not in it exactly once. */
async function findLost(home: HostileHome, lane: Lane, tally: Tally): Promise<string[]> {
  const { conversation_id } = lane.talk;
  const counts = new Map<string, number>();
  for (let before_seq: number | undefined; ;) {
    const messages = await historyOf(home, conversation_id, 200, before_seq);
    for (const { otid } of messages) if (otid !== null) counts.set(otid, (counts.get(otid) ?? 0) + 1);
    before_seq = messages[0]?.seq;
    if (before_seq === undefined || before_seq <= 1) break;
  }
  const sent = [...tally.acknowledged].filter(([, where]) => where === conversation_id);
  return sent.flatMap(([otid]) => {
    const count = counts.get(otid) ?? 0;
    return count === 1 ? [] : [`the acknowledged message ${otid} is in the talk ${count} times`];
  });
}

async function findUnsound(data_dir: string): Promise<string[]> {
  const { database, quickCheck } = await openStore(data_dir);
  const open = await database.read
    .selectFrom('run')
    .select('id')
    .where('state', 'in', ['running', 'waiting'])
    .execute();
  const calls = await database.read
    .selectFrom('tool_call')
    .select('id')
    .where('state', 'in', ['pending', 'waiting', 'running'])
    .execute();
  const damage = quickCheck();
  const found = [
    ...findUnpaired(database.raw, true),
    ...findHalfEdits(database.raw),
    ...open.map(({ id }) => `run ${id} has no end`),
    ...calls.map(({ id }) => `call ${id} has no result`),
    ...(damage === null ? [] : [damage]),
  ];
  await database.close();
  return found;
}
