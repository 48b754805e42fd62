import { default_compaction } from '../../shared/contract/agents.ts';
import { defaultSystemPrompt } from '../../electron/agent/prompts/system.ts';
import { insertConversation } from '../../electron/store/conversations.ts';
import { createBlock } from '../../electron/memory/blocks.ts';
import { directCause } from '../../electron/memory/cause.ts';
import { type AgentRecord, insertAgent } from '../../electron/store/agents.ts';
import { systemClock } from '../../electron/store/clock.ts';
import type { Database } from '../../electron/store/database.ts';
import { createToolRegistry } from '../../electron/tools/registry.ts';

/** An agent as the store keeps it. */
export function agentOf(options: Partial<AgentRecord>): AgentRecord {
  const now = systemClock.now();
  const agent_type = options.agent_type ?? 'letta_v1_agent';
  return {
    id: systemClock.newId('agent'),
    name: 'Ada',
    agent_type,
    description: null,
    system: defaultSystemPrompt(agent_type),
    model: 'openai/gpt-4o-mini',
    model_settings: { temperature: null, max_output_tokens: null, parallel_tool_calls: true },
    context_window_limit: null,
    compaction: default_compaction,
    tool_policies: {},
    tools: [...createToolRegistry().defaultTools(agent_type)],
    tags: [],
    timezone: 'Europe/Berlin',
    metadata: {},
    foreign: {},
    version: 1,
    created_at: now,
    updated_at: now,
    last_run_at: null,
    ...options,
  };
}

/** Makes an agent with a `human` block and its conversation. */
export async function makeAgent(
  database: Database,
  options: Partial<AgentRecord> = {},
): Promise<{ agent: AgentRecord; conversation_id: string; block_id: string }> {
  const agent = agentOf(options);
  const now = agent.created_at;
  const conversation_id = systemClock.newId('conv');
  const block_id = await database.transaction(async (tx) => {
    await insertAgent(tx, agent, 'user');
    await insertConversation(tx, {
      id: conversation_id,
      agent_id: agent.id,
      title: '',
      is_default: true,
      now,
    });
    const archive_id = systemClock.newId('archive');
    await tx
      .insertInto('archive')
      .values({ id: archive_id, name: 'Ada', created_at: now, deleted_at: null })
      .execute();
    await tx.insertInto('agent_archive').values({ agent_id: agent.id, archive_id }).execute();
    const context = { clock: systemClock, cause: directCause('user', agent.id) };
    const made = await createBlock(tx, { label: 'human', value: 'Likes tea.', agent_id: agent.id }, context);
    return made.block.id;
  });
  return { agent, conversation_id, block_id };
}
