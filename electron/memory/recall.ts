import type { Read } from '../store/database.ts';
import {
  type FoundMessage,
  listMessagesByFilter,
  type MessageFilter,
  searchMessages,
} from '../store/search/messages.ts';
import { toMatch } from '../store/search/query.ts';
import { parsePeriod } from './dates.ts';

/** What to look for in the history of an agent. Filters work without a query. */
export type RecallQuery = {
  readonly agent_id: string;
  readonly query?: string | null | undefined;
  readonly roles?: readonly string[] | null | undefined;
  /** A date (that whole day and later, in `timezone`) or a time. */
  readonly start_date?: string | null | undefined;
  /** A date (that whole day included) or a time. */
  readonly end_date?: string | null | undefined;
  readonly limit: number;
  /** Results to skip. Default 0. */
  readonly offset?: number | undefined;
  /** IANA name. */
  readonly timezone: string;
  /** Messages not to find, such as the question that is being answered. */
  readonly without_ids?: readonly string[] | undefined;
  /** Tools whose results are left out; the default are the memory tools, which would only find themselves. */
  readonly without_tools?: readonly string[] | undefined;
};

/** Tools that answer with memory itself, or only say that it was changed. */
export const MEMORY_TOOLS: readonly string[] = [
  'send_message',
  'core_memory_append',
  'core_memory_replace',
  'memory',
  'memory_apply_patch',
  'memory_finish_edits',
  'memory_insert',
  'memory_replace',
  'memory_rethink',
  'rethink_memory',
  'archival_memory_insert',
  'archival_memory_search',
  'conversation_search',
];

const ROLES = ['user', 'assistant', 'tool'];

/**
 * Searches what was said to and by an agent, in all its conversations: by words, best first; without words, the newest
 * first. Role and date apply before the limit. Throws `invalid_input` for a date that is none.
 */
export async function searchConversation(read: Read, input: RecallQuery): Promise<FoundMessage[]> {
  const filter: MessageFilter = {
    agent_id: input.agent_id,
    roles:
      input.roles === undefined || input.roles === null || input.roles.length === 0 ? ROLES : input.roles,
    without_tools: input.without_tools ?? MEMORY_TOOLS,
    without_ids: input.without_ids ?? [],
    ...parsePeriod(input.start_date || null, input.end_date || null, input.timezone),
  };
  const page = { limit: input.limit, offset: input.offset ?? 0 };
  const query = input.query ?? '';
  const match = toMatch(query, input.agent_id);
  if (match !== null) return searchMessages(read, match, filter, page);
  return query.trim() === '' ? listMessagesByFilter(read, filter, page) : [];
}
