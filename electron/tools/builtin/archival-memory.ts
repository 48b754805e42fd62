import { addPassage } from '../../memory/archival.ts';
import { searchArchive } from '../../memory/archive-search.ts';
import { formatInZone, timezoneNote } from '../../memory/dates.ts';
import { eventsOfPassageEdit } from '../../memory/events.ts';
import { entryNeedsReview, proposeEntry } from '../../memory/propose.ts';
import { readInteger, readOptionalText, readText, readTexts } from '../read-arguments.ts';
import { shownText } from '../shown-text.ts';
import type { Tool } from '../tool.ts';

const tags = { type: 'array', items: { type: 'string' } };

/** Files an entry in the archive. */
export const archivalMemoryInsert: Tool = {
  name: 'archival_memory_insert',
  description:
    'File a fact, event or document in your archive: unlimited, not always in view, found again with archival_memory_search.',
  parameters: {
    type: 'object',
    properties: {
      content: { type: 'string', description: 'Text to keep, understandable on its own.' },
      tags: { ...tags, description: 'Topics to find it by.' },
    },
    required: ['content'],
  },
  effect: 'local',
  terminal: false,
  run: async (args, context) => {
    const input = {
      agent_id: context.agent_id,
      text: readText(args, 'content'),
      tags: readTexts(args, 'tags'),
    };
    if (await entryNeedsReview(context.tx, context.cause)) {
      context.emit({ type: 'proposal.changed', proposal: await proposeEntry(context.tx, input, context) });
      return (
        'The entry is kept as a proposal. It is NOT in your archive until a person accepts it. You will be told what ' +
        'they decide; do not file it again.'
      );
    }
    const edit = await addPassage(context.tx, input, context);
    for (const event of eventsOfPassageEdit(edit)) context.emit(event);
    return JSON.stringify({ status: 'filed', id: edit.passage.id });
  },
};

/** Searches the archive. */
export const archivalMemorySearch: Tool = {
  name: 'archival_memory_search',
  description:
    'Search your archive by key words. An empty query lists the newest entries that pass the filters.',
  parameters: {
    type: 'object',
    properties: {
      query: { type: 'string', description: 'Key words.' },
      tags: { ...tags, description: 'Only entries with these tags.' },
      tag_match_mode: { type: 'string', enum: ['any', 'all'], description: 'Default any.' },
      top_k: { type: 'integer', minimum: 1, maximum: 100, description: 'Number of results, default 10.' },
      start_datetime: {
        type: 'string',
        description: 'From this day or time on, e.g. 2026-01-20 or 2026-01-20T14:30:00.',
      },
      end_datetime: { type: 'string', description: 'Up to and including this day or time.' },
    },
    required: ['query'],
  },
  effect: 'none',
  terminal: false,
  run: async (args, context) => {
    const answer = await searchArchive(context.tx, {
      agent_id: context.agent_id,
      query: readText(args, 'query'),
      tags: readTexts(args, 'tags'),
      tag_match_mode: args['tag_match_mode'] === 'all' ? 'all' : 'any',
      start_datetime: readOptionalText(args, 'start_datetime'),
      end_datetime: readOptionalText(args, 'end_datetime'),
      limit: readInteger(args, 'top_k', 10),
      timezone: context.timezone,
    });
    const results = answer.hits.map(({ passage }) => ({
      id: passage.id,
      timestamp: formatInZone(passage.created_at, context.timezone),
      content: shownText(passage.text),
      tags: passage.tags,
    }));
    // An empty answer to dates says it already.
    const zone = timezoneNote(context.timezone);
    const isTold = zone === null || answer.why_empty?.includes(zone) === true;
    const notes = [answer.why_empty, isTold ? null : zone].filter((note) => note !== null);
    const note = notes.length === 0 ? {} : { note: notes.join(' ') };
    return JSON.stringify({ results, count: results.length, ...note });
  },
};
