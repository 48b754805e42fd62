import { Hono } from 'hono';
import { z } from 'zod';
import type { Agent, Compaction } from '../../shared/contract/agents.ts';
import type { ContextPart } from '../../shared/contract/context.ts';
import type { Message } from '../../shared/contract/conversations.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import { AppError } from '../../shared/errors.ts';
import { readAgent } from './agents.ts';
import { API, defaultConversation, type LettaBackend } from './backend.ts';
import { compaction_settings, compactionOf } from './compaction-settings.ts';
import { conversationOf } from './conversation-id.ts';
import { detail } from './errors.ts';
import { pathId, readBody } from './input.ts';
import { systemMessageId, USER_ID, type Wire, wireTool } from './wire.ts';

const compact_body = z.object({
  agent_id: z.string().nullish(),
  compaction_settings: compaction_settings.nullish(),
});

const TOO_LITTLE =
  'Summarization failed to reduce the number of messages. You may not have enough messages to compact or need to ' +
  'use a different CompactionSettings (e.g. using `all` mode).';

/** Compaction by hand, and what fills a window, as V1 has them. */
export function compactionRoutes(backend: LettaBackend): Hono {
  const app = new Hono({ strict: false });
  app.post('/agents/:agent_id/summarize', async (context) => {
    const { id } = await readAgent(backend, pathId(context, 'agent'));
    const body = await readBody(context, compact_body);
    const conversation = await defaultConversation(backend.call, id);
    return context.json(await compact(backend, conversation.id, body));
  });
  app.post('/conversations/:conversation_id/compact', async (context) => {
    const body = await readBody(context, compact_body);
    const { id } = await conversationOf(backend, context, body.agent_id);
    return context.json(await compact(backend, id, body));
  });
  app.get('/agents/:agent_id/context', async (context) =>
    context.json(await overview(backend, await readAgent(backend, pathId(context, 'agent')))),
  );
  return app;
}

async function compact(
  { call }: LettaBackend,
  conversation_id: string,
  body: z.output<typeof compact_body>,
): Promise<Wire> {
  const settings: Partial<Compaction> = body.compaction_settings
    ? compactionOf(body.compaction_settings)
    : {};
  try {
    return wireCompacted(await call('conversations.compact', { conversation_id, settings }, API));
  } catch (error) {
    const code = error instanceof AppError ? error.code : null;
    if (code === 'conflict') throw detail(400, TOO_LITTLE);
    if (code === 'not_found') throw detail(404, `Conversation with ID ${conversation_id} not found`);
    throw error;
  }
}

// V1 counts the system prompt and the summary among the messages.
function wireCompacted({ summary }: OutputOf<'conversations.compact'>): Wire {
  const { messages_before = 0, messages_after = 0 } = summary?.stats ?? {};
  return {
    summary: summary?.text ?? '',
    num_messages_before: messages_before + 1,
    num_messages_after: messages_after + 2,
  };
}

async function overview(backend: LettaBackend, agent: Agent): Promise<Wire> {
  const { call } = backend;
  const seen = await call('agents.context', { agent_id: agent.id }, API);
  const { tools } = await call('tools.list', {}, API);
  const part = (kind: ContextPart['kind']): ContextPart =>
    seen.parts.find((one) => one.kind === kind) ?? { kind, tokens: 0, text: '' };
  const [system, memory, index, summary] = [part('system'), part('memory'), part('index'), part('summary')];
  return {
    context_window_size_max: seen.window,
    context_window_size_current: seen.used,
    num_messages: seen.num_messages + 1,
    num_archival_memory: seen.num_archival_memory,
    num_recall_memory: seen.num_recall_memory,
    num_tokens_external_memory_summary: index.tokens,
    external_memory_summary: index.text,
    num_tokens_system: system.tokens,
    system_prompt: system.text,
    num_tokens_core_memory: memory.tokens,
    core_memory: memory.text,
    num_tokens_memory_filesystem: 0,
    memory_filesystem: null,
    num_tokens_tool_usage_rules: 0,
    tool_usage_rules: null,
    num_tokens_directories: 0,
    directories: null,
    num_tokens_summary_memory: summary.tokens,
    summary_memory: summary.text === '' ? null : summary.text,
    num_tokens_functions_definitions: part('tools').tokens,
    functions_definitions: agent.tools.map((name) => ({
      type: 'function',
      function: wireTool(
        name,
        tools.find((tool) => tool.name === name),
      )['json_schema'] ?? { name, description: null, parameters: null },
    })),
    num_tokens_messages: part('messages').tokens,
    messages: [
      systemMessage(agent, [system, memory, index]),
      ...(await messagesInWindow(backend, agent)).map(storedMessage),
    ],
  };
}

/** The messages the model sees, read from the talk's end backwards until all are found. */
async function messagesInWindow({ call }: LettaBackend, agent: Agent): Promise<Message[]> {
  const { states } = await call('agents.states', { agent_ids: [agent.id] }, API);
  const wanted = new Set(states[0]?.message_ids ?? []);
  const { id: conversation_id } = await defaultConversation(call, agent.id);
  const found: Message[] = [];
  let before_seq: number | undefined;
  while (found.length < wanted.size) {
    const at = before_seq === undefined ? {} : { before_seq };
    const page = await call('messages.list', { conversation_id, limit: 200, ...at }, API);
    found.unshift(...page.messages.filter((message) => wanted.has(message.id)));
    before_seq = page.messages[0]?.seq;
    if (!page.has_more || before_seq === undefined) break;
  }
  return found;
}

type Stored = {
  readonly id: string;
  readonly agent_id: string;
  readonly created_at: string;
  readonly role: string;
  readonly text: string;
};

function systemMessage({ id, created_at }: Agent, parts: readonly ContextPart[]): Wire {
  const text = parts
    .map((one) => one.text)
    .filter((one) => one !== '')
    .join('\n\n');
  return wireStored({ id: systemMessageId(id), agent_id: id, created_at, role: 'system', text });
}

function storedMessage(message: Message): Wire {
  const calls = message.tool_calls.map((call) => ({
    id: call.tool_call_id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  const { name, tool_call_id, step_id, run_id, otid } = message;
  const tool_calls = calls.length === 0 ? null : calls;
  return { ...wireStored(message), name, tool_call_id, step_id, run_id, otid, tool_calls };
}

function wireStored({ id, agent_id, created_at, role, text }: Stored): Wire {
  return {
    created_by_id: USER_ID,
    last_updated_by_id: USER_ID,
    created_at,
    updated_at: created_at,
    id,
    agent_id,
    model: null,
    role,
    content: [{ type: 'text', text, signature: null }],
    name: null,
    tool_calls: null,
    tool_call_id: null,
    step_id: null,
    run_id: null,
    otid: null,
    tool_returns: [],
    group_id: null,
    sender_id: null,
    batch_item_id: null,
    conversation_id: null,
    is_err: null,
    approval_request_id: null,
    approve: null,
    denial_reason: null,
    approvals: [],
  };
}
