import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { Passage } from '../../shared/contract/archive.ts';
import type { InputOf, OutputOf } from '../../shared/contract/index.ts';
import { readAgent } from './agents.ts';
import { API, type LettaBackend } from './backend.ts';
import { detail } from './errors.ts';
import { flag, isId, pathId, readBody, readQuery, said, time } from './input.ts';
import { page_query } from './pagination.ts';
import { wireDate, wirePassage, wireScore } from './wire.ts';

const PAGE = 200;
const LIMIT = 100;

const insert_body = z.object({
  text: z.string().min(1),
  tags: z.array(z.string()).nullish(),
  created_at: time.nullish(),
});

const list_query = z.object({
  ...page_query,
  ascending: flag.optional(),
  search: z.string().optional(),
  /** The guide's keys. */
  query: z.string().optional(),
  count: z.coerce.number().int().min(1).max(100).optional(),
});

const search_query = z.object({
  query: z.string(),
  tags: z.array(z.string()).optional(),
  tag_match_mode: z.enum(['any', 'all']).optional(),
  top_k: z.coerce.number().int().min(1).max(100).optional(),
  start_datetime: z.string().optional(),
  end_datetime: z.string().optional(),
});

/** `/agents/{id}/archival-memory` and the guide's `/archival`. */
export function passageRoutes(backend: LettaBackend): Hono {
  const { call } = backend;
  const app = new Hono({ strict: false });
  app.get('/agents/:agent_id/archival-memory/search', async (context) => {
    const { id } = await readAgent(backend, pathId(context, 'agent'));
    const { top_k, ...query } = readQuery(context, search_query, ['tags']);
    const { hits } = await call(
      'archive.search',
      { agent_id: id, ...said(query), query: query.query, ...limit(top_k) },
      API,
    );
    const results = hits.map(({ passage }) => ({
      id: passage.id,
      timestamp: wireTimestamp(passage.created_at),
      content: passage.text,
      tags: passage.tags,
    }));
    return context.json({ results, count: results.length });
  });
  for (const path of ['/agents/:agent_id/archival-memory', '/agents/:agent_id/archival']) {
    app.get(path, async (context) => context.json(await listPassages(backend, context)));
    app.post(path, async (context) => {
      const { id } = await readAgent(backend, pathId(context, 'agent'));
      const { text, ...rest } = await readBody(context, insert_body);
      return context.json([
        wirePassage(await call('archive.add', { agent_id: id, text, ...said(rest) }, API)),
      ]);
    });
    app.delete(`${path}/:memory_id`, async (context) => {
      await readAgent(backend, pathId(context, 'agent'));
      const passage_id = context.req.param('memory_id');
      if (!isId('passage', passage_id)) throw detail(404, `Passage with id ${passage_id} not found`);
      await call('archive.delete', { passage_id }, API);
      return context.json({ message: `Memory id=${passage_id} successfully deleted` });
    });
  }
  return app;
}

async function listPassages(backend: LettaBackend, context: Context): Promise<unknown[]> {
  const { id } = await readAgent(backend, pathId(context, 'agent'));
  const query = readQuery(context, list_query);
  if (query.query !== undefined) return searchAsGuide(backend, id, query.query, query.count ?? query.limit);
  const order = query.order ?? (query.ascending === false ? 'desc' : 'asc');
  const { search: contains, after, before } = query;
  const wanted = {
    agent_id: id,
    order,
    ...said({ contains, after: placeOf(after), before: placeOf(before) }),
  };
  return (await readPage(backend, wanted, query.count ?? query.limit ?? LIMIT)).map(wirePassage);
}

/** A cursor that is no id is passed over, as in V1. */
function placeOf(cursor: string | undefined): string | undefined {
  return cursor !== undefined && isId('passage', cursor) ? cursor : undefined;
}

/** Up to `limit` entries from the start of what is wanted; all of them for 0. */
async function readPage(
  { call }: LettaBackend,
  wanted: InputOf<'archive.list'>,
  limit: number,
): Promise<Passage[]> {
  const found: Passage[] = [];
  let cursor: string | null = null;
  do {
    const rest = limit === 0 ? PAGE : Math.min(PAGE, limit - found.length);
    const place: { cursor?: string } = cursor === null ? {} : { cursor };
    const page: OutputOf<'archive.list'> = await call(
      'archive.list',
      { ...wanted, ...place, limit: rest },
      API,
    );
    found.push(...page.passages);
    cursor = page.next;
  } while (cursor !== null && (limit === 0 || found.length < limit));
  return found;
}

/** `GET /archival?query=&count=`: passages with their scores, best first. */
async function searchAsGuide(
  { call }: LettaBackend,
  agent_id: string,
  query: string,
  count: number | undefined,
): Promise<unknown[]> {
  const { hits } = await call('archive.search', { agent_id, query, ...limit(count) }, API);
  return hits.map(({ passage, score }) => ({ ...wirePassage(passage), score: wireScore(score) }));
}

function limit(count: number | undefined): { limit?: number } {
  return count === undefined || count === 0 ? {} : { limit: Math.min(count, 100) };
}

/** Search results carry microseconds and `+00:00`. */
function wireTimestamp(timestamp: string): string {
  return timestamp.endsWith('Z') ? `${timestamp.slice(0, -1)}+00:00` : wireDate(timestamp);
}
