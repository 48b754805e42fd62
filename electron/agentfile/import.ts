import { AppError } from '../../shared/errors.ts';
import type { Database } from '../store/database.ts';
import { insertBackup, prepareBackup } from '../store/insert-backup.ts';
import { createPause } from '../store/pause.ts';
import { type AgentFile, parseAgentFile } from './detect.ts';
import { warnOfKnownAgents } from './known.ts';
import { mendRows } from './mend.ts';
import type { ImportOptions, ImportPlan, PlanOptions } from './plan.ts';
import { remapMemoir } from './remap.ts';
import { buildRows } from './rows.ts';
import { beginSnapshot } from './snapshot.ts';
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
  const pause = createPause();
  const parsed = await parseAgentFile(text, pause);
  const plan = await planImport(parsed, { ...options, pause });
  const warnings = await describeWarnings(parsed, { ...options, pause, repairs: plan.repairs });
  const created_at = options.clock.now();
  const { source } = parsed;
  const ids = [...plan.ids].map(([foreign_id, local_id]) => ({ source, foreign_id, local_id, created_at }));
  const prepared = await prepareBackup(plan.rows, ids, pause);
  const snapshot = beginSnapshot(options.takeSnapshot);
  const known = await database
    .transaction(async (tx) => {
      const found = await warnOfKnownAgents(tx, parsed);
      await insertBackup(tx, prepared, pause);
      return found;
    })
    .catch((cause: unknown) => {
      throw asRefusal(cause);
    });
  const missing = await snapshot();
  const told = [...known, ...warnings];
  return { agent_ids: plan.agent_ids, warnings: missing === null ? told : [missing, ...told] };
}

/** Works out the rows an import would insert, and writes nothing. Throws `unsupported`. */
export async function planImport({ file, memoir }: AgentFile, options: PlanOptions): Promise<ImportPlan> {
  const plan = await (memoir === null ? buildRows(file, options) : remapMemoir(memoir, options));
  const { rows, repairs } = mendRows(plan.rows);
  return { ...plan, rows, repairs: [...repairs, ...plan.repairs] };
}

// A row that no check of ours foresaw: the store keeps it out, and the file is what is wrong.
function asRefusal(cause: unknown): unknown {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  if (cause instanceof AppError || !/^SQLITE_(?:CONSTRAINT|MISMATCH|TOOBIG|RANGE)/u.test(code)) return cause;
  return new AppError(
    'unsupported',
    'Import failed: the store can not hold a part of this file as it stands. Nothing was imported. Export it again; ' +
      'a file that was changed by hand may name something that is not in it.',
    { cause, details: { code } },
  );
}
