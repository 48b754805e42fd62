import { sql } from 'kysely';
import type { Write } from './database.ts';

/** Runs a body inside a transaction so that its writes alone are taken back when it throws; the error goes on. */
export async function inSavepoint<Result>(tx: Write, body: () => Promise<Result>): Promise<Result> {
  await sql`savepoint part`.execute(tx);
  try {
    const result = await body();
    await sql`release part`.execute(tx);
    return result;
  } catch (error) {
    await sql`rollback to part`.execute(tx);
    await sql`release part`.execute(tx);
    throw error;
  }
}
