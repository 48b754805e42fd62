import type { Passage, PassageHit } from '../../shared/contract/archive.ts';
import { getArchiveOfAgent } from '../store/archives.ts';
import type { Read } from '../store/database.ts';
import {
  countPassages,
  getStoredPassage,
  listPassages,
  listTags,
  type PassageCursor,
  type PassageFilter,
  toPassage,
} from '../store/passages.ts';
import { findMatches } from '../store/search/matches.ts';
import { countMatches, searchPassages } from '../store/search/passages.ts';
import { toMatch } from '../store/search/query.ts';
import { searchWords } from '../store/search/words.ts';
import { parsePeriod, timezoneNote } from './dates.ts';
import { formatCount } from './text.ts';

/** What to look for in an agent's archive. Everything but the agent may be left out or `null`. */
export type ArchiveQuery = {
  readonly agent_id: string;
  readonly query?: string | null | undefined;
  readonly tags?: readonly string[] | null | undefined;
  readonly tag_match_mode?: 'any' | 'all' | null | undefined;
  /** A date (that whole day and later, in `timezone`) or a time. */
  readonly start_datetime?: string | null | undefined;
  /** A date (that whole day included) or a time. */
  readonly end_datetime?: string | null | undefined;
  readonly limit: number;
  /** IANA name. */
  readonly timezone: string;
};

/** What was found; `total` counts all matches, `why_empty` is a sentence when there are none. */
export type ArchiveAnswer = {
  readonly hits: PassageHit[];
  readonly total: number;
  readonly why_empty: string | null;
};

/**
 * Searches an agent's archive by words; without words, lists what passes the filters, newest first. Tags and dates
 * apply before the limit; in a time zone that is not known they are in UTC. Throws `invalid_input` for a date that is
 * none.
 */
export async function searchArchive(read: Read, input: ArchiveQuery): Promise<ArchiveAnswer> {
  const answer = await search(read, input);
  const note = input.start_datetime || input.end_datetime ? timezoneNote(input.timezone) : null;
  if (answer.why_empty === null || note === null) return answer;
  return { ...answer, why_empty: `${answer.why_empty} ${note}` };
}

async function search(read: Read, input: ArchiveQuery): Promise<ArchiveAnswer> {
  const period = parsePeriod(input.start_datetime || null, input.end_datetime || null, input.timezone);
  const archive = await getArchiveOfAgent(read, input.agent_id);
  if (archive === null) return { hits: [], total: 0, why_empty: EMPTY };
  const filter: PassageFilter = {
    archive_id: archive.id,
    tags: input.tags ?? [],
    tag_match_mode: input.tag_match_mode ?? 'any',
    ...period,
  };
  const query = input.query ?? '';
  const match = toMatch(query, archive.id);
  // Words were given, but only signs such as "?!": nothing can match, and a list of everything would mislead.
  if (match === null && query.trim() !== '')
    return { hits: [], total: 0, why_empty: await explain(read, filter, query) };
  const total = match === null ? await countPassages(read, filter) : await countMatches(read, match, filter);
  if (total === 0) return { hits: [], total, why_empty: await explain(read, filter, query) };
  return { hits: await find(read, { match, filter, query, limit: input.limit }), total, why_empty: null };
}

const EMPTY = 'The archive is empty: nothing has been filed yet.';

async function find(
  read: Read,
  {
    match,
    filter,
    query,
    limit,
  }: { match: string | null; filter: PassageFilter; query: string; limit: number },
): Promise<PassageHit[]> {
  if (match === null) {
    const listed = await listPassages(read, filter, { after: null, limit });
    return listed.map((passage) => ({ passage: toPassage(passage), score: 0, matches: [] }));
  }
  const found = await searchPassages(read, match, filter, limit);
  return found.map(({ passage, score }) => ({
    passage: toPassage(passage),
    score,
    matches: findMatches(passage.text, query),
  }));
}

async function explain(read: Read, filter: PassageFilter, query: string): Promise<string> {
  const open: PassageFilter = { ...filter, tags: [], from: null, before: null };
  const all = await countPassages(read, open);
  if (all === 0) return EMPTY;
  const words = searchWords(query);
  const match = toMatch(query, filter.archive_id);
  if (match === null && query.trim() !== '') return 'The query holds no word to search by. Use key words.';
  const matching = match === null ? all : await countMatches(read, match, open);
  if (matching === 0) {
    return `None of the ${entries(all)} has ${words.length > 1 ? 'any of the words' : 'the word'} ${words.join(', ')}. Try other words.`;
  }
  const told =
    match === null
      ? `There ${verb(matching)} ${entries(matching)}`
      : `${capital(entries(matching))} match${matching === 1 ? 'es' : ''} the words`;
  return `${told}, but ${excludedBy(filter)} left ${matching === 1 ? 'it' : 'them'} out.`;
}

function excludedBy(filter: PassageFilter): string {
  const { tags, tag_match_mode } = filter;
  const parts: string[] = [];
  if (tags.length > 0) {
    const how = tags.length === 1 ? '' : `${tag_match_mode} of `;
    parts.push(`the filter for ${how}${tags.length === 1 ? 'the tag' : 'the tags'} ${tags.join(', ')}`);
  }
  if (filter.from !== null || filter.before !== null) parts.push('the dates');
  return parts.join(' and ');
}

function entries(count: number): string {
  return count === 1 ? '1 entry' : `${formatCount(count)} entries`;
}

function verb(count: number): string {
  return count === 1 ? 'is' : 'are';
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/**
 * A page of an agent's entries, newest first unless told otherwise; `cursor` is `next` of the page before. `total` is
 * counted where a list begins; further on it is `null`, since counting costs more than the page.
 */
export async function listArchive(
  read: Read,
  input: {
    readonly agent_id: string;
    readonly tags?: readonly string[] | undefined;
    readonly tag_match_mode: 'any' | 'all';
    readonly contains?: string | undefined;
    readonly order?: 'asc' | 'desc' | undefined;
    /** Ids of entries between which the list runs, in its order; those of other archives are ignored. */
    readonly after?: string | undefined;
    readonly before?: string | undefined;
    readonly cursor?: string | undefined;
    readonly limit: number;
  },
): Promise<{ passages: Passage[]; total: number | null; next: string | null }> {
  const archive = await getArchiveOfAgent(read, input.agent_id);
  if (archive === null) return { passages: [], total: 0, next: null };
  const { tags = [], tag_match_mode, contains, order, limit } = input;
  const filter = { archive_id: archive.id, tags, tag_match_mode, contains, from: null, before: null };
  const after = parseCursor(input.cursor) ?? (await placeOf(read, archive.id, input.after));
  const before = await placeOf(read, archive.id, input.before);
  const found = await listPassages(read, filter, { order, after, before, limit: limit + 1 });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    passages: page.map(toPassage),
    total: after === null ? await countPassages(read, filter) : null,
    next: last === undefined ? null : `${last.created_at}_${last.ord}`,
  };
}

/** Tags of an agent's entries with their numbers, most used first. */
export async function listArchiveTags(
  read: Read,
  agent_id: string,
): Promise<{ tag: string; count: number }[]> {
  const archive = await getArchiveOfAgent(read, agent_id);
  return archive === null ? [] : listTags(read, archive.id);
}

async function placeOf(
  read: Read,
  archive_id: string,
  passage_id: string | undefined,
): Promise<PassageCursor | null> {
  if (passage_id === undefined) return null;
  // One moved to the trash still marks its place.
  const passage = await getStoredPassage(read, passage_id);
  return passage?.archive_id === archive_id ? passage : null;
}

function parseCursor(cursor: string | undefined): { created_at: string; ord: number } | null {
  const [, created_at, ord] = /^(.+)_(\d+)$/u.exec(cursor ?? '') ?? [];
  return created_at === undefined || ord === undefined ? null : { created_at, ord: Number(ord) };
}
