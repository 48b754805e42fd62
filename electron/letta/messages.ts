import { Hono, type Context } from 'hono';
import { z } from 'zod';
import type { Conversation } from '../../shared/contract/conversations.ts';
import { readAgent } from './agents.ts';
import { defaultConversation, type LettaBackend } from './backend.ts';
import type { BackgroundRuns } from './background-runs.ts';
import { cancelRuns } from './cancel.ts';
import { detail } from './errors.ts';
import { createHistory, type History } from './history.ts';
import { flag, pathId, readBody, readQuery } from './input.ts';
import { checkStreaming, message_body } from './message-input.ts';
import { type Projection, wireMessages } from './message-wire.ts';
import { type Page, page_query } from './pagination.ts';
import type { Repeats } from './repeats.ts';
import { say } from './say.ts';
import { systemMessageId, type Wire } from './wire.ts';

const list_query = z.object({ ...page_query, use_assistant_message: flag.optional() });

const cancel_body = z.object({ run_ids: z.array(z.string()).nullish() });

/** `/agents/{id}/messages`: say something and wait or stream, read the talk, stop the run. */
export function messageRoutes(backend: LettaBackend, repeats: Repeats, background: BackgroundRuns): Hono {
  const history = createHistory(backend);
  const app = new Hono({ strict: false });
  const ownThread = async (context: Context): Promise<Conversation> => {
    const { id } = await readAgent(backend, pathId(context, 'agent'));
    return defaultConversation(backend.call, id);
  };
  app.post('/agents/:agent_id/messages', async (context) => {
    const body = await readBody(context, message_body);
    const isStreaming = body.streaming === true || body.stream_steps === true || body.stream_tokens === true;
    checkStreaming(body, isStreaming);
    const conversation = await ownThread(context);
    return say({ backend, context, conversation, body, repeats, background, isStreaming });
  });
  app.post('/agents/:agent_id/messages/stream', async (context) => {
    const body = await readBody(context, message_body);
    const conversation = await ownThread(context);
    return say({ backend, context, conversation, body, repeats, background, isStreaming: true });
  });
  for (const path of ['/agents/:agent_id/messages', '/agents/:agent_id/memory/messages']) {
    app.get(path, async (context) => {
      const { id } = await readAgent(backend, pathId(context, 'agent'));
      const { use_assistant_message = true, ...page } = readQuery(context, list_query);
      const conversation = await defaultConversation(backend.call, id);
      const bounds = aroundPrompt(page, systemMessageId(id));
      return context.json(
        bounds === null ? [] : await showPage(history, conversation.id, bounds, { use_assistant_message }),
      );
    });
  }
  app.patch('/agents/:agent_id/messages/:message_id', () => {
    throw detail(405, 'Message editing is not supported. Messages are immutable.');
  });
  app.post('/agents/:agent_id/messages/cancel', async (context) => {
    const conversation = await ownThread(context);
    const { run_ids } = await readBody(context, cancel_body);
    return context.json(await cancelRuns(backend, conversation, run_ids ?? null));
  });
  return app;
}

/** The system prompt stands before all that was said: behind it is everything, in front of it (`null`) nothing. */
function aroundPrompt({ after, before, ...page }: Page, prompt_id: string): Page | null {
  if (before === prompt_id) return null;
  return { ...page, before, after: after === prompt_id ? undefined : after };
}

/** A page as a client sees it. One of which nothing is shown gives way to the next: clients stop at an empty page. */
async function showPage(
  history: History,
  conversation_id: string,
  page: Page,
  projection: Projection,
): Promise<Wire[]> {
  const messages = await history.read(conversation_id, page);
  const shown = messages.flatMap((message) => wireMessages(message, projection));
  const [first, last] = [messages[0], messages.at(-1)];
  if (shown.length > 0 || first === undefined || last === undefined) return shown;
  const further = page.order === 'asc' ? { ...page, after: last.id } : { ...page, before: first.id };
  return showPage(history, conversation_id, further, projection);
}
