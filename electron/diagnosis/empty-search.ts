import { getArchiveOfAgent } from '../store/archives.ts';
import type { Read } from '../store/database.ts';
import { listPassages, countPassages, type PassageFilter } from '../store/passages.ts';
import type { RecentCall } from '../store/recent-work.ts';
import { countMatches } from '../store/search/passages.ts';
import { toMatch } from '../store/search/query.ts';
import { searchWords } from '../store/search/words.ts';
import { type AgentLook, counted, factsOf, fine, type Finding, privateFact } from './look.ts';

const SEARCH = 'archival_memory_search';
const NO_EMBEDDER =
  'Search goes by words, not by meaning: there is no embedding model in this version, so none can be set wrong.';

/** Row "Archival search returns empty": whether anything was filed, the index finds it, and why searches gave nothing. */
export async function checkSearch({ deps, agent, work }: AgentLook): Promise<Finding> {
  const { read } = deps.database;
  const archive = await getArchiveOfAgent(read, agent.id);
  const filter = archive === null ? null : everything(archive.id);
  const entries = filter === null ? 0 : await countPassages(read, filter);
  const searches = work.calls.filter(({ name, state }) => name === SEARCH && state === 'done');
  const empty = searches.flatMap((call) => emptyAnswer(call) ?? []);
  const facts = factsOfSearch(entries, searches.length, empty);
  if (filter !== null && entries > 0 && !(await indexFinds(read, filter))) {
    return {
      state: 'trouble',
      reason: 'index_broken',
      cause:
        'The newest entry of the archive can not be found by its own words: the index of the search is damaged.',
      cure: 'Export the agent and import it again: the index is made anew, nothing is lost.',
      facts,
      place: 'archive',
    };
  }
  if (entries === 0) return nothingFiled(empty.length, facts, agent.tools);
  const [newest] = searches;
  const last = newest === undefined ? null : emptyAnswer(newest);
  if (last === null) {
    const told = `${counted(entries, 'entry is', 'entries are')} filed and the index finds ${entries === 1 ? 'it' : 'them'}. ${NO_EMBEDDER}`;
    return fine(told, facts);
  }
  return {
    state: 'attention',
    reason: 'nothing_matched',
    cause: `The last search found nothing among ${counted(entries, 'entry', 'entries')}. ${last.why} ${NO_EMBEDDER}`,
    cure: 'Look for a word that stands in the entry, or take tags and dates out of the search.',
    facts,
    place: 'archive',
  };
}

/** A search that gave nothing: when, and why. */
type EmptyAnswer = { readonly at: string | null; readonly why: string };

function factsOfSearch(entries: number, searches: number, empty: readonly EmptyAnswer[]): Finding['facts'] {
  const [last] = empty;
  const facts = factsOf({
    entries,
    search_method: 'words',
    searches,
    empty_searches: empty.length,
    last_empty_search_at: last?.at ?? undefined,
  });
  return last === undefined ? facts : [...facts, privateFact('last_empty_search_reason', last.why)];
}

function nothingFiled(empty: number, facts: Finding['facts'], tools: readonly string[]): Finding {
  const searched =
    empty === 0 ? '' : ` ${counted(empty, 'search', 'searches')} found nothing because of that.`;
  const can = tools.includes('archival_memory_insert');
  return {
    state: empty === 0 ? 'ok' : 'attention',
    reason: 'archive_empty',
    cause: `The archive is empty: nothing has been filed yet.${searched} ${NO_EMBEDDER}`,
    cure: can
      ? 'Add an entry, or ask the agent to file what it should find later.'
      : 'Add an entry, or attach archival_memory_insert so that the agent can file some.',
    facts,
    place: 'archive',
  };
}

/** `null` when the search found something. */
function emptyAnswer({ result, finished_at }: RecentCall): EmptyAnswer | null {
  try {
    const answer = JSON.parse(result) as { count?: unknown; note?: unknown } | null;
    if (answer?.count !== 0) return null;
    return { at: finished_at, why: typeof answer.note === 'string' ? answer.note : '' };
  } catch {
    // Only the beginning of a long answer is read; one that is long was not empty.
    return null;
  }
}

/** Whether the newest entry is found by a word of its own. */
async function indexFinds(read: Read, filter: PassageFilter): Promise<boolean> {
  const [newest] = await listPassages(read, filter, { after: null, limit: 1 });
  const [word] = searchWords(newest?.text ?? '');
  const match = word === undefined ? null : toMatch(word, filter.archive_id);
  return match === null || (await countMatches(read, match, filter)) > 0;
}

function everything(archive_id: string): PassageFilter {
  return { archive_id, tags: [], tag_match_mode: 'any', from: null, before: null };
}
