import type { Database } from '../store/database.ts';
import { insertBackupRows, insertImportIds } from '../store/import.ts';
import { type AgentFile, parseAgentFile } from './detect.ts';
import { warnOfKnownAgents } from './known.ts';
import type { ImportOptions, ImportPlan } from './plan.ts';
import { remapMemoir } from './remap.ts';
import { buildRows } from './rows.ts';
import { describeWarnings } from './warnings.ts';

/** What an import made. `warnings` are sentences, the same as before the import: repairs, parts that do nothing yet. */
export type ImportOutcome = { readonly agent_ids: readonly string[]; readonly warnings: readonly string[] };

/**
 * Imports the agents of a file's text in one transaction, under new ids: all or nothing. With Memoir's own key in it,
 * conversations, history, archive and versions come back as they were. A file imported again makes a copy and says so.
 * Throws `unsupported`.
 */
export async function importAgentFile(
  database: Database,
  text: string,
  options: ImportOptions,
): Promise<ImportOutcome> {
  const parsed = parseAgentFile(text);
  const plan = planImport(parsed, options);
  const warnings = describeWarnings(parsed, { ...options, repairs: plan.repairs });
  const created_at = options.clock.now();
  const { source } = parsed;
  const ids = [...plan.ids].map(([foreign_id, local_id]) => ({ source, foreign_id, local_id, created_at }));
  return database.transaction(async (tx) => {
    const known = await warnOfKnownAgents(tx, parsed);
    await insertBackupRows(tx, plan.rows);
    await insertImportIds(tx, ids);
    return { agent_ids: plan.agent_ids, warnings: [...known, ...warnings] };
  });
}

/** Works out the rows an import would insert, and writes nothing. Throws `unsupported`. */
export function planImport({ file, memoir }: AgentFile, options: ImportOptions): ImportPlan {
  return memoir === null ? buildRows(file, options) : remapMemoir(memoir, options);
}
