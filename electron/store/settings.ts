import type { Write } from './database.ts';

/** Writes a setting unless it is there; answers whether it was written. */
export async function claimSetting(tx: Write, key: string, value: string): Promise<boolean> {
  const result = await tx
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}
