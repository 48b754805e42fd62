import {
  type Check,
  type CheckId,
  type CheckState,
  type Diagnosis,
  check_id,
} from '../../shared/contract/diagnosis.ts';
import { AppError, toWire } from '../../shared/errors.ts';
import { type AgentRecord, listAgents, readAgent } from '../store/agents.ts';
import { listCallsOfRuns, listRecentRuns, listStepsOfRuns } from '../store/recent-work.ts';
import { checkConnection } from './connection.ts';
import { checkContext } from './context.ts';
import { checkSearch } from './empty-search.ts';
import {
  type AgentLook,
  type DiagnosisDeps,
  factsOf,
  fine,
  type Finding,
  type HostFacts,
  toCheck,
} from './look.ts';
import { checkMemoryKept, storeClosed } from './memory-kept.ts';
import { checkAnswers } from './no-answer.ts';
import { writeReport } from './report.ts';
import { checkSpeed } from './slow-answers.ts';
import { checkTools } from './tool-failures.ts';

/** How far back is looked. */
const MOST_RUNS = 50;
const MOST_STEPS = 200;
const MOST_CALLS = 400;

const OF_AGENT: Partial<Record<CheckId, (look: AgentLook) => Finding | Promise<Finding>>> = {
  no_answer: checkAnswers,
  context_exceeded: checkContext,
  empty_search: checkSearch,
  slow_answers: checkSpeed,
  tool_failures: checkTools,
};

/**
 * Looks at every row of the troubleshooting table, for an agent or the one used last. A row that can not be looked at
 * says why and keeps no other from being. Reads the newest runs alone, so its cost does not grow with the history; asks
 * no other computer. Throws `not_found` for an agent that is not there.
 */
export async function diagnose(
  deps: DiagnosisDeps,
  host: HostFacts,
  agent_id: string | undefined,
): Promise<Diagnosis> {
  const now = deps.clock.now();
  const agent = await chooseAgent(deps, agent_id);
  const look = agent === null ? null : await lookAt(deps, agent, now).catch(toBlindness);
  const checks: Check[] = [];
  for (const id of check_id.options) {
    checks.push(toCheck(id, await attempt(() => find(id, { deps, host, look }))));
  }
  return finish({ at: now, agent, checks }, host);
}

/** The same when the store did not open: that is the trouble, and the rest can not be looked at. */
export function diagnoseClosed(host: HostFacts, now: string): Diagnosis {
  const checks: Check[] = [];
  for (const id of check_id.options) {
    if (id === 'memory_not_kept') checks.push(toCheck(id, storeClosed(host)));
    else if (id === 'connection') checks.push(toCheck(id, checkConnection(host)));
    else checks.push(toCheck(id, unseen('This can be looked at once the store is open.')));
  }
  return finish({ at: now, agent: null, checks }, host);
}

async function chooseAgent(
  { database }: DiagnosisDeps,
  agent_id: string | undefined,
): Promise<AgentRecord | null> {
  try {
    if (agent_id !== undefined) return await readAgent(database.read, agent_id);
    return (await listAgents(database.read))[0] ?? null;
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') throw error;
    // A store that can not be read is what the row of memory tells; here it means that no agent is known.
    return null;
  }
}

/** Why the work of an agent can not be read; each of its rows says so. */
type Blindness = { readonly error: unknown };

function toBlindness(error: unknown): Blindness {
  return { error };
}

async function lookAt(deps: DiagnosisDeps, agent: AgentRecord, now: string): Promise<AgentLook> {
  const { read } = deps.database;
  const runs = await listRecentRuns(read, agent.id, MOST_RUNS);
  const ids = runs.map(({ id }) => id);
  const steps = await listStepsOfRuns(read, ids, MOST_STEPS);
  const calls = await listCallsOfRuns(read, ids, MOST_CALLS);
  return { deps, agent, work: { runs, steps, calls }, now };
}

type Parts = {
  readonly deps: DiagnosisDeps;
  readonly host: HostFacts;
  readonly look: AgentLook | Blindness | null;
};

async function find(id: CheckId, { deps, host, look }: Parts): Promise<Finding> {
  if (id === 'connection') return checkConnection(host);
  const seen = look === null || 'error' in look ? null : look;
  if (id === 'memory_not_kept') return checkMemoryKept(deps, host, seen);
  if (look !== null && 'error' in look) throw look.error;
  if (look === null) return fine('There is no agent yet.', []);
  return OF_AGENT[id]?.(look) ?? fine('', []);
}

async function attempt(work: () => Promise<Finding>): Promise<Finding> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = toWire(error);
    return { ...unseen(`This could not be looked at. ${message}`), reason: code };
  }
}

function unseen(cause: string): Finding {
  return {
    state: 'attention',
    reason: 'not_looked_at',
    cause,
    cure: 'Cure what the row about memory says first, then check again.',
    facts: factsOf({}),
  };
}

const ORDER: readonly CheckState[] = ['ok', 'attention', 'trouble'];

function finish(
  found: { readonly at: string; readonly agent: AgentRecord | null; readonly checks: Check[] },
  host: HostFacts,
): Diagnosis {
  const { at, agent, checks } = found;
  const worst = Math.max(...checks.map(({ state }) => ORDER.indexOf(state)));
  const diagnosis = {
    at,
    agent_id: agent?.id ?? null,
    agent_name: agent?.name ?? null,
    state: ORDER[worst] ?? 'ok',
    checks,
  };
  return { ...diagnosis, report: writeReport(diagnosis, host.redact) };
}
