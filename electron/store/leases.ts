import type { Write } from './database.ts';
import { toTimestamp } from './encoding.ts';

const LEASE_MS = 30_000;

/** Milliseconds after which a lease is to be renewed: a third, so that two failures in a row lose nothing. */
export const RENEW_MS = LEASE_MS / 3;

/** When a lease taken now runs out. `now` and the answer are UTC text of fixed width. */
export function leaseFrom(now: string): string {
  return toTimestamp(new Date(Date.parse(now) + LEASE_MS));
}

/** Prolongs the leases of runs under way and of the messages they answer. */
export async function renewLeases(tx: Write, run_ids: readonly string[], now: string): Promise<void> {
  const lease_until = leaseFrom(now);
  await tx
    .updateTable('run')
    .set({ lease_until })
    .where('id', 'in', run_ids)
    .where('state', '=', 'running')
    .execute();
  await tx
    .updateTable('inbox')
    .set({ lease_until })
    .where('run_id', 'in', run_ids)
    .where('state', '=', 'running')
    .execute();
}
