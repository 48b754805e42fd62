import { randomUUID } from 'node:crypto';
import type { Context } from 'hono';
import type { ClientTool } from '../../shared/contract/approvals.ts';
import type { Conversation, Run } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import { assertNothingPending, findDecided } from './approval-find.ts';
import { API, type LettaBackend } from './backend.ts';
import { wireCompacting, wireSummary } from './compaction-wire.ts';
import { detail, runFailed } from './errors.ts';
import { type BackgroundRuns, lastNumber } from './background-runs.ts';
import { createFramer, type Framer, isAnswered, wireStop, wireUsage } from './frames.ts';
import { type MessageBody, readBrought, requestKey, type Said } from './message-input.ts';
import { isAnswer, wireMessages } from './message-wire.ts';
import type { Repeats } from './repeats.ts';
import type { RunEvent } from './run-events.ts';
import { decideAndFollow, decideAndSay, sendAndFollow, type Sending } from './run-follow.ts';
import { answerFrames, streamRecording, streamRun } from './sse.ts';
import type { Wire } from './wire.ts';

/** A request that says something in a conversation. */
export type Saying = {
  readonly backend: LettaBackend;
  readonly context: Context;
  readonly conversation: Pick<Conversation, 'id'>;
  readonly body: MessageBody;
  /** Requests that are being answered, of all conversations. */
  readonly repeats: Repeats;
  readonly background: BackgroundRuns;
  readonly isStreaming: boolean;
};

/** Says what a body brings and answers with the run that answers it, whole or as a stream. Throws as V1 does. */
export async function say(saying: Saying): Promise<Response> {
  const { backend, context, conversation, body, repeats } = saying;
  const { decisions, said } = readBrought(body);
  if (decisions.length > 0) {
    const found = await findDecided(backend, conversation.id, decisions);
    const deciding = { ...found, client_tools: clientToolsOf(body) };
    // The same run goes on, and so do the numbers of its frames.
    const after = lastNumber(saying.background.find(found.run_id));
    const follow = async (signal: AbortSignal): Promise<AsyncGenerator<RunEvent>> =>
      said === null
        ? decideAndFollow(backend, deciding, signal)
        : decideAndSay(backend, { deciding, sending: sendingOf(body, deciding, said, randomUUID()) }, signal);
    return answerWith(saying, follow, after);
  }
  if (said === null) throw detail(422, 'Messages must not be empty');
  const isRepeat = Number(context.req.header('x-stainless-retry-count') ?? 0) > 0;
  const asked = { key: requestKey(conversation.id, body), given: said.last.otid, isRepeat };
  const { otid, forget } = await repeats.open(asked, (earlier) => isEnded(backend, conversation.id, earlier));
  try {
    await assertNothingPending(backend, conversation.id, otid);
    const sending = sendingOf(body, { conversation_id: conversation.id }, said, otid);
    return await answerWith(saying, async (signal) =>
      untilEnd(await sendAndFollow(backend, sending, signal), forget),
    );
  } catch (error) {
    // A client that lost its connection may come back for the run, which goes on.
    if (!(error instanceof AppError && error.code === 'cancelled')) forget();
    throw error;
  }
}

/** Answers with a run, whole or as a stream. */
async function answerWith(
  { context, body, background, isStreaming }: Saying,
  follow: (signal: AbortSignal) => Promise<AsyncGenerator<RunEvent>>,
  after = 0,
): Promise<Response> {
  const stop = new AbortController();
  if (isStreaming && body.background === true) {
    // It is listened to until its end, so that a client that left can take it up again.
    const recording = background.record(await follow(stop.signal), framerOf(body, after));
    const reading = { after, include_pings: body.include_pings ?? true };
    return answerFrames(context, streamRecording(recording, reading));
  }
  const events = await follow(isStreaming ? stop.signal : context.req.raw.signal);
  if (isStreaming) {
    const stream = streamRun({ events, framer: framerOf(body), stop: () => stop.abort() });
    return answerFrames(context, stream);
  }
  return context.json(await answerWhole(body, events));
}

function sendingOf(
  body: MessageBody,
  { conversation_id }: { readonly conversation_id: string },
  said: Said,
  otid: string,
): Sending {
  const max_steps = body.max_steps ?? undefined;
  const client_tools = clientToolsOf(body);
  return { ...said.last, conversation_id, before: said.before, otid, max_steps, client_tools };
}

function clientToolsOf({ client_tools }: MessageBody): ClientTool[] | undefined {
  return client_tools?.map(({ name, description, parameters }) => ({
    name,
    description: description ?? '',
    parameters: parameters ?? { type: 'object', properties: {} },
  }));
}

/** Whether nothing more comes for what was said under an otid. */
async function isEnded({ call }: LettaBackend, conversation_id: string, otid: string): Promise<boolean> {
  const { state, run } = await call('messages.sent', { conversation_id, otid }, API);
  return run === null ? state !== 'queued' : run.state !== 'running';
}

async function* untilEnd(events: AsyncGenerator<RunEvent>, onEnd: () => void): AsyncGenerator<RunEvent> {
  for await (const event of events) {
    if (event.kind === 'finished') onEnd();
    yield event;
  }
}

function framerOf(body: MessageBody, after = 0): Framer {
  return createFramer({
    after,
    use_assistant_message: body.use_assistant_message ?? true,
    stream_tokens: body.stream_tokens ?? false,
    include_pings: body.include_pings ?? true,
    include_compaction_messages: body.include_compaction_messages ?? false,
    background: body.background ?? false,
    types: body.include_return_message_types ?? null,
  });
}

async function collect(
  body: MessageBody,
  events: AsyncGenerator<RunEvent>,
): Promise<{ messages: Wire[]; run: Run }> {
  const projection = { use_assistant_message: body.use_assistant_message ?? true };
  const tells = body.include_compaction_messages ?? false;
  const messages: Wire[] = [];
  for await (const event of events) {
    if (event.kind === 'message' && isAnswer(event.message)) {
      messages.push(...wireMessages(event.message, projection));
    }
    if (event.kind === 'compacting' && tells) messages.push(wireCompacting(event.event));
    if (event.kind === 'summary' && tells) messages.push(wireSummary(event.summary));
    if (event.kind === 'finished') return { messages, run: event.run };
  }
  throw new AppError('internal', 'The run ended without an end. Read the messages of the agent.');
}

/** The whole answer; the client's own messages are not repeated. */
async function answerWhole(body: MessageBody, events: AsyncGenerator<RunEvent>): Promise<Wire> {
  const { messages, run } = await collect(body, events);
  if (!isAnswered(run)) {
    throw runFailed(run.error?.code ?? 'internal', run.error?.message ?? 'The run was interrupted.');
  }
  const types = body.include_return_message_types ?? null;
  return {
    messages: messages.filter((wire) => types === null || types.includes(String(wire['message_type']))),
    stop_reason: wireStop(run),
    usage: wireUsage(run),
    logprobs: null,
    turns: null,
  };
}
