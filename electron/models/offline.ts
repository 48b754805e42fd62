import { createHash } from 'node:crypto';
import { chatBody } from './chat-body.ts';
import type { Model, ModelEvent, ModelRequest, ModelResponse, ModelToolCall } from './model.ts';
import { decide } from './offline/decide.ts';
import { readSituation } from './offline/situation.ts';
import { isSummaryRequest, summarize } from './offline/summary.ts';
import { cancelledError, pause, system_timers, type Timers } from './timers.ts';
import { countTokens } from './tokens.ts';

/** The handle of the built-in demo model. */
export const OFFLINE_HANDLE = 'memoir/offline';

/** Tokens the demo model claims to hold; it reads any length, this only sizes the context meter. */
export const OFFLINE_CONTEXT_WINDOW = 32_768;

const LONGEST_STREAM_MS = 900;

/** How the demo model shows its answer. */
export type OfflineOptions = {
  /** Milliseconds between words, so that streaming can be seen; 0 (the default) uses no timers. At most 0.9 s in all. */
  readonly delay_ms?: number;
  readonly timers?: Timers;
};

/**
 * Makes the built-in model of a Memoir without provider: deterministic, driven by patterns, honest about being a demo.
 * It sees only the request and chooses among the tools offered there, as any model does. Contacts nothing.
 */
export function createOfflineModel(options: OfflineOptions = {}): Model {
  return {
    handle: OFFLINE_HANDLE,
    context_window: OFFLINE_CONTEXT_WINDOW,
    bodyOf: (request) => JSON.stringify(chatBody(request)),
    answer: async (request, { signal, onEvent }) => {
      if (signal.aborted) throw cancelledError();
      const answer = compose(request);
      await stream(answer, { options, signal, onEvent });
      return respond(request, answer);
    },
  };
}

type Composed = { readonly text: string; readonly tool_calls: readonly ModelToolCall[] };

function compose(request: ModelRequest): Composed {
  if (isSummaryRequest(request)) return { text: summarize(request), tool_calls: [] };
  const situation = readSituation(request);
  const decision = decide(situation);
  const may_call = request.tool_choice !== 'none';
  if (decision.kind === 'call' && may_call) {
    const calls = request.parallel_tool_calls ? decision.calls : decision.calls.slice(0, 1);
    return {
      text: '',
      tool_calls: calls.map((call, index) => toolCall(request, index, call.name, call.arguments)),
    };
  }
  const text =
    decision.kind === 'say'
      ? decision.text
      : 'I may not use my tools now, so I did not look or save anything.';
  if (text === '' || !may_call || !situation.tools.has('send_message')) return { text, tool_calls: [] };
  return { text: '', tool_calls: [toolCall(request, 0, 'send_message', { message: text })] };
}

/** The id depends on the whole request, so it is new in every step and the same when a step is asked again. */
function toolCall(
  request: ModelRequest,
  index: number,
  name: string,
  call_arguments: Readonly<Record<string, unknown>>,
): ModelToolCall {
  const digest = createHash('sha256')
    .update(JSON.stringify([request.messages, index, name]))
    .digest('hex');
  return { id: `call_${digest.slice(0, 24)}`, name, arguments: JSON.stringify(call_arguments) };
}

type Streaming = {
  readonly options: OfflineOptions;
  readonly signal: AbortSignal;
  readonly onEvent: (event: ModelEvent) => void;
};

async function stream(answer: Composed, { options, signal, onEvent }: Streaming): Promise<void> {
  const events = [
    ...pieces(answer.text).map((delta): ModelEvent => ({ type: 'text', delta })),
    ...answer.tool_calls.flatMap((call, index) =>
      pieces(call.arguments).map((delta, at): ModelEvent => ({
        type: 'tool_call',
        index,
        name: at === 0 ? call.name : '',
        delta,
      })),
    ),
  ];
  const wait_ms = Math.min(options.delay_ms ?? 0, LONGEST_STREAM_MS / Math.max(events.length, 1));
  for (const event of events) {
    if (wait_ms > 0) await pause(wait_ms, options.timers ?? system_timers, signal);
    // A listener may cancel the run while it hears the answer.
    if (signal.aborted) throw cancelledError();
    onEvent(event);
  }
}

function pieces(text: string): string[] {
  return text.match(/\s*\S+|\s+$/gu) ?? [];
}

function respond(request: ModelRequest, answer: Composed): ModelResponse {
  const raw_request = JSON.stringify(chatBody(request));
  const prompt_tokens = countTokens(raw_request);
  const spoken = answer.text + answer.tool_calls.map((call) => call.name + call.arguments).join('');
  const completion_tokens = countTokens(spoken);
  const finish_reason = answer.tool_calls.length > 0 ? 'tool_calls' : 'stop';
  return {
    ...answer,
    reasoning: '',
    finish_reason,
    usage: {
      prompt_tokens,
      completion_tokens,
      total_tokens: prompt_tokens + completion_tokens,
      cached_input_tokens: 0,
      reasoning_tokens: 0,
    },
    raw_request,
    raw_response: JSON.stringify({ model: OFFLINE_HANDLE, finish_reason, ...answer }),
  };
}
