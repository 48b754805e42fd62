import { endAbandonedRun } from '../agent/abandoned-run.ts';
import { keepDraft } from '../agent/keep-draft.ts';
import { LOST_RESULT } from '../agent/pairing.ts';
import type { Look } from '../store/checkup/look.ts';
import {
  closeCallRows,
  closeLeftOpen,
  findLeftOpen,
  findOpenCalls,
  hasRequests,
  type LeftOpen,
  listOpenRuns,
  type OpenCallRow,
} from '../store/checkup/open-work.ts';
import { readRun } from '../store/runs.ts';
import { type Damage, damage, type DoctorDeps, type Theatre } from './damage.ts';

type OpenRun = ReturnType<typeof listOpenRuns>[number];

/** Work that nobody does: runs without a process, and what is open of runs that are over. */
export async function checkWork(look: Look, deps: DoctorDeps): Promise<Damage[]> {
  const now = deps.clock.now();
  const stuck = listOpenRuns(look).filter((run) => isStuck(look, deps, run, now));
  const left = await findLeftOpen(look);
  const calls = (await findOpenCalls(look)).filter(({ answer_id }) => answer_id !== null);
  return [...stuck.map(stuckRun), ...left.map(leftOpen), ...calls.map(openRow)];
}

function isStuck(look: Look, deps: DoctorDeps, run: OpenRun, now: string): boolean {
  if (deps.isBusy(run.conversation_id)) return false;
  if (run.state === 'waiting') return !hasRequests(look, run.id);
  // A lease of another process means nothing: this one holds the data folder.
  return run.instance_id !== deps.instance_id || run.lease_until === null || run.lease_until < now;
}

function stuckRun({ id, agent_id, conversation_id, state }: OpenRun): Damage {
  const why =
    state === 'waiting' ? 'waits for a decision that nobody was asked for' : 'is at work, but no process is';
  return damage({
    kind: 'stuck_run',
    severity: 'error',
    ref: id,
    agent_id,
    conversation_id,
    what: `A run ${why}; nothing that is sent after it is answered.`,
    where: `run ${id}`,
    repair: 'It ends as interrupted, with a result for every call. It can be resumed.',
    mend: async ({ tx, deps, look, now }) => {
      const run = listOpenRuns(look).find((one) => one.id === id);
      if (run === undefined || !isStuck(look, deps, run, now)) return null;
      const how = await endAbandonedRun(tx, deps, await readRun(tx, id));
      return how === 'paused'
        ? 'A run without a process waits for its decision again.'
        : 'A run without a process ended as interrupted; every call has a result.';
    },
  });
}

const LEFT: Readonly<Record<LeftOpen['table'], { what: string; repair: string; did: string }>> = {
  step: {
    what: 'A step is open though its run is over.',
    repair: 'It is closed.',
    did: 'A step was closed whose run is over.',
  },
  approval: {
    what: 'A call waits for a decision though its run is over, so no decision would be carried out.',
    repair: 'The request is cancelled.',
    did: 'A request for approval was cancelled: its run is over.',
  },
  inbox: {
    what: 'A sent message counts as being answered though its run is over.',
    repair: 'It counts as answered; one that never reached the talk waits for its answer again.',
    did: 'A sent message no longer counts as being answered by a run that is over.',
  },
  draft: {
    what: 'What was streamed of an answer is not in the talk though its run is over.',
    repair: 'It becomes an interrupted message of the talk.',
    did: 'What was streamed of an answer is an interrupted message of the talk now.',
  },
};

function leftOpen(left: LeftOpen): Damage {
  const { table, id, agent_id } = left;
  const { what, repair, did } = LEFT[table];
  return damage({
    kind: 'left_open',
    severity: 'warning',
    ref: `${table} ${id}`,
    agent_id,
    what,
    where: `${table} ${id}`,
    repair,
    mend: async ({ tx, deps, now }) => {
      if (table !== 'draft') return (await closeLeftOpen(tx, left, now)) ? did : null;
      await keepDraft(tx, deps.clock, await readRun(tx, id));
      return did;
    },
  });
}

// Open calls without an answer are told with their message.
function openRow(call: OpenCallRow): Damage {
  const { id, agent_id, conversation_id, state } = call;
  return damage({
    kind: 'left_open',
    severity: 'warning',
    ref: `tool_call ${id}`,
    agent_id,
    conversation_id,
    what: `The journal says that a call is ${state}, but its result is in the talk.`,
    where: `tool_call ${id}`,
    repair: 'The journal says how it ended.',
    mend: (theatre) => closeRow(theatre, call),
  });
}

async function closeRow({ tx, now }: Theatre, call: OpenCallRow): Promise<string | null> {
  const { answer_id, message_id, tool_call_id } = call;
  if (answer_id === null) return null;
  const row = await tx.selectFrom('message').select('text').where('id', '=', answer_id).executeTakeFirst();
  const result = row?.text ?? LOST_RESULT;
  await closeCallRows(tx, { message_id, tool_call_id, result, result_message_id: answer_id, now });
  return 'The journal says how a call ended whose result is in the talk.';
}
