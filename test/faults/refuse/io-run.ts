import SqliteHandle from 'better-sqlite3';
import { STORE_FILE } from '../../../electron/store/open.ts';
import { AppError } from '../../../shared/errors.ts';
import { words } from '../../agent/compaction/window-items.ts';
import { type Deed, watchDeeds } from '../kill/statements.ts';
import { reviveAndInspect } from '../kill/point-run.ts';
import { type HeardBackend, openHeard } from '../stage/listener.ts';
import { CUES } from '../stage/cues.ts';
import type { Stage } from '../stage/stage.ts';
import { type Tally, tallyOf } from '../tally.ts';
import { type Finding, findingsOf } from '../verify/findings.ts';
import { inspectFolder } from '../verify/rows.ts';

/** How a statement fails, in SQLite's words. */
export const REFUSALS = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE', 'SQLITE_BUSY', 'SQLITE_CORRUPT'] as const;

/** What SQLite takes a whole transaction back for by itself. */
const ROLLS_BACK: readonly string[] = ['SQLITE_FULL', 'SQLITE_IOERR_WRITE'];

/** One statement that fails: the `number`-th of the turn, from 1. */
export type Refusal = { readonly number: number; readonly code: (typeof REFUSALS)[number] };

/** How many statements a turn with a compaction and an edit of memory takes. */
export async function countStatements(stage: Stage): Promise<number> {
  const heard = await openHeard(stage.folder(), stage.model.base_url);
  let count = 0;
  const unwatch = watchDeeds({ before: (deed) => void (count += isOfStore(deed) ? 1 : 0) });
  try {
    await takeTurn(heard, stage);
  } finally {
    unwatch();
    await heard.backend.close();
  }
  return count;
}

/** Lets one statement of a turn fail, then asks again; once more after a start when told so. */
export async function refuseStatement(
  stage: Stage,
  refusal: Refusal,
  again: string,
  restarts: boolean,
): Promise<Tally> {
  const folder = stage.folder();
  const heard = await openHeard(folder, stage.model.base_url);
  const findings: Finding[] = [];
  const unwatch = watchDeeds({ before: failAt(refusal) });
  try {
    findings.push(...(await takeTurn(heard, stage)));
  } finally {
    unwatch();
  }
  findings.push(...(await asksAgain(heard, stage)));
  await heard.backend.close();
  findings.push(...inspectFolder(folder, stage.scratch, heard.acks, 'recovered'));
  if (restarts) {
    findings.push(...(await reviveAndInspect(stage, folder, heard.acks, [stage.cast.ada.conversation_id])));
  }
  return tallyOf(heard.acks.length, findings, again);
}

function isOfStore({ handle }: Deed): boolean {
  return handle?.name.endsWith(STORE_FILE) === true;
}

function failAt({ number, code }: Refusal): (deed: Deed) => void {
  let left = number;
  return (deed) => {
    if (!isOfStore(deed) || left === 0) return;
    left -= 1;
    if (left > 0) return;
    if (ROLLS_BACK.includes(code) && deed.handle?.inTransaction === true) deed.handle.exec('rollback');
    throw new SqliteHandle.SqliteError(`refused for a test: ${deed.text.slice(0, 80)}`, code);
  };
}

/** The turn under test; whatever fails has to be told in a way a person can act on. */
async function takeTurn({ player }: HeardBackend, { cast }: Stage): Promise<Finding[]> {
  try {
    const { state, error } = await player.say(cast.ada.conversation_id, `${words(2400, 3)} ${CUES.edit}`);
    if (state === 'completed') return [];
    return isTold(error?.code)
      ? []
      : findingsOf('other', [`the run ended ${state}: ${JSON.stringify(error)}`]);
  } catch (error) {
    if (error instanceof AppError && isTold(error.code)) return [];
    return findingsOf(error instanceof AppError ? 'other' : 'silent', [
      `the turn did not end: ${String(error)}`,
    ]);
  }
}

function isTold(code: string | undefined): boolean {
  return code?.startsWith('store_') === true;
}

async function asksAgain({ player }: HeardBackend, { cast }: Stage): Promise<Finding[]> {
  try {
    const { state, error } = await player.say(cast.ada.conversation_id, 'Are you there?');
    return state === 'completed'
      ? []
      : findingsOf('silent', [`the next turn ended ${state}: ${error?.message ?? ''}`]);
  } catch (error) {
    return findingsOf('silent', [`the agent does not answer: ${String(error)}`]);
  }
}
