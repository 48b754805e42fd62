import { z } from 'zod';
import { actor, memory_change } from './blocks.ts';
import { id, json_object, method, nothing, timestamp, version } from './method.ts';

/** An entry of archival memory. */
export const passage = z.object({
  id: id('passage'),
  archive_id: id('archive'),
  text: z.string(),
  tags: z.array(z.string()),
  metadata: json_object,
  /** Who put it there. */
  actor,
  version,
  created_at: timestamp,
  updated_at: timestamp,
});

/** An entry found by a search. */
export const passage_hit = z.object({
  passage,
  /** Greater is better; comparable only within one answer. */
  score: z.number(),
  /** Half-open ranges `[start, end)` in `passage.text` that matched, in characters. */
  matches: z.array(z.tuple([z.number().int(), z.number().int()])),
});

const filters = z.object({
  agent_id: id('agent'),
  tags: z.array(z.string()).optional(),
  tag_match_mode: z.enum(['any', 'all']).default('any'),
});

/** The methods of archive. */
export const archive_methods = {
  'archive.list': method({
    summary: 'Lists the entries of an agent, newest first unless told otherwise, with their number.',
    input: filters.extend({
      /** By time of creation. */
      order: z.enum(['asc', 'desc']).default('desc'),
      /** Only entries with this text in theirs, whatever its case. */
      contains: z.string().max(1000).optional(),
      /** Only entries behind this one, in the order asked for; one that is not of this agent is ignored. */
      after: id('passage').optional(),
      /** Only entries in front of this one; see `after`. */
      before: id('passage').optional(),
      /** Opaque; from `next` of the page before, asked for with the same order. */
      cursor: z.string().optional(),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    output: z.object({
      passages: z.array(passage),
      /** Entries that pass the filters, wherever the page begins; `null` on pages with a `cursor` or `after`. */
      total: z.number().int().nullable(),
      next: z.string().nullable(),
    }),
    errors: ['not_found'],
  }),
  'archive.search': method({
    summary: 'Searches the archive as the agent would; an empty answer says why.',
    input: filters.extend({
      query: z.string(),
      /** Whole days in the agent's time zone, inclusive, or full times. */
      start_datetime: z.string().optional(),
      end_datetime: z.string().optional(),
      limit: z.number().int().min(1).max(100).default(10),
    }),
    output: z.object({
      hits: z.array(passage_hit),
      total: z.number().int(),
      /** A sentence when nothing was found, else `null`. */
      why_empty: z.string().nullable(),
      /** Milliseconds. */
      took_ms: z.number(),
    }),
    errors: ['not_found'],
  }),
  'archive.tags': method({
    summary: 'Lists the tags in use with the number of entries.',
    input: z.object({ agent_id: id('agent') }),
    output: z.object({ tags: z.array(z.object({ tag: z.string(), count: z.number().int() })) }),
    errors: ['not_found'],
  }),
  'archive.add': method({
    summary: 'Files an entry by hand.',
    input: z.object({
      agent_id: id('agent'),
      text: z.string().trim().min(1).max(100_000),
      tags: z.array(z.string().trim().min(1).max(100)).default([]),
      created_at: timestamp.optional(),
    }),
    output: passage,
    errors: ['not_found'],
  }),
  'archive.update': method({
    summary: 'Edits an entry; the old text stays in its history.',
    input: z.object({
      passage_id: id('passage'),
      base_version: version,
      text: z.string().trim().min(1).max(100_000).optional(),
      tags: z.array(z.string().trim().min(1).max(100)).optional(),
    }),
    output: passage,
    errors: ['not_found', 'conflict'],
  }),
  'archive.delete': method({
    summary: 'Moves an entry to the trash.',
    input: z.object({ passage_id: id('passage') }),
    output: nothing,
    errors: ['not_found'],
  }),
  'archive.restore': method({
    summary: 'Takes an entry back out of the trash.',
    input: z.object({ passage_id: id('passage') }),
    output: passage,
    errors: ['not_found'],
  }),
  'archive.history': method({
    summary: 'Lists the versions of an entry, newest first.',
    input: z.object({ passage_id: id('passage') }),
    output: z.object({ changes: z.array(memory_change) }),
    errors: ['not_found'],
  }),
};

export type Passage = z.infer<typeof passage>;
export type PassageHit = z.infer<typeof passage_hit>;
