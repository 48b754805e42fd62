import type { Checkup, Finding, Severity } from '../../shared/contract/doctor.ts';
import { AppError } from '../../shared/errors.ts';
import { countMemory } from '../store/checkup/version-rows.ts';
import { type Look, openMoment } from '../store/checkup/look.ts';
import { namesOfAgents } from '../store/checkup/agent-rows.ts';
import { countMessages, listTalkHomes, type TalkHome } from '../store/checkup/talk-rows.ts';
import type { Database } from '../store/database.ts';
import { checkAgents } from './agents.ts';
import { type Damage, damage, type DoctorDeps } from './damage.ts';
import { checkLinks } from './links.ts';
import { checkMemory } from './memory.ts';
import { checkPages } from './pages.ts';
import { checkRequests } from './request.ts';
import { checkSearchIndex } from './search-index.ts';
import { checkTalks } from './talk.ts';
import { checkReadable } from './unreadable.ts';
import { checkWindows } from './window.ts';
import { checkWork } from './work.ts';

/** How a check is made. */
export type CheckOptions = {
  /** One agent; `null` for all of the store. */
  readonly agent_id: string | null;
  /** Also reads the file through, which can not be done in pieces: a moment for each 100 MB. */
  readonly reads_file: boolean;
  /** Whether the keys of providers are known; without, nothing is said of models and sizes. */
  readonly knows_models: boolean;
  /** Hears how many of the messages were looked at. */
  readonly onProgress: (done: number, of: number) => void;
};

/** What a look found, with what mends it. */
export type Examination = { readonly damages: readonly Damage[]; readonly checkup: Checkup };

/**
 * Looks at one moment of the store, in small pieces, while everything else goes on. Changes nothing. Throws
 * `not_found` for an agent that is not there.
 */
export async function checkUp(deps: DoctorDeps, database: Database, options: CheckOptions): Promise<Checkup> {
  const moment = openMoment(database);
  try {
    return (await examine(moment, deps, options)).checkup;
  } finally {
    await moment.close();
  }
}

/** Looks through the store by a look that is open: at a moment, or inside of a transaction. */
export async function examine(look: Look, deps: DoctorDeps, options: CheckOptions): Promise<Examination> {
  const started = performance.now();
  const { agent_id } = options;
  const names = namesOfAgents(look);
  if (agent_id !== null && !names.has(agent_id)) {
    throw new AppError('not_found', 'This agent is not here.', { details: { agent_id } });
  }
  const homes = listTalkHomes(look, agent_id);
  const all = await findAll(look, deps, { homes, options });
  const damages = all.filter(
    (one) => agent_id === null || one.agent_id === null || one.agent_id === agent_id,
  );
  const findings = damages.map((one) => toFinding(one, names)).toSorted(worstFirst);
  const checkup: Checkup = {
    at: deps.clock.now(),
    agent_id,
    findings,
    repairable: findings.filter(({ repair }) => repair !== null).length,
    looked_at: {
      agents: agent_id === null ? names.size : 1,
      conversations: homes.length,
      messages: countMessages(homes),
      ...countMemory(look, agent_id),
    },
    not_looked_at: [
      ...(options.reads_file ? [] : [LARGE_FILE]),
      ...(options.knows_models
        ? []
        : ['Models, and whether requests fit them: their keys are known where Memoir runs.']),
    ],
    took_ms: Math.round(performance.now() - started),
  };
  return { damages, checkup };
}

const LARGE_FILE =
  'The pages of the file, since it is large and Memoir is at work. They were looked at when Memoir started; stop it and ' +
  'run "memoir doctor" to read the file through.';

type Parts = { readonly homes: readonly TalkHome[]; readonly options: CheckOptions };

async function findAll(look: Look, deps: DoctorDeps, { homes, options }: Parts): Promise<Damage[]> {
  const { agent_id, reads_file, knows_models, onProgress } = options;
  const unreadable = new Set<string>();
  const of = countMessages(homes);
  let done = 0;
  const onWalked = (messages: number): void => onProgress((done += messages), of);
  const checks: readonly (readonly [string, () => Promise<Damage[]>])[] = [
    ['the file', () => (reads_file ? checkPages(look) : Promise.resolve([]))],
    ['values', () => checkReadable(look)],
    ['references', () => checkLinks(look)],
    ['the search indexes', () => checkSearchIndex(look)],
    ['talks', () => checkTalks(look, homes, onWalked)],
    ['runs', () => checkWork(look, deps)],
    ['windows', () => checkWindows(look, homes)],
    ['memory', () => checkMemory(look)],
    ['agents', () => checkAgents(look, deps, { knows_models, unreadable })],
    ['requests', () => checkRequests(look, deps, { agent_id, knows_models, unreadable })],
  ];
  const found: Damage[] = [];
  for (const [what, check] of checks) {
    const damages = await attempt(what, check);
    found.push(...damages);
    for (const { kind, agent_id: owner } of damages) {
      if (kind === 'unreadable_row' && owner !== null) unreadable.add(owner);
    }
  }
  return found;
}

// What SQLite can not read is told as damage, and keeps no other check from being made.
async function attempt(what: string, check: () => Promise<Damage[]>): Promise<Damage[]> {
  try {
    return await check();
  } catch (error) {
    const code = error instanceof AppError ? error.code : String((error as { code?: unknown }).code);
    if (code !== 'store_corrupt' && !code.startsWith('SQLITE_CORRUPT')) throw error;
    return [
      damage({
        kind: 'damaged_pages',
        severity: 'error',
        ref: what,
        what: `The file of the store is damaged, so ${what} could not be looked at.`,
        where: 'memoir.db',
        advice: 'Export your agents now, then restore a backup. Nothing is deleted.',
      }),
    ];
  }
}

function toFinding({ mend: _mend, ...one }: Damage, names: ReadonlyMap<string, string>): Finding {
  return { ...one, agent_name: one.agent_id === null ? null : (names.get(one.agent_id) ?? null) };
}

const ORDER: readonly Severity[] = ['error', 'warning', 'ok'];

function worstFirst(one: Finding, other: Finding): number {
  return ORDER.indexOf(one.severity) - ORDER.indexOf(other.severity);
}
