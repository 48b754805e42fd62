import type { Database, Write } from '../store/database.ts';
import { insertBackupRows, insertImportIds } from '../store/import.ts';
import { type AgentFile, parseAgentFile } from './detect.ts';
import type { ImportOptions } from './plan.ts';
import { remapMemoir } from './remap.ts';
import { buildRows } from './rows.ts';

/** What an import made. `warnings` are sentences: repairs and parts that are kept but do nothing yet. */
export type ImportOutcome = { readonly agent_ids: readonly string[]; readonly warnings: readonly string[] };

/**
 * Imports the agents of a file's text in one transaction, under new ids: all or nothing. With Memoir's own key in it,
 * conversations, history, archive and versions come back as they were. Throws `unsupported`.
 */
export async function importAgentFile(
  database: Database,
  text: string,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const parsed = parseAgentFile(text);
  return database.transaction((tx) => importAgents(tx, parsed, options));
}

/** As {@link importAgentFile}, for a file already read and inside a transaction of the caller. */
export async function importAgents(
  tx: Write,
  parsed: AgentFile,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const plan = parsed.memoir === null ? buildRows(parsed.file, options) : remapMemoir(parsed.memoir, options);
  await insertBackupRows(tx, plan.rows);
  const created_at = options.clock.now();
  const source = `${parsed.kind}:${options.clock.newId('import')}`;
  const ids = [...plan.ids].map(([foreign_id, local_id]) => ({ source, foreign_id, local_id, created_at }));
  await insertImportIds(tx, ids);
  return { agent_ids: plan.agent_ids, warnings: plan.warnings };
}
