import { Hono } from 'hono';
import { z } from 'zod';
import type { ToolSummary } from '../../shared/contract/system.ts';
import { agentState } from './agent-state.ts';
import { readAgent } from './agents.ts';
import { API, type LettaBackend } from './backend.ts';
import { detail } from './errors.ts';
import { pathId, readBody, readQuery } from './input.ts';
import { page_query, paginate } from './pagination.ts';
import { toolId, type Wire, wireTool } from './wire.ts';

const list_query = z.object({
  ...page_query,
  name: z.string().optional(),
  names: z.array(z.string()).optional(),
  search: z.string().optional(),
});

const approval_body = z.strictObject({ requires_approval: z.boolean() });

/** `/tools` and `/agents/{id}/tools`: the built-in tools, and which of them an agent has. */
export function toolRoutes(backend: LettaBackend): Hono {
  const { call } = backend;
  const app = new Hono({ strict: false });
  app.get('/tools', async (context) => {
    const query = readQuery(context, list_query, ['names', 'tool_types', 'tool_ids']);
    const { tools } = await call('tools.list', {}, API);
    const found = tools.filter((tool) => matches(tool.name, query));
    return context.json(page(found, query, 50));
  });
  app.get('/tools/count', async (context) => context.json((await call('tools.list', {}, API)).tools.length));
  app.get('/tools/name/:name', async (context) => {
    const { tools } = await call('tools.list', {}, API);
    const found = tools.find((tool) => tool.name === context.req.param('name'));
    if (found === undefined) throw detail(404, `Tool with name ${context.req.param('name')} not found`);
    return context.json(toolId(found.name));
  });
  app.get('/tools/:tool_id', async (context) => {
    const tool = await toolById(backend, pathId(context, 'tool'));
    return context.json(wireTool(tool.name, tool));
  });
  app.get('/agents/:agent_id/tools', async (context) => {
    const agent = await readAgent(backend, pathId(context, 'agent'));
    const query = readQuery(context, list_query);
    const { tools } = await call('tools.list', {}, API);
    const own = agent.tools.map((name) => tools.find((tool) => tool.name === name) ?? { name });
    return context.json(page(own, query, 10));
  });
  app.patch('/agents/:agent_id/tools/approval/:tool_name', async (context) => {
    const agent = await readAgent(backend, pathId(context, 'agent'));
    const name = context.req.param('tool_name');
    const { requires_approval } = await readBody(context, approval_body);
    if (!agent.tools.includes(name)) {
      throw detail(404, `NOT_FOUND: Tool ${name} is not attached to agent ${agent.id}`);
    }
    const { [name]: _, ...others } = agent.tool_policies;
    const tool_policies = requires_approval ? { ...agent.tool_policies, [name]: 'ask' as const } : others;
    return context.json(
      await agentState(backend, await call('agents.update', { agent_id: agent.id, tool_policies }, API)),
    );
  });
  app.patch('/agents/:agent_id/tools/attach/:tool_id', async (context) => {
    const agent = await readAgent(backend, pathId(context, 'agent'));
    const { name } = await toolById(backend, pathId(context, 'tool'));
    const tools = [...new Set([...agent.tools, name])];
    return context.json(
      await agentState(backend, await call('agents.update', { agent_id: agent.id, tools }, API)),
    );
  });
  app.patch('/agents/:agent_id/tools/detach/:tool_id', async (context) => {
    const agent = await readAgent(backend, pathId(context, 'agent'));
    const id = pathId(context, 'tool');
    const tools = agent.tools.filter((name) => toolId(name) !== id);
    return context.json(
      await agentState(backend, await call('agents.update', { agent_id: agent.id, tools }, API)),
    );
  });
  return app;
}

async function toolById({ call }: LettaBackend, id: string): Promise<ToolSummary> {
  const { tools } = await call('tools.list', {}, API);
  const found = tools.find((tool) => toolId(tool.name) === id);
  if (found === undefined) throw detail(404, `Tool with id ${id} not found.`);
  return found;
}

function matches(name: string, query: z.output<typeof list_query>): boolean {
  return (
    (query.name === undefined || name === query.name) &&
    (query.names === undefined || query.names.includes(name)) &&
    (query.search === undefined || name.toLowerCase().includes(query.search.toLowerCase()))
  );
}

/** Built-in tools were all made at the same time, so their ids alone order them. */
function page(
  tools: readonly (ToolSummary | { readonly name: string })[],
  query: z.output<typeof list_query>,
  limit: number,
): Wire[] {
  const listed = tools.map((tool) => ({ id: toolId(tool.name), created_at: '', tool }));
  return paginate(listed, query, { order: 'desc', limit }).map(({ tool }) =>
    wireTool(tool.name, 'json_schema' in tool ? tool : undefined),
  );
}
