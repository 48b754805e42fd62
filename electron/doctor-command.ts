import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Checkup, Finding, Repair } from '../shared/contract/doctor.ts';
import { AppError } from '../shared/errors.ts';
import { createWording } from './agent/wording.ts';
import { parseDoctorOptions, type DoctorSettings } from './command-line.ts';
import { defaultDataDir } from './data-dir.ts';
import type { CommandEnd } from './diagnose-command.ts';
import { checkUp, type CheckOptions } from './doctor/check-up.ts';
import type { DoctorDeps } from './doctor/damage.ts';
import { repairStore } from './doctor/repair.ts';
import { createModelRegistry } from './models/registry.ts';
import { chooseAgent, findAgent, reachServer } from './running-server.ts';
import { systemClock } from './store/clock.ts';
import type { Database } from './store/database.ts';
import { readSchemaVersion } from './store/header.ts';
import { lockFolder } from './store/lock.ts';
import { migrations } from './store/migrations/index.ts';
import { openStore, STORE_FILE } from './store/open.ts';
import { createToolRegistry } from './tools/registry.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A check may look through hundreds of thousands of messages. */
const PATIENCE_MS = 600_000;

/** What was found, and what was done about it when that was asked for. */
type Visit = { readonly checkup: Checkup; readonly repair: Repair | null };

/**
 * The command `memoir doctor`: looks through the store by the server that runs or, when none does, on the files while
 * holding their lock. `tell` takes progress. Code 1 when something is left that needs a look. Throws `invalid_input`,
 * `not_found`, and the `store_` codes.
 */
export async function seeDoctor(
  args: readonly string[],
  env: Environment,
  tell: (text: string) => void,
): Promise<CommandEnd> {
  const settings = parseDoctorOptions(args);
  const { host, port, dataDir = defaultDataDir(env), json } = settings;
  const server = reachServer({ host, port, dataDir, timeout_ms: PATIENCE_MS }, env);
  const visit = await visitServer(server, settings).catch((error: unknown) => {
    // Whatever answered has had its word; only where nobody did are the files nobody's.
    if (server.status() !== null) throw error;
    return visitFiles(dataDir, settings, { env, tell, url: server.url });
  });
  const code = visit.checkup.findings.some(({ severity }) => severity !== 'ok') ? 1 : 0;
  return { text: json ? `${JSON.stringify(visit.repair ?? visit.checkup, null, 2)}\n` : textOf(visit), code };
}

async function visitServer(
  { client }: ReturnType<typeof reachServer>,
  { agent, repair }: DoctorSettings,
): Promise<Visit> {
  const which = agent === null ? {} : { agent_id: await findAgent(client, agent) };
  if (!repair) return { checkup: await client.call('doctor.check', which), repair: null };
  const done = await client.call('doctor.repair', which);
  return { checkup: done.after, repair: done };
}

type Place = { readonly env: Environment; readonly tell: (text: string) => void; readonly url: string };

async function visitFiles(dataDir: string, settings: DoctorSettings, place: Place): Promise<Visit> {
  assertReadable(dataDir, place.url);
  const lock = lockFolder(dataDir);
  try {
    const { database } = await openStore(dataDir);
    try {
      return await visitStore(database, settings, place);
    } finally {
      await database.close();
    }
  } finally {
    lock.release();
  }
}

// A look must change nothing: neither make a store nor bring an older one up to date.
function assertReadable(dataDir: string, url: string): void {
  const path = join(dataDir, STORE_FILE);
  if (!existsSync(path)) {
    throw new AppError(
      'not_found',
      `Nothing answers at ${url}, and there is no store in ${dataDir}. Name its folder with --data, or the port with --port.`,
    );
  }
  const found = readSchemaVersion(path);
  const newest = migrations.at(-1)?.version ?? 0;
  if (found >= newest) return;
  throw new AppError(
    'unsupported',
    `The store is that of an older Memoir (schema ${found}; this one writes ${newest}). Nothing was changed. Start Memoir ` +
      'once, which makes a backup and brings it up to date, then look again.',
  );
}

async function visitStore(
  database: Database,
  { agent, repair }: DoctorSettings,
  { env, tell }: Place,
): Promise<Visit> {
  const deps: DoctorDeps = {
    models: createModelRegistry({ env }),
    tools: createToolRegistry(),
    clock: systemClock,
    wording: createWording(),
    instance_id: systemClock.newId('boot'),
    isBusy: () => false,
  };
  const agents = await database.read.selectFrom('agent').select(['id', 'name']).execute();
  const options: CheckOptions = {
    agent_id: agent === null ? null : chooseAgent(agents, agent),
    reads_file: true,
    knows_models: false,
    onProgress: progress(tell),
  };
  if (!repair) return { checkup: await checkUp(deps, database, options), repair: null };
  const done = await repairStore(deps, database, options);
  return { checkup: done.after, repair: done };
}

const TOLD_EVERY_MS = 1000;

function progress(tell: (text: string) => void): CheckOptions['onProgress'] {
  let told_at = performance.now();
  return (done, of) => {
    if (performance.now() - told_at < TOLD_EVERY_MS) return;
    told_at = performance.now();
    tell(`Looked at ${done.toLocaleString('en-US')} of ${of.toLocaleString('en-US')} messages.\n`);
  };
}

function textOf({ checkup, repair }: Visit): string {
  const { agents, conversations, messages, blocks, entries } = checkup.looked_at;
  const counts = `${counted(agents, 'agent')}, ${counted(conversations, 'conversation')}, ${counted(messages, 'message')}, ${counted(blocks, 'block')}, ${counted(entries, 'archive entry', 'archive entries')}`;
  return [
    ...(repair === null ? [] : repairText(repair)),
    `Looked at ${counts}.`,
    ...checkup.not_looked_at.map((what) => `Not looked at: ${what}`),
    ...checkup.findings.map(findingText),
    endText(checkup, repair),
    '',
  ].join('\n');
}

function repairText({ mended, backup }: Repair): string[] {
  if (mended.length === 0) return [];
  const done = mended.map(({ agent_name, did }) => `  ${agent_name === null ? '' : `${agent_name}: `}${did}`);
  return ['Mended:', ...done, `The store as it was before is kept in ${backup ?? ''}`];
}

const MARKS: Readonly<Record<Finding['severity'], string>> = {
  ok: 'note',
  warning: 'WARNING',
  error: 'ERROR',
};

function findingText({ kind, severity, agent_name, what, where, repair, advice }: Finding): string {
  const whose = agent_name === null ? '' : ` of ${agent_name}`;
  const cure = repair === null ? `  what to do: ${advice ?? ''}` : `  repair: ${repair}`;
  return [`${kind}${whose}: ${MARKS[severity]}`, `  ${what}`, `  where: ${where}`, cure].join('\n');
}

function endText({ findings, repairable }: Checkup, repair: Repair | null): string {
  if (findings.length === 0)
    return repair === null || repair.mended.length === 0
      ? 'Everything is sound.'
      : 'Everything is sound now.';
  if (repairable > 0)
    return `${repairable} of ${counted(findings.length, 'finding')} can be mended: memoir doctor --repair`;
  return `${counted(findings.length, 'finding')} left that no repair can mend.`;
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}
