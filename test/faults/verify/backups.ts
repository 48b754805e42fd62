import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import SqliteHandle from 'better-sqlite3';

/** Backups of a folder that have their name and yet are not whole; one still being made has another name. */
export function findBrokenBackups(folder: string): string[] {
  const backups = join(folder, 'backups');
  if (!existsSync(backups)) return [];
  return readdirSync(backups)
    .filter((name) => name.endsWith('.db'))
    .flatMap((name) => {
      try {
        const copy = new SqliteHandle(join(backups, name), { readonly: true });
        const verdict = String(copy.pragma('integrity_check', { simple: true }));
        const agents = Number(copy.prepare('select count(*) from agent').pluck().get());
        copy.close();
        return verdict === 'ok' && agents > 0 ? [] : [`the backup ${name} has ${agents} agents: ${verdict}`];
      } catch (error) {
        return [`the backup ${name} can not be read: ${String(error)}`];
      }
    });
}
