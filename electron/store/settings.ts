import type { Settings } from '../../shared/contract/settings.ts';
import type { Read, Write } from './database.ts';
import { fromJson, toJson } from './encoding.ts';

/** Writes a setting unless it is there; answers whether it was written. */
export async function claimSetting(tx: Write, key: string, value: string): Promise<boolean> {
  const result = await tx
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  return result.numInsertedOrUpdatedRows === 1n;
}

/** Reads a setting; `null` when it was never written. */
export async function readSetting(db: Read, key: string): Promise<string | null> {
  const row = await db.selectFrom('setting').select('value').where('key', '=', key).executeTakeFirst();
  return row?.value ?? null;
}

/** Writes a setting over what it was. */
export async function writeSetting(tx: Write, key: string, value: string): Promise<void> {
  await tx
    .insertInto('setting')
    .values({ key, value })
    .onConflict((conflict) => conflict.column('key').doUpdateSet({ value }))
    .execute();
}

const DEFAULTS: Settings = { trace_days: null, approval_hours: 168 };
const KEY = 'settings';

/** Reads what holds for the whole of Memoir. */
export async function readSettings(db: Read): Promise<Settings> {
  const kept = await readSetting(db, KEY);
  return { ...DEFAULTS, ...(kept === null ? {} : fromJson<Partial<Settings>>(kept)) };
}

/** Writes what holds for the whole of Memoir. */
export async function writeSettings(tx: Write, settings: Settings): Promise<void> {
  await writeSetting(tx, KEY, toJson(settings));
}
