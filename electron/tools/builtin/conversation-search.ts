import { AppError } from '../../../shared/errors.ts';
import { formatInZone, timezoneNote } from '../../memory/dates.ts';
import { searchConversation } from '../../memory/recall.ts';
import { listMessagesByIds } from '../../store/messages.ts';
import { readInteger, readOptionalText, readTexts } from '../read-arguments.ts';
import { shownText } from '../shown-text.ts';
import type { Tool, ToolContext } from '../tool.ts';

/** Searches what was said. The older parameter `page` (from 0) is understood and not advertised. */
export const conversationSearch: Tool = {
  name: 'conversation_search',
  description:
    'Search everything said in your conversations, also what is no longer in view, by key words, role and date.',
  parameters: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'Key words; leave out to list the newest.' },
      roles: {
        type: 'array',
        items: { type: 'string', enum: ['assistant', 'user', 'tool'] },
        description: 'Who spoke.',
      },
      limit: { type: 'integer', minimum: 1, maximum: 100, description: 'Number of results, default 5.' },
      start_date: { type: 'string', description: 'From this day or time on, e.g. 2026-01-20.' },
      end_date: { type: 'string', description: 'Up to and including this day or time.' },
    },
    required: [],
  },
  effect: 'none',
  terminal: false,
  run: async (args, context) => {
    const again = HANDLE.exec((readOptionalText(args, 'query') ?? '').trim())?.groups;
    if (again !== undefined) return readAgain(context, again['id'] ?? '', Number(again['from'] ?? 0));
    const limit = readInteger(args, 'limit', 5);
    const found = await searchConversation(context.tx, {
      agent_id: context.agent_id,
      query: readOptionalText(args, 'query'),
      roles: readTexts(args, 'roles'),
      start_date: readOptionalText(args, 'start_date'),
      end_date: readOptionalText(args, 'end_date'),
      limit,
      offset: readPage(args) * limit,
      timezone: context.timezone,
      // The question itself holds every word of the query and would always come first.
      without_ids: context.cause.message_id === null ? [] : [context.cause.message_id],
    });
    const results = found.map((message) => ({
      timestamp: formatInZone(message.created_at, context.timezone),
      role: message.role,
      content: shownText(message.text),
    }));
    const nothing =
      results.length === 0 ? 'Nothing said before matches. Try other words or wider filters.' : null;
    const notes = [nothing, timezoneNote(context.timezone)].filter((note) => note !== null);
    const note = notes.length === 0 ? {} : { note: notes.join(' ') };
    return JSON.stringify({ results, count: results.length, ...note });
  },
};

// What a shortened result is read again with: the id of its message, and from which character on.
const HANDLE = /^(?<id>message-[0-9a-f-]{36})(?::(?<from>\d{1,9}))?$/u;
const PIECE_CHARS = 3000;

async function readAgain({ tx, agent_id, timezone }: ToolContext, id: string, from: number): Promise<string> {
  const [message] = await listMessagesByIds(tx, [id]);
  if (message?.agent_id !== agent_id) {
    throw new AppError(
      'not_found',
      `There is no message ${id} in your conversations. Search by words instead.`,
    );
  }
  const piece = message.text.slice(from, from + PIECE_CHARS).toWellFormed();
  const next = from + PIECE_CHARS;
  const note =
    next < message.text.length
      ? `${message.text.length} characters in all; go on with query "${id}:${next}".`
      : 'This is its end.';
  const timestamp = formatInZone(message.created_at, timezone);
  return JSON.stringify({ timestamp, role: message.role, from, content: piece, note });
}

const LAST_PAGE = 10_000;

function readPage(args: Readonly<Record<string, unknown>>): number {
  const page = readInteger(args, 'page', 0);
  if (page >= 0 && page <= LAST_PAGE) return page;
  throw new AppError(
    'invalid_input',
    `"page" must be from 0 to ${LAST_PAGE}, not ${page}. Nothing was searched.`,
  );
}
