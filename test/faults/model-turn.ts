import type { ApprovalDecision } from '../../shared/contract/approvals.ts';
import type { Run } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { words } from '../agent/compaction/window-items.ts';
import type { Chance } from '../helpers/chance.ts';
import type { AnyFault, HostileHome } from './model-home.ts';
import type { WatchedTalk } from './model-talk.ts';
import { CLIENT_TOOL } from './model-well.ts';

/** A conversation of the drill; its turns come one after the other, beside those of the others. */
export type Lane = {
  readonly talk: WatchedTalk;
  /** A block of its agent, which people edit now and then. */
  readonly block_id: string;
  readonly faults: readonly AnyFault[];
  readonly chance: Chance;
  is_stuck: boolean;
  number: number;
};

/** A run that was stopped. */
export type Cancel = {
  /** What it had been doing. */
  readonly during: string;
  /** The fault planned for its turn. */
  readonly fault: string;
  /** Milliseconds until it had stopped. */
  readonly took_ms: number;
  /** Those of them in which the system let this process do nothing: its timers were due, and it used no processor. */
  readonly starved_ms: number;
};

/** What happened so far, and what was found wrong. */
export type Tally = {
  turns: number;
  /** Conversations by the otids of messages that were acknowledged and not taken back. */
  readonly acknowledged: Map<string, string>;
  /** How often each fault was met. */
  readonly met: Map<string, number>;
  /** How often runs ended so. */
  readonly ends: Map<string, number>;
  readonly cancels: Cancel[];
  decisions: number;
  edits: number;
  compactions: number;
  repeats: number;
  restarts: number;
  readonly findings: string[];
};

const STUCK_AFTER_LOOKS = 45;

const TOOL = {
  name: CLIENT_TOOL,
  description: 'Reads the thermometer of a room.',
  parameters: { type: 'object', properties: { room: { type: 'string' } }, required: ['room'] },
};

/** Takes one turn: a message, what goes wrong and what people do meanwhile, and a look at what is left of it. */
export async function takeTurn(home: HostileHome, lane: Lane, tally: Tally, share: number): Promise<void> {
  const { talk, chance } = lane;
  const { conversation_id, agent_id } = talk;
  lane.number += 1;
  const name = planFault(home, lane, share);
  const cancels = chance.hits(0.12) ? armCancel(home, lane, { tally, fault: name ?? 'none' }) : null;
  await sayAndMeddle(home, lane, tally);
  const run = await rest(home, lane, tally);
  if (name !== null && home.met(conversation_id)) count(tally.met, name);
  const was_cancelled = cancels !== null && (await cancels.ended());
  if (name === null && !was_cancelled) tally.findings.push(...unanswered(lane, run));
  home.plan(conversation_id, null);
  if (isOpen(run) && chance.hits(0.3)) await resume(home, lane, { tally, run });
  tally.findings.push(...(await talk.lostPieces()));
  await home.checkNext(agent_id, conversation_id);
}

/** Draws whether something goes wrong in the turn, and what; says its name. */
function planFault(home: HostileHome, { talk, chance, faults }: Lane, share: number): string | null {
  if (!chance.hits(share)) {
    home.plan(talk.conversation_id, null);
    return null;
  }
  const fault = chance.pick(faults);
  home.plan(talk.conversation_id, { fault, at: chance.hits(0.7) ? 0 : 1 });
  return fault.fault.name;
}

function isOpen(run: Run | null): run is Run {
  return run !== null && run.state !== 'completed';
}

function unanswered({ number, talk }: Lane, run: Run | null): string[] {
  if (!isOpen(run)) return [];
  const ended = `${run.state}: ${run.error?.message ?? ''}`;
  return [`turn ${number} of ${talk.conversation_id} met no fault and ended ${ended}`];
}

/** A message, and what people do beside it. */
async function sayAndMeddle(home: HostileHome, lane: Lane, tally: Tally): Promise<void> {
  const { chance } = lane;
  await say(home, lane, tally);
  if (chance.hits(0.06)) await say(home, lane, tally);
  if (chance.hits(0.05)) await sendAndTakeBack(home, lane);
  if (chance.hits(0.1)) await editMemory(home, lane, tally);
  if (chance.hits(0.03)) await compactNow(home, lane, tally);
}

/** Says something and does not wait: Memoir is about to close. */
export async function sendAndLeave(home: HostileHome, lane: Lane, tally: Tally): Promise<void> {
  if (lane.is_stuck) return;
  home.plan(lane.talk.conversation_id, null);
  await say(home, lane, tally);
  if (lane.chance.hits(0.3)) await say(home, lane, tally);
}

/** Waits, after a restart, until a talk is at rest again, and goes on with what was cut in some. */
export async function settleLane(home: HostileHome, lane: Lane, tally: Tally): Promise<void> {
  if (lane.is_stuck) return;
  const run = await rest(home, lane, tally);
  if (run?.state === 'interrupted' && lane.chance.hits(0.5)) await resume(home, lane, { tally, run });
  tally.findings.push(...(await lane.talk.lostPieces()));
  await home.checkNext(lane.talk.agent_id, lane.talk.conversation_id);
}

async function say(home: HostileHome, lane: Lane, tally: Tally): Promise<void> {
  const { chance, talk } = lane;
  const { conversation_id } = talk;
  const otid = `otid-${conversation_id}-${tally.acknowledged.size}-${lane.number}`;
  const input = {
    conversation_id,
    otid,
    text: `Turn ${lane.number}: ${words(20 + chance.below(1500), lane.number)}`,
    max_steps: 8,
    ...(chance.hits(0.1) ? { client_tools: [TOOL] } : {}),
  };
  const first = await home.call('messages.send', input);
  tally.acknowledged.set(otid, conversation_id);
  if (!chance.hits(0.1)) return;
  tally.repeats += 1;
  const again = await home.call('messages.send', input);
  if (again.inbox_id !== first.inbox_id) tally.findings.push(`the same otid made a second message: ${otid}`);
}

async function sendAndTakeBack(home: HostileHome, lane: Lane): Promise<void> {
  const { conversation_id } = lane.talk;
  const otid = `back-${conversation_id}-${lane.number}`;
  const { inbox_id } = await home.call('messages.send', { conversation_id, otid, text: 'Never mind.' });
  await allowing(['conflict'], home.call('messages.unsend', { inbox_id }));
}

async function editMemory(home: HostileHome, lane: Lane, tally: Tally): Promise<void> {
  const block = await home.call('blocks.get', { block_id: lane.block_id });
  const longer = `${block.value}\nSaid by a person in turn ${lane.number}.`;
  // A block that is nearly full is begun anew, so that agents can go on editing it.
  const value = longer.length > (block.limit * 2) / 3 ? 'Likes tea.' : longer;
  await allowing(
    ['conflict', 'limit_exceeded'],
    home.call('blocks.update', { block_id: block.id, base_version: block.version, value }),
  );
  tally.edits += 1;
}

async function compactNow(home: HostileHome, lane: Lane, tally: Tally): Promise<void> {
  const { conversation_id } = lane.talk;
  const done = await allowing(
    ['conflict', 'model_overflow'],
    home.call('conversations.compact', { conversation_id }),
  );
  if (done !== null) tally.compactions += 1;
}

async function rest(home: HostileHome, lane: Lane, tally: Tally): Promise<Run | null> {
  const run = await lane.talk.rest(() => decide(home, lane, tally), STUCK_AFTER_LOOKS);
  if (run === null) {
    lane.is_stuck = true;
    const { conversation_id } = lane.talk;
    const { run: last, queue } = await home.call('runs.current', { conversation_id });
    tally.findings.push(
      `${conversation_id} is stuck: its run is ${String(last?.state)}, ${queue.length} messages wait`,
    );
    return null;
  }
  count(tally.ends, run.state);
  return run;
}

async function decide(home: HostileHome, lane: Lane, tally: Tally): Promise<void> {
  const { chance, talk } = lane;
  const { approvals } = await home.call('runs.current', { conversation_id: talk.conversation_id });
  if (approvals.length === 0) return;
  // Who is asked may say something else first; it waits until they have decided.
  if (chance.hits(0.1)) await say(home, lane, tally);
  const decisions = approvals.map(({ id, kind, name }): ApprovalDecision => {
    if (kind === 'client') {
      const status = chance.hits(0.8) ? 'success' : 'error';
      return { approval_id: id, decision: 'return', result: '21 degrees', status };
    }
    if (chance.hits(0.3)) return { approval_id: id, decision: 'deny', reason: 'Not now.' };
    const edited = name === 'archival_memory_insert' && chance.hits(0.3);
    return {
      approval_id: id,
      decision: 'approve',
      ...(edited ? { arguments: { content: 'As a person put it.' } } : {}),
    };
  });
  tally.decisions += decisions.length;
  await allowing(['conflict'], home.call('approvals.decide', { decisions }));
}

async function resume(
  home: HostileHome,
  lane: Lane,
  { tally, run }: { readonly tally: Tally; readonly run: Run },
): Promise<void> {
  const begun = await allowing(['conflict', 'busy'], home.call('runs.resume', { run_id: run.id }));
  if (begun === null) return;
  const ended = await rest(home, lane, tally);
  const may_end = ['completed', 'failed'];
  if (ended !== null && !may_end.includes(ended.state)) {
    tally.findings.push(`the resumed run ${run.id} ended ${ended.state}`);
  }
}

const PAUSE_MS = 5;
const STILL_MS = 30;

const MOMENTS: readonly (readonly [string, (event: MemoirEvent) => boolean])[] = [
  ['asking', ({ type }) => type === 'run.started'],
  ['speaking', ({ type }) => type === 'message.delta'],
  ['using a tool', ({ type }) => type === 'tool.changed'],
  ['waiting for the provider', ({ type }) => type === 'run.waiting'],
  ['compacting', ({ type }) => type === 'run.compacting'],
  ['waiting for a person', ({ type }) => type === 'run.paused'],
  ['queueing', ({ type }) => type === 'queue.changed'],
];

/** Stops the run at a moment of a kind, some milliseconds later, and takes the time. */
function armCancel(
  home: HostileHome,
  { talk, chance }: Lane,
  { tally, fault }: { readonly tally: Tally; readonly fault: string },
): { readonly ended: () => Promise<boolean> } {
  const [during, fits] = chance.pick(MOMENTS);
  const later_ms = chance.hits(0.5) ? 0 : chance.below(40);
  let stopping: Promise<boolean> | null = null;
  const off = talk.onEvent((event) => {
    if (stopping === null && fits(event)) stopping = stop();
  });
  const stop = async (): Promise<boolean> => {
    await new Promise((resolve) => setTimeout(resolve, later_ms));
    const { run } = await home.call('runs.current', { conversation_id: talk.conversation_id });
    if (run === null || !['running', 'waiting'].includes(run.state)) return false;
    const start = performance.now();
    const starved = watchStarving();
    const ended = await allowing(['conflict'], home.call('runs.cancel', { run_id: run.id }));
    const took_ms = performance.now() - start;
    const starved_ms = starved();
    if (ended === null) return false;
    tally.cancels.push({ during, fault, took_ms, starved_ms });
    return true;
  };
  return {
    ended: async () => {
      off();
      return (await stopping) === true;
    },
  };
}

/** Watches how long the system keeps this process from its work, in all, short times left out. */
function watchStarving(): () => number {
  let seen = performance.now();
  let used = process.cpuUsage();
  let lost = 0;
  const look = (): void => {
    const now = performance.now();
    const { user, system } = process.cpuUsage(used);
    const still_ms = now - seen - (user + system) / 1000;
    if (still_ms > STILL_MS) lost += still_ms;
    seen = now;
    used = process.cpuUsage();
  };
  const timer = setInterval(look, PAUSE_MS);
  return () => {
    clearInterval(timer);
    look();
    return lost;
  };
}

/** The outcome, or `null` when it was refused for one of these reasons. */
async function allowing<Outcome>(codes: readonly string[], work: Promise<Outcome>): Promise<Outcome | null> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof AppError && codes.includes(error.code)) return null;
    throw error;
  }
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1);
}
