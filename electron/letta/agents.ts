import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { Agent } from '../../shared/contract/agents.ts';
import { AppError } from '../../shared/errors.ts';
import { create_body, createInput, update_body, updateInput } from './agent-input.ts';
import { agentState, agentStates } from './agent-state.ts';
import { API, type LettaBackend } from './backend.ts';
import { detail } from './errors.ts';
import { flag, pathId, readBody, readQuery } from './input.ts';
import { page_query, paginate } from './pagination.ts';

const list_query = z.object({
  ...page_query,
  name: z.string().optional(),
  query_text: z.string().optional(),
  tags: z.array(z.string()).optional(),
  match_all_tags: flag.optional(),
  ascending: flag.optional(),
  order_by: z.enum(['created_at', 'updated_at', 'last_run_completion']).optional(),
});

/** `/agents`: create, list, count, read, change, delete. */
export function agentRoutes(backend: LettaBackend): Hono {
  const app = new Hono({ strict: false });
  app.post('/agents', async (context) => {
    const body = await readBody(context, create_body);
    const agent = await backend.call('agents.create', await createInput(backend, body), API);
    return context.json(await agentState(backend, agent));
  });
  app.get('/agents', async (context) => context.json(await listAgents(backend, context)));
  app.get('/agents/count', async (context) => {
    const { agents } = await backend.call('agents.list', {}, API);
    return context.json(agents.length);
  });
  app.get('/agents/:agent_id', async (context) =>
    context.json(await agentState(backend, await readAgent(backend, pathId(context, 'agent')))),
  );
  app.patch('/agents/:agent_id', async (context) => {
    const before = await readAgent(backend, pathId(context, 'agent'));
    const body = await readBody(context, update_body);
    const agent = await backend.call('agents.update', await updateInput(backend, before, body), API);
    return context.json(await agentState(backend, agent));
  });
  app.delete('/agents/:agent_id', async (context) => {
    const agent_id = pathId(context, 'agent');
    await readAgent(backend, agent_id);
    await backend.call('agents.delete', { agent_id }, API);
    return context.json({ message: `Agent id=${agent_id} successfully deleted` });
  });
  return app;
}

/** Reads an agent or fails as V1 does: 404 `Agent with ID ... not found`. */
export async function readAgent({ call }: LettaBackend, agent_id: string): Promise<Agent> {
  try {
    return await call('agents.get', { agent_id }, API);
  } catch (error) {
    if (error instanceof AppError && error.code === 'not_found') {
      throw detail(404, `Agent with ID ${agent_id} not found`);
    }
    throw error;
  }
}

async function listAgents(backend: LettaBackend, context: Context): Promise<unknown[]> {
  const query = readQuery(context, list_query, ['tags', 'include']);
  const { agents } = await backend.call('agents.list', {}, API);
  const found = agents.filter((agent) => matches(agent, query));
  const ascending = query.ascending === undefined ? undefined : query.ascending ? 'asc' : 'desc';
  const order_by = query.order_by ?? 'created_at';
  const keyed = found.map((agent) => ({ id: agent.id, created_at: sortKey(agent, order_by), agent }));
  const page = paginate(keyed, { ...query, order: query.order ?? ascending }, { order: 'desc', limit: 50 });
  return agentStates(
    backend,
    page.map(({ agent }) => agent),
  );
}

function matches(agent: Agent, query: z.output<typeof list_query>): boolean {
  if (query.name !== undefined && agent.name !== query.name) return false;
  if (query.query_text !== undefined && !agent.name.toLowerCase().includes(query.query_text.toLowerCase())) {
    return false;
  }
  if (query.tags === undefined) return true;
  const hasTag = (tag: string): boolean => agent.tags.includes(tag);
  return query.match_all_tags === true ? query.tags.every(hasTag) : query.tags.some(hasTag);
}

function sortKey(agent: Agent, order_by: 'created_at' | 'updated_at' | 'last_run_completion'): string {
  if (order_by === 'created_at') return agent.created_at;
  return order_by === 'updated_at' ? agent.updated_at : (agent.last_run_at ?? '');
}
