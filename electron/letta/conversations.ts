import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { Conversation } from '../../shared/contract/conversations.ts';
import type { OutputOf } from '../../shared/contract/index.ts';
import { readAgent } from './agents.ts';
import { API, type LettaBackend } from './backend.ts';
import type { BackgroundRuns } from './background-runs.ts';
import { cancelRuns } from './cancel.ts';
import { readConversationOf } from './conversation-id.ts';
import { detail } from './errors.ts';
import { createHistory, type History } from './history.ts';
import { flag, readBody, readQuery } from './input.ts';
import { checkStreaming, message_body } from './message-input.ts';
import { type Page, page_query, paginate } from './pagination.ts';
import { wireMessages } from './message-wire.ts';
import type { Repeats } from './repeats.ts';
import { say } from './say.ts';
import { systemMessageId, USER_ID, type Wire } from './wire.ts';

const of_agent = z.object({ agent_id: z.string().optional() });

const list_query = z.object({
  ...page_query,
  agent_id: z.string().optional(),
  summary_search: z.string().optional(),
  order_by: z.enum(['created_at', 'last_run_completion', 'last_message_at']).optional(),
});

const messages_query = z.object({
  ...page_query,
  agent_id: z.string().optional(),
  use_assistant_message: flag.optional(),
});

const conversation_body = z.looseObject({ summary: z.string().max(200).nullish() });

const say_body = message_body.extend({ agent_id: z.string().nullish() });

/** `/conversations`: threads of talk beside an agent's own, each with its messages. */
export function conversationRoutes(
  backend: LettaBackend,
  repeats: Repeats,
  background: BackgroundRuns,
): Hono {
  const app = new Hono({ strict: false });
  app.route('/', threadRoutes(backend));
  app.route('/', talkRoutes(backend, repeats, background));
  return app;
}

function threadRoutes(backend: LettaBackend): Hono {
  const { call } = backend;
  const app = new Hono({ strict: false });
  app.post('/conversations', async (context) => {
    const { agent_id } = readQuery(context, z.object({ agent_id: z.string() }));
    const { summary } = await readFields(context);
    const { id } = await readAgent(backend, agent_id);
    const title = summary ?? '';
    return context.json(wireConversation(await call('conversations.create', { agent_id: id, title }, API)));
  });
  app.get('/conversations', async (context) => context.json(await listThreads(backend, context)));
  app.get('/conversations/:conversation_id', async (context) =>
    context.json(wireThread(await readConversationOf(backend, context, null))),
  );
  app.patch('/conversations/:conversation_id', async (context) => {
    const { conversation } = await readConversationOf(backend, context, null);
    const { summary } = await readFields(context);
    const title = summary?.trim() ?? '';
    if (title === '') return context.json(wireConversation(conversation));
    const edit = { conversation_id: conversation.id, title };
    return context.json(wireConversation(await call('conversations.update', edit, API)));
  });
  app.delete('/conversations/:conversation_id', async (context) => {
    const { conversation } = await readConversationOf(backend, context, null);
    await call('conversations.delete', { conversation_id: conversation.id }, API);
    return context.json(null);
  });
  app.post('/conversations/:conversation_id/fork', async (context) => {
    const { agent_id } = readQuery(context, of_agent);
    const { conversation } = await readConversationOf(backend, context, agent_id);
    const fork = { agent_id: conversation.agent_id, branch_of: conversation.id };
    return context.json(wireConversation(await call('conversations.create', fork, API)));
  });
  return app;
}

function talkRoutes(backend: LettaBackend, repeats: Repeats, background: BackgroundRuns): Hono {
  const history = createHistory(backend);
  const app = new Hono({ strict: false });
  app.post('/conversations/:conversation_id/messages', async (context) => {
    const body = await readBody(context, say_body);
    const { conversation } = await readConversationOf(backend, context, body.agent_id);
    const isStreaming = body.streaming ?? true;
    checkStreaming(body, isStreaming);
    return say({ backend, context, conversation, body, repeats, background, isStreaming });
  });
  app.get('/conversations/:conversation_id/messages', async (context) => {
    const { agent_id, use_assistant_message = true, ...page } = readQuery(context, messages_query);
    const { conversation } = await readConversationOf(backend, context, agent_id);
    return context.json(await listMessages({ history, conversation, page, use_assistant_message }));
  });
  app.post('/conversations/:conversation_id/cancel', async (context) => {
    const { agent_id } = readQuery(context, of_agent);
    const { conversation } = await readConversationOf(backend, context, agent_id);
    return context.json(await cancelRuns(backend, conversation, null));
  });
  return app;
}

/** What V1 takes beside and Memoir can't do: a thread that left it out without a word would mislead. */
const UNSUPPORTED = ['isolated_block_labels', 'model', 'model_settings'] as const;

async function readFields(context: Context): Promise<z.output<typeof conversation_body>> {
  const body = await readBody(context, conversation_body);
  const isAsked = (value: unknown): boolean =>
    Array.isArray(value) ? value.length > 0 : value !== undefined && value !== null;
  const field = UNSUPPORTED.find((name) => isAsked(body[name]));
  if (field === undefined) return body;
  throw detail(
    422,
    `${field} is not supported by this version of Memoir; leave it out. Nothing was changed.`,
  );
}

// An agent's own thread is no conversation in V1.
async function listThreads(backend: LettaBackend, context: Context): Promise<Wire[]> {
  const query = readQuery(context, list_query);
  const agents =
    query.agent_id === undefined
      ? (await backend.call('agents.list', {}, API)).agents
      : [await readAgent(backend, query.agent_id)];
  const lists = await Promise.all(
    agents.map(({ id }) => backend.call('conversations.list', { agent_id: id }, API)),
  );
  const words = query.summary_search?.toLowerCase() ?? '';
  const found = lists
    .flatMap(({ conversations }) => conversations)
    .filter(({ is_default, title }) => !is_default && title.toLowerCase().includes(words));
  const sorted = query.order_by === undefined || query.order_by === 'created_at' ? 'created_at' : 'last';
  const rows = found.map((conversation) => ({
    id: conversation.id,
    created_at: sorted === 'last' ? (conversation.last_message_at ?? '') : conversation.created_at,
    conversation,
  }));
  return paginate(rows, query, { order: 'desc', limit: 50 }).map(({ conversation }) =>
    wireConversation(conversation),
  );
}

type Listing = {
  readonly history: History;
  readonly conversation: Conversation;
  readonly page: Page;
  readonly use_assistant_message: boolean;
};

/** Unlike an agent's messages these come in the order asked for, and cursors are positions in it. */
async function listMessages({
  history,
  conversation,
  page,
  use_assistant_message,
}: Listing): Promise<Wire[]> {
  const isAscending = page.order === 'asc';
  const { before, after } = isAscending ? page : { before: page.after, after: page.before };
  const messages = await history.read(conversation.id, { ...page, before, after });
  const shown = messages.flatMap((message) => wireMessages(message, { use_assistant_message }));
  const last = isAscending ? messages.at(-1) : messages[0];
  // Clients stop at an empty page: one of which nothing is shown gives way to the next.
  if (shown.length === 0 && last !== undefined) {
    return listMessages({ history, conversation, page: { ...page, after: last.id }, use_assistant_message });
  }
  return isAscending ? shown : shown.toReversed();
}

function wireThread({ conversation, window_ids }: OutputOf<'conversations.get'>): Wire {
  const prompt = window_ids.length === 0 ? [] : [systemMessageId(conversation.agent_id)];
  return { ...wireConversation(conversation), in_context_message_ids: [...prompt, ...window_ids] };
}

function wireConversation(conversation: Conversation): Wire {
  return {
    created_by_id: USER_ID,
    last_updated_by_id: USER_ID,
    created_at: conversation.created_at,
    updated_at: conversation.updated_at,
    id: conversation.id,
    agent_id: conversation.agent_id,
    summary: conversation.title === '' ? null : conversation.title,
    // Told where one conversation is read.
    in_context_message_ids: [],
    isolated_block_ids: [],
    model: null,
    model_settings: null,
    last_message_at: conversation.last_message_at,
  };
}
