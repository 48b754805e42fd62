import type { Effect, RevertedEdit } from '../../shared/contract/branches.ts';
import type { MemoryChange } from '../../shared/contract/blocks.ts';
import { AppError } from '../../shared/errors.ts';
import type { Database, Write } from '../store/database.ts';
import { inSavepoint } from '../store/savepoint.ts';
import { listChangesFrom } from '../store/talk-changes.ts';
import type { EditContext } from './block-versions.ts';
import { type Undone, undoChange } from './undo.ts';

/** The part of a talk whose effects are asked for: its messages from a number on. */
export type TalkPart = { readonly conversation_id: string; readonly from_seq: number };

/** An edit after the attempt to take it back. */
type Attempt = {
  readonly change: MemoryChange;
  /** `null` when it was not taken back. */
  readonly undone: Undone | null;
  readonly problem: string | null;
};

/** What became of the edits of a part of a talk, and what to tell of it once it is committed. */
export type Reverted = { readonly report: readonly RevertedEdit[]; readonly undone: readonly Undone[] };

/**
 * Takes back what a part of a talk changed in memory, the newest first, each edit as the undo of it would: whole or not
 * at all. Edits taken back before are not tried again.
 */
export async function revertEffects(tx: Write, part: TalkPart, context: EditContext): Promise<Reverted> {
  const attempts = await attempt(tx, part, context);
  return {
    report: attempts.map(({ change, undone, problem }) => ({
      change: undone === null ? change : { ...change, undone_by: undone.change.id },
      state: undone === null ? 'kept' : 'reverted',
      problem,
    })),
    undone: attempts.flatMap(({ undone }) => undone ?? []),
  };
}

/** Says what a part of a talk changed in memory, newest first, and what of it could be taken back. Changes nothing. */
export async function listEffects(
  database: Database,
  part: TalkPart,
  context: EditContext,
): Promise<Effect[]> {
  const all = await listChangesFrom(database.read, part);
  if (all.every((change) => change.undone_by !== null))
    return all.map((change) => effectOf(change, undefined));
  const attempts = await tried(database, part, context);
  const byId = new Map(attempts.map((one) => [one.change.id, one]));
  return all.map((change) => effectOf(change, byId.get(change.id)));
}

function effectOf(change: MemoryChange, attempt: Attempt | undefined): Effect {
  if (attempt === undefined) return { change, state: 'reverted', problem: null };
  const { undone, problem } = attempt;
  return { change, state: undone === null ? 'blocked' : 'revertible', problem };
}

async function attempt(tx: Write, part: TalkPart, context: EditContext): Promise<Attempt[]> {
  const attempts: Attempt[] = [];
  for (const change of await listChangesFrom(tx, part)) {
    if (change.undone_by !== null) continue;
    try {
      const undone = await inSavepoint(tx, () => undoChange(tx, change.id, context));
      attempts.push({ change, undone, problem: null });
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      attempts.push({ change, undone: null, problem: reasonOf(error) });
    }
  }
  return attempts;
}

// What the message says to whoever saves an edit does not help whoever takes one back.
function reasonOf({ message }: AppError): string {
  return message.replace(/ Nothing was changed\..*$/su, '');
}

/** Carries attempts out of a transaction that is rolled back. */
class Tried extends Error {
  readonly attempts: readonly Attempt[];

  constructor(attempts: readonly Attempt[]) {
    super('Tried, and taken back.');
    this.attempts = attempts;
  }
}

// Whether an undo succeeds depends on those before it, so the only sure answer is to try, and to keep nothing of it.
async function tried(database: Database, part: TalkPart, context: EditContext): Promise<readonly Attempt[]> {
  try {
    return await database.transaction(async (tx) => {
      throw new Tried(await attempt(tx, part, context));
    });
  } catch (error) {
    if (error instanceof Tried) return error.attempts;
    throw error;
  }
}
