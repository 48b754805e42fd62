import { sql } from 'kysely';
import { AppError } from '../../shared/errors.ts';
import type { Write } from './database.ts';

/** Runs a body inside a transaction so that its writes alone are taken back when it throws; the error goes on. */
export async function inSavepoint<Result>(tx: Write, body: () => Promise<Result>): Promise<Result> {
  await sql`savepoint part`.execute(tx);
  try {
    const result = await body();
    await sql`release part`.execute(tx);
    return result;
  } catch (error) {
    await takeBack(tx, error);
    throw error;
  }
}

async function takeBack(tx: Write, reason: unknown): Promise<void> {
  try {
    await sql`rollback to part`.execute(tx);
    await sql`release part`.execute(tx);
  } catch (failure) {
    // A full disk makes SQLite take back the whole transaction, and no part is left; the disk is what to tell of.
    if (reason instanceof AppError && reason.code.startsWith('store_')) throw reason;
    throw failure;
  }
}
