import { Hono } from 'hono';
import { z } from 'zod';
import type { Block } from '../../shared/contract/blocks.ts';
import { agentState, agentStates } from './agent-state.ts';
import { readAgent } from './agents.ts';
import { API, type LettaBackend } from './backend.ts';
import { detail } from './errors.ts';
import { pathId, readBody, readQuery, said } from './input.ts';
import { page_query, paginate } from './pagination.ts';
import { wireBlock } from './wire.ts';

const json = z.record(z.string(), z.unknown());

const fields = {
  value: z.string().nullish(),
  limit: z.number().int().min(1).nullish(),
  description: z.string().nullish(),
  read_only: z.boolean().nullish(),
  tags: z.array(z.string()).nullish(),
  metadata: json.nullish(),
};
const create_body = z.object({ ...fields, label: z.string().min(1).max(100) });
const update_body = z.object({ ...fields, label: z.string().min(1).max(100).nullish() });
const list_query = z.object({
  ...page_query,
  label: z
    .string()
    .max(50)
    .regex(/^[\w/-]+$/)
    .optional(),
  label_search: z.string().max(50).optional(),
  value_search: z.string().max(200).optional(),
  description_search: z.string().max(200).optional(),
});

const agents_query = z.object(page_query);

/** `/blocks`: blocks by themselves. */
export function blockRoutes(backend: LettaBackend): Hono {
  const { call } = backend;
  const app = new Hono({ strict: false });
  app.post('/blocks', async (context) => {
    const { label, ...rest } = await readBody(context, create_body);
    return context.json(wireBlock(await call('blocks.create', { label, ...said(rest) }, API)));
  });
  app.get('/blocks', async (context) => {
    const query = readQuery(context, list_query);
    const { blocks } = await call('blocks.list', {}, API);
    const found = blocks.filter((block) => matches(block, query));
    return context.json(paginate(found, query, { order: 'asc', limit: 50 }).map(wireBlock));
  });
  app.get('/blocks/count', async (context) =>
    context.json((await call('blocks.list', {}, API)).blocks.length),
  );
  app.get('/blocks/:block_id', async (context) =>
    context.json(wireBlock(await call('blocks.get', { block_id: pathId(context, 'block') }, API))),
  );
  app.patch('/blocks/:block_id', async (context) => {
    const block_id = pathId(context, 'block');
    const body = await readBody(context, update_body);
    return context.json(wireBlock(await call('blocks.update', { block_id, ...said(body) }, API)));
  });
  app.delete('/blocks/:block_id', async (context) => {
    await call('blocks.delete', { block_id: pathId(context, 'block') }, API);
    return context.json(null);
  });
  app.get('/blocks/:block_id/agents', async (context) => {
    const block = await call('blocks.get', { block_id: pathId(context, 'block') }, API);
    const query = readQuery(context, agents_query, ['include']);
    const agents = await Promise.all(block.agent_ids.map((id) => readAgent(backend, id)));
    const page = paginate(agents, query, { order: 'desc', limit: 50 });
    return context.json(await agentStates(backend, page));
  });
  return app;
}

/** `/agents/{id}/core-memory`: the blocks of an agent, by label. */
export function coreMemoryRoutes(backend: LettaBackend): Hono {
  const { call } = backend;
  const app = new Hono({ strict: false });
  app.get('/agents/:agent_id/core-memory', async (context) => {
    const state = await agentState(backend, await readAgent(backend, pathId(context, 'agent')));
    return context.json(state['memory']);
  });
  app.get('/agents/:agent_id/core-memory/blocks', async (context) => {
    const { id } = await readAgent(backend, pathId(context, 'agent'));
    const query = readQuery(context, list_query);
    const { blocks } = await call('blocks.list', { agent_id: id }, API);
    return context.json(paginate(blocks, query, { order: 'desc', limit: 100 }).map(wireBlock));
  });
  for (const path of [
    '/agents/:agent_id/core-memory/blocks/:label',
    '/agents/:agent_id/memory/block/:label',
  ]) {
    app.get(path, async (context) =>
      context.json(
        wireBlock(await blockByLabel(backend, pathId(context, 'agent'), context.req.param('label') ?? '')),
      ),
    );
    app.patch(path, async (context) => {
      const { id } = await blockByLabel(backend, pathId(context, 'agent'), context.req.param('label') ?? '');
      const body = await readBody(context, update_body);
      return context.json(wireBlock(await call('blocks.update', { block_id: id, ...said(body) }, API)));
    });
  }
  app.patch('/agents/:agent_id/core-memory/blocks/attach/:block_id', async (context) => {
    const agent = await readAgent(backend, pathId(context, 'agent'));
    await call('blocks.attach', { agent_id: agent.id, block_id: pathId(context, 'block') }, API);
    return context.json(await agentState(backend, agent));
  });
  app.patch('/agents/:agent_id/core-memory/blocks/detach/:block_id', async (context) => {
    const agent = await readAgent(backend, pathId(context, 'agent'));
    const block_id = pathId(context, 'block');
    const { agent_ids } = await call('blocks.get', { block_id }, API);
    if (!agent_ids.includes(agent.id)) {
      throw detail(404, `No block with id '${block_id}' found for agent '${agent.id}'`);
    }
    await call('blocks.detach', { agent_id: agent.id, block_id }, API);
    return context.json(await agentState(backend, agent));
  });
  return app;
}

/** Reads an agent's block by its label; 404 in V1's words. */
async function blockByLabel(backend: LettaBackend, agent_id: string, label: string): Promise<Block> {
  await readAgent(backend, agent_id);
  const { blocks } = await backend.call('blocks.list', { agent_id }, API);
  const found = blocks.find((block) => block.label === label);
  if (found === undefined) throw detail(404, `No block with label '${label}' found for agent '${agent_id}'`);
  return found;
}

function matches(block: Block, query: z.output<typeof list_query>): boolean {
  const contains = (text: string | null, part: string | undefined): boolean =>
    part === undefined || (text ?? '').toLowerCase().includes(part.toLowerCase());
  return (
    (query.label === undefined || block.label === query.label) &&
    contains(block.label, query.label_search) &&
    contains(block.value, query.value_search) &&
    contains(block.description, query.description_search)
  );
}
