import type { Activity } from '../../../shared/contract/activity.ts';
import { listApprovalsAt } from '../approvals.ts';
import type { Read } from '../database.ts';
import { listProposalsAt } from '../proposals.ts';
import { listStepsAt } from '../step-list.ts';
import { listChangesAt, readOwners } from './changes.ts';
import { listCompactionsAt } from './compactions.ts';
import { listOpeningsAt } from './messages.ts';
import type { Place } from './place.ts';
import { type Source, SOURCES } from './sources.ts';
import { readOutcomes } from './outcomes.ts';

/** Reads what stands at places, in their order. */
export async function loadActivities(db: Read, places: readonly Place[]): Promise<Activity[]> {
  const loaded = new Map<number, Map<number, Activity>>();
  for (const source of SOURCES) {
    const rowids = places.filter(({ rank }) => rank === source.rank).map(({ rowid }) => rowid);
    if (rowids.length > 0) loaded.set(source.rank, await LOADERS[source.table](db, rowids));
  }
  return places.flatMap(({ rank, rowid }) => loaded.get(rank)?.get(rowid) ?? []);
}

type Loader = (db: Read, rowids: readonly number[]) => Promise<Map<number, Activity>>;

const LOADERS: Readonly<Record<Source['table'], Loader>> = {
  run: async (db, rowids) =>
    mapValues(await listOpeningsAt(db, rowids), ({ at, ...opening }) => ({
      kind: 'message',
      at,
      ...opening,
    })),
  step: async (db, rowids) => {
    const steps = await listStepsAt(db, rowids);
    const outcomes = await readOutcomes(db, [...steps.values()]);
    return mapValues(steps, (step) => ({
      kind: 'step',
      at: step.created_at,
      step,
      outcome: outcomes.get(step.id) ?? null,
    }));
  },
  summary: async (db, rowids) =>
    mapValues(await listCompactionsAt(db, rowids), (compaction) => ({
      kind: 'compaction',
      at: compaction.summary.created_at,
      ...compaction,
    })),
  approval: async (db, rowids) =>
    mapValues(await listApprovalsAt(db, rowids), (approval) => ({
      kind: 'approval',
      at: approval.created_at,
      approval,
    })),
  proposal: async (db, rowids) =>
    mapValues(await listProposalsAt(db, rowids), (proposal) => ({
      kind: 'proposal',
      at: proposal.created_at,
      proposal,
    })),
  block_version: (db, rowids) => loadChanges(db, 'block', rowids),
  passage_version: (db, rowids) => loadChanges(db, 'passage', rowids),
};

async function loadChanges(
  db: Read,
  kind: 'block' | 'passage',
  rowids: readonly number[],
): Promise<Map<number, Activity>> {
  const changes = await listChangesAt(db, kind, rowids);
  const owners = await readOwners(
    db,
    kind,
    [...changes.values()].map(({ target_id }) => target_id),
  );
  return mapValues(changes, (change) => ({
    kind: 'change',
    at: change.created_at,
    change,
    agent_ids: owners.get(change.target_id) ?? [],
  }));
}

function mapValues<From>(from: Map<number, From>, toValue: (value: From) => Activity): Map<number, Activity> {
  return new Map([...from].map(([key, value]) => [key, toValue(value)]));
}
