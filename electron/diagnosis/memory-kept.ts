import { join } from 'node:path';
import { readLastMemoryChange } from '../store/recent-work.ts';
import { examineStore, type Soundness } from '../store/soundness.ts';
import { STORE_FILE } from '../store/open.ts';
import { type AgentLook, type DiagnosisDeps, factsOf, fine, type Finding, type HostFacts } from './look.ts';

const MEBIBYTE = 1024 * 1024;
/** Free space below which the next backup or import may not fit. */
const LITTLE_ROOM_BYTES = 500 * MEBIBYTE;
const NO_ROOM_BYTES = 20 * MEBIBYTE;
/** What an agent needs one of to keep anything. */
const MEMORY_TOOLS: ReadonlySet<string> = new Set([
  'core_memory_append',
  'core_memory_replace',
  'memory_insert',
  'memory_replace',
  'memory_rethink',
  'archival_memory_insert',
]);

/** Row "Memory not persisting": whether the store takes and keeps a commit, and whether the agent can change memory. */
export async function checkMemoryKept(
  { database, clock }: DiagnosisDeps,
  host: HostFacts,
  look: AgentLook | null,
): Promise<Finding> {
  const store = await examineStore(database, join(host.data_dir, STORE_FILE), clock.now());
  const last_change = look === null ? null : await readLastMemoryChange(database.read, look.agent.id);
  const facts = factsOf({
    store_path: store.path,
    store_bytes: store.bytes,
    free_bytes: store.free_bytes,
    store_writable: store.write_problem === null,
    store_synchronous: store.synchronous,
    store_integrity: store.integrity,
    last_commit_at: store.last_commit_at?.toISOString(),
    last_memory_change_at: last_change ?? undefined,
  });
  return (
    troubleOfStore(store, host, facts) ??
    attentionOfStore(store, facts) ??
    (look === null ? null : attentionOfAgent(look, facts)) ??
    fine('Every change is on the disk before it is acknowledged; a test commit just was.', facts)
  );
}

/** The same row when the store did not open. */
export function storeClosed(host: HostFacts): Finding {
  const { state, message } = host.store();
  return {
    state: 'trouble',
    reason: state,
    cause: message ?? 'The store is not open.',
    cure: CURES[state] ?? 'Start Memoir again.',
    facts: factsOf({ store_path: join(host.data_dir, STORE_FILE), store_writable: false }),
    place: 'log',
  };
}

const CURES: Readonly<Record<string, string>> = {
  corrupt: 'Restore a backup, or move the file away to start afresh.',
  newer: 'Update Memoir, or choose another data folder.',
  locked: 'Close the other program that uses the store.',
  full: 'Free some space on the disk.',
  store_full: 'Free some space on the disk, then check again.',
  store_read_only: 'Allow Memoir to write to its data folder, then check again.',
  store_locked: 'Close the other program that uses the store, then check again.',
  store_corrupt: 'Export your agents now, then restore a backup.',
};

function troubleOfStore(store: Soundness, host: HostFacts, facts: Finding['facts']): Finding | null {
  const trouble = (reason: string, cause: string, cure: string): Finding => ({
    state: 'trouble',
    reason,
    cause,
    cure,
    facts,
    place: 'log',
  });
  if (store.write_problem !== null) {
    const { code, message } = store.write_problem;
    return trouble(code, message, CURES[code] ?? 'Start Memoir again; the log tells more.');
  }
  if (store.bytes === null) {
    const cause = `The file ${store.path} was moved or deleted while Memoir runs: what is saved now is lost when it ends.`;
    return trouble('file_gone', cause, 'Export your agents now, then close Memoir and put the file back.');
  }
  const { state, message } = host.store();
  if (state !== 'ready') return trouble(state, message ?? 'The store is damaged.', CURES[state] ?? '');
  if (store.integrity !== 'ok' && store.integrity !== 'not checked') {
    const cause = `The store is damaged: ${store.integrity}. What can be read is kept.`;
    return trouble('corrupt', cause, 'Export your agents now, then restore a backup.');
  }
  if (store.synchronous !== 'full') {
    const cause = `The store does not wait for the disk (synchronous=${store.synchronous}): a loss of power may lose the newest changes.`;
    return trouble('not_flushed', cause, 'Start Memoir again; it sets this at every start.');
  }
  return null;
}

function attentionOfStore({ free_bytes }: Soundness, facts: Finding['facts']): Finding | null {
  if (free_bytes === null || free_bytes >= LITTLE_ROOM_BYTES) return null;
  return {
    state: free_bytes < NO_ROOM_BYTES ? 'trouble' : 'attention',
    reason: 'little_room',
    cause: `Only ${Math.floor(free_bytes / MEBIBYTE)} MiB are free on the disk of the data folder. Nothing is lost so far.`,
    cure: 'Free some space; when none is left, changes are refused.',
    facts,
  };
}

function attentionOfAgent({ agent, deps }: AgentLook, facts: Finding['facts']): Finding | null {
  if (!agent.tools.some((name) => MEMORY_TOOLS.has(name))) {
    return {
      state: 'attention',
      reason: 'no_memory_tools',
      cause: `${agent.name} has no tool to change its memory, so only you can.`,
      cure: 'Attach a memory tool in its settings.',
      facts,
      place: 'tool_settings',
    };
  }
  const { badge, message } = deps.models.resolve(agent.model);
  if (badge !== 'no_memory_tools') return null;
  return {
    state: 'attention',
    reason: 'model_without_tools',
    cause: message ?? 'The model does not call memory tools.',
    cure: 'Choose a model that can call tools.',
    facts,
    place: 'model_settings',
  };
}
