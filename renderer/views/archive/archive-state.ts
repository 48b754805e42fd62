import type { Passage, PassageHit } from '../../../shared/contract/archive.ts';
import type { AppError } from '../../../shared/errors.ts';

/** When an entry was written, as the search can narrow it. Days are `YYYY-MM-DD`, inclusive, or `''` for open. */
export type Period =
  | { readonly kind: 'any' }
  | { readonly kind: 'recent' }
  | { readonly kind: 'between'; readonly start: string; readonly end: string };

/** What a search found, with the query it answers. */
export type Found = {
  readonly query: string;
  readonly hits: readonly PassageHit[];
  readonly total: number;
  /** A sentence when nothing was found. */
  readonly why_empty: string | null;
  /** Milliseconds. */
  readonly took_ms: number;
};

/** A tag in use and the number of entries that carry it. */
export type TagCount = { readonly tag: string; readonly count: number };

/** What the archive page knows about one agent's archive: server copies, and what the person asked to see. */
export type ArchiveState = {
  /** Loaded entries, newest first; what `next` stands for is not loaded yet. */
  readonly entries: readonly Passage[];
  /** Entries that pass the tag filter, loaded or not. */
  readonly total: number;
  readonly next: string | null;
  readonly loading: 'page' | 'more' | null;
  readonly failure: AppError | null;
  readonly tags: readonly TagCount[];
  readonly chosen_tags: readonly string[];
  readonly period: Period;
  /** Empty: the archive is browsed, not searched. */
  readonly query: string;
  /** `null` while browsing and until the first answer. */
  readonly found: Found | null;
  /** Entry edited during this search: it keeps its row, also when its new words are not what is searched for. */
  readonly edited: { readonly passage: Passage; readonly index: number } | null;
  readonly selected_id: string | null;
};

/** A row of the list: an entry, and how well it answers the search when there is one. */
export type ArchiveRow = { readonly passage: Passage; readonly hit: PassageHit | null };

/** The state before anything was read. */
export const EMPTY_ARCHIVE: ArchiveState = {
  entries: [],
  total: 0,
  next: null,
  loading: 'page',
  failure: null,
  tags: [],
  chosen_tags: [],
  period: { kind: 'any' },
  query: '',
  found: null,
  edited: null,
  selected_id: null,
};

/** Whether the list shows search results. */
export function isSearching(state: ArchiveState): boolean {
  return state.query.trim() !== '';
}

/** The rows to show: hits by score while searching, else entries by age. */
export function rowsOf(state: ArchiveState): readonly ArchiveRow[] {
  if (!isSearching(state)) return state.entries.map((passage) => ({ passage, hit: null }));
  const rows = (state.found?.hits ?? []).map((hit): ArchiveRow => ({ passage: hit.passage, hit }));
  const { edited } = state;
  if (edited === null || rows.some(({ passage }) => passage.id === edited.passage.id)) return rows;
  return rows.toSpliced(edited.index, 0, { passage: edited.passage, hit: null });
}

/** Whether a row of this entry is loaded. */
export function isKnown(state: ArchiveState, passage_id: string): boolean {
  const isIt = (passage: Passage): boolean => passage.id === passage_id;
  const rest = rowsOf(state).map((row) => row.passage);
  return [...state.entries, ...rest].some(isIt);
}

/** Puts a newer version of an entry in place of the loaded one; an older version changes nothing. */
export function withPassage(state: ArchiveState, passage: Passage): ArchiveState {
  const isOlder = (known: Passage): boolean => known.id === passage.id && known.version <= passage.version;
  return {
    ...state,
    entries: state.entries.map((known) => (isOlder(known) ? passage : known)),
    edited: state.edited && isOlder(state.edited.passage) ? { ...state.edited, passage } : state.edited,
    found: state.found && {
      ...state.found,
      hits: state.found.hits.map((hit) => (isOlder(hit.passage) ? replaced(hit, passage) : hit)),
    },
  };
}

/** Lets an entry that is edited while one searches keep its row. */
export function withEdited(state: ArchiveState, passage: Passage): ArchiveState {
  const index = rowsOf(state).findIndex((row) => row.passage.id === passage.id);
  return isSearching(state) && index >= 0 ? { ...state, edited: { passage, index } } : state;
}

/** Takes an entry out of the list and the results. The row after it becomes the selected one. */
export function withoutPassage(state: ArchiveState, passage_id: string): ArchiveState {
  if (!isKnown(state, passage_id)) return state;
  const isListed = state.entries.some(({ id }) => id === passage_id);
  const hits = state.found?.hits.filter((hit) => hit.passage.id !== passage_id) ?? [];
  const lost = (state.found?.hits.length ?? 0) - hits.length;
  return {
    ...state,
    entries: state.entries.filter(({ id }) => id !== passage_id),
    total: isListed ? Math.max(0, state.total - 1) : state.total,
    edited: state.edited?.passage.id === passage_id ? null : state.edited,
    found: state.found && { ...state.found, hits, total: Math.max(0, state.found.total - lost) },
    selected_id: state.selected_id === passage_id ? neighbourOf(state, passage_id) : state.selected_id,
  };
}

/** The entry `distance` rows away from the selected one, held inside the list. */
export function entryAt(state: ArchiveState, distance: number): string | null {
  const rows = rowsOf(state);
  const index = rows.findIndex(({ passage }) => passage.id === state.selected_id);
  const target = index < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, index + distance));
  return rows[target]?.passage.id ?? null;
}

/** Ranges of the old text say nothing about the new one. */
function replaced(hit: PassageHit, passage: Passage): PassageHit {
  return { ...hit, passage, matches: hit.passage.text === passage.text ? hit.matches : [] };
}

function neighbourOf(state: ArchiveState, passage_id: string): string | null {
  const ids = rowsOf(state).map(({ passage }) => passage.id);
  const index = ids.indexOf(passage_id);
  return ids[index + 1] ?? ids[index - 1] ?? null;
}
