import type { Timers } from '../models/timers.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import { putDraft } from '../store/drafts.ts';

/** How far an answer has come. */
export type DraftText = {
  readonly message_id: string;
  readonly step_id: string;
  readonly text: string;
  readonly reasoning: string;
};

/** Saves an answer while it is written, so that a crash loses no more than its last second. */
export type DraftKeeper = {
  readonly hear: (draft: DraftText) => void;
  /** Ends the saving of the answer under way, before the answer itself is kept. */
  readonly settle: () => Promise<void>;
};

const EVERY_MS = 1000;
const EVERY_CHARS = 2000;
// Each time the whole text is written; what streams in fast and long would be written mostly over and over.
const EVERY_SHARE = 8;

type KeeperDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly timers: Timers;
  readonly log: (line: string) => void;
};

/**
 * Makes the keeper of a run's drafts. It writes a second after unsaved text came, or at once when there are 2 kB of it;
 * an answer that is whole sooner is never written twice.
 */
export function createDraftKeeper(deps: KeeperDeps, run_id: string): DraftKeeper {
  let newest: DraftText | null = null;
  let saved_chars = 0;
  let callOff: (() => void) | null = null;
  let saving: Promise<void> | null = null;
  const save = async (): Promise<void> => {
    callOff?.();
    callOff = null;
    const draft = newest;
    if (draft === null) return;
    saved_chars = lengthOf(draft);
    const row = { ...draft, run_id, updated_at: deps.clock.now() };
    try {
      await deps.database.transaction((tx) => putDraft(tx, row));
    } catch (error) {
      // The answer itself may still be kept; if it can't, its own write says so to the person.
      deps.log(`A draft was not saved: ${error instanceof Error ? error.name : 'unknown'}`);
    }
    saving = null;
    // What came while it wrote.
    if (hasMore(newest, saved_chars)) callOff ??= deps.timers.after(EVERY_MS, begin);
  };
  const begin = (): void => {
    saving ??= save();
  };
  return {
    hear: (draft) => {
      if (newest?.message_id !== draft.message_id) saved_chars = 0;
      newest = draft;
      if (saving !== null) return;
      if (lengthOf(draft) - saved_chars >= Math.max(EVERY_CHARS, saved_chars / EVERY_SHARE)) begin();
      else callOff ??= deps.timers.after(EVERY_MS, begin);
    },
    settle: async () => {
      callOff?.();
      callOff = null;
      newest = null;
      await saving;
    },
  };
}

function hasMore(newest: DraftText | null, saved_chars: number): boolean {
  return newest !== null && lengthOf(newest) > saved_chars;
}

function lengthOf({ text, reasoning }: DraftText): number {
  return text.length + reasoning.length;
}
