import { Hono } from 'hono';
import { z } from 'zod';
import type { PassageHit } from '../../shared/contract/archive.ts';
import { API, type LettaBackend } from './backend.ts';
import { readBody, said } from './input.ts';
import { wirePassage, wireScore } from './wire.ts';

const LIMIT = 50;

const search_body = z.object({
  query: z.string(),
  agent_id: z
    .string()
    .regex(/^agent-[0-9a-f-]{36}$/)
    .nullish(),
  archive_id: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
  tag_match_mode: z.enum(['any', 'all']).nullish(),
  limit: z.number().int().min(1).max(100).nullish(),
  start_date: z.string().nullish(),
  end_date: z.string().nullish(),
});

/** `/passages/search`: entries of one agent, of one archive, or of all, best first. An agent goes before an archive. */
export function passageSearchRoutes(backend: LettaBackend): Hono {
  const app = new Hono({ strict: false });
  app.post('/passages/search', async (context) => {
    const body = await readBody(context, search_body);
    const hits = await search(backend, body);
    return context.json(
      hits.map(({ passage, score }) => ({
        passage: wirePassage(passage),
        score: wireScore(score),
        metadata: passage.metadata,
      })),
    );
  });
  return app;
}

async function search({ call }: LettaBackend, body: z.output<typeof search_body>): Promise<PassageHit[]> {
  const { query, agent_id, archive_id, tags, tag_match_mode } = body;
  const limit = body.limit ?? LIMIT;
  const dates = { start_datetime: body.start_date, end_datetime: body.end_date };
  const filters = said({ tags, tag_match_mode, ...dates });
  const agent_ids = agent_id ? [agent_id] : (await call('agents.list', {}, API)).agents.map(({ id }) => id);
  const found = new Map<string, PassageHit>();
  for (const id of agent_ids) {
    const { hits } = await call('archive.search', { agent_id: id, query, ...filters, limit }, API);
    // Agents may share an archive.
    for (const hit of hits) found.set(hit.passage.id, hit);
  }
  const isWanted = ({ passage }: PassageHit): boolean =>
    Boolean(agent_id) || !archive_id || passage.archive_id === archive_id;
  return [...found.values()]
    .filter(isWanted)
    .toSorted((one, other) => other.score - one.score)
    .slice(0, limit);
}
