import { Hono } from 'hono';
import { z } from 'zod';
import { agentState } from './agent-state.ts';
import { readAgent } from './agents.ts';
import { API, defaultConversation, type LettaBackend } from './backend.ts';
import { pathId, readBody } from './input.ts';
import { type Wire, wireBlock } from './wire.ts';

const memory_body = z.record(z.string(), z.string());

/** Routes of older Letta servers that guides still show: `/agents/{id}/memory` and its sizes. */
export function guideRoutes(backend: LettaBackend): Hono {
  const { call } = backend;
  const app = new Hono({ strict: false });
  app.get('/agents/:agent_id/memory', async (context) =>
    context.json(await memoryOf(backend, pathId(context, 'agent'))),
  );
  app.patch('/agents/:agent_id/memory', async (context) => {
    const agent_id = pathId(context, 'agent');
    await readAgent(backend, agent_id);
    await call('agents.write_blocks', { agent_id, values: await readBody(context, memory_body) }, API);
    return context.json(await memoryOf(backend, agent_id));
  });
  app.get('/agents/:agent_id/memory/archival', async (context) => {
    const { id } = await readAgent(backend, pathId(context, 'agent'));
    const { total } = await call('archive.list', { agent_id: id, limit: 1 }, API);
    return context.json({ size: total ?? 0 });
  });
  app.get('/agents/:agent_id/memory/recall', async (context) => {
    const { id } = await readAgent(backend, pathId(context, 'agent'));
    const { message_count } = await defaultConversation(call, id);
    return context.json({ size: message_count });
  });
  return app;
}

/** The older `{memory: {label: block}, prompt_template}` together with V1's core memory. */
async function memoryOf(backend: LettaBackend, agent_id: string): Promise<Wire> {
  const agent = await readAgent(backend, agent_id);
  const { blocks } = await backend.call('blocks.list', { agent_id }, API);
  const { memory } = await agentState(backend, agent);
  return {
    ...(memory as Wire),
    memory: Object.fromEntries(blocks.map((block) => [block.label, wireBlock(block)])),
  };
}
