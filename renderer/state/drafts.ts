import { createStore, type StoreApi } from 'zustand/vanilla';

/** Words that were typed and not saved or sent yet, by where they stand. They outlive their view and a reload. */
export type DraftsState = {
  /** By place, e.g. `message:conv-...`. JSON values. */
  readonly drafts: Readonly<Record<string, unknown>>;
  readonly keep: (place: string, draft: unknown) => void;
  readonly drop: (place: string) => void;
};

const PREFIX = 'memoir.draft.';

/** Makes the store of the drafts over the storage of this tab; without one they last as long as the window. */
export function createDraftsStore(storage: Storage | null): StoreApi<DraftsState> {
  return createStore<DraftsState>()((set) => ({
    drafts: read(storage),
    keep: (place, draft) => {
      set((state) => ({ drafts: { ...state.drafts, [place]: draft } }));
      attemptOn(storage, (kept) => kept.setItem(PREFIX + place, JSON.stringify(draft)));
    },
    drop: (place) => {
      set(({ drafts: { [place]: _dropped, ...drafts } }) => ({ drafts }));
      attemptOn(storage, (kept) => kept.removeItem(PREFIX + place));
    },
  }));
}

function read(storage: Storage | null): Readonly<Record<string, unknown>> {
  const drafts: Record<string, unknown> = {};
  attemptOn(storage, (kept) => {
    for (const key of Object.keys(kept)) {
      const place = key.startsWith(PREFIX) ? key.slice(PREFIX.length) : null;
      const draft = place === null ? undefined : parse(kept.getItem(key) ?? '');
      if (place !== null && draft !== undefined) drafts[place] = draft;
    }
  });
  return drafts;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A damaged draft holds no words that could be shown.
    return undefined;
  }
}

function attemptOn(storage: Storage | null, action: (storage: Storage) => void): void {
  try {
    if (storage !== null) action(storage);
  } catch {
    // Full or forbidden storage must not stop anyone from typing: the draft lasts as long as the window.
  }
}
