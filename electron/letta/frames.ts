import { randomUUID } from 'node:crypto';
import type { Run } from '../../shared/contract/conversations.ts';
import { wireCompacting, wireSummary } from './compaction-wire.ts';
import { modelFailure } from './errors.ts';
import type { ToldMessage } from './approval-wire.ts';
import { part, wireBase } from './message-base.ts';
import { isAnswer, wireMessages } from './message-wire.ts';
import type { RunEvent } from './run-events.ts';
import { type Wire, wireDate } from './wire.ts';

/** How a stream is written. */
export type FrameOptions = {
  readonly use_assistant_message: boolean;
  /** Pieces of text as they come, instead of whole messages. */
  readonly stream_tokens: boolean;
  readonly include_pings: boolean;
  /** Tells of compactions: that one begins, and its summary. */
  readonly include_compaction_messages: boolean;
  /** Numbers the frames, for streams that can be taken up again. */
  readonly background: boolean;
  /** The number before the first one. Default 0. */
  readonly after?: number;
  /** Kinds of message wanted; `null` for all. */
  readonly types: readonly string[] | null;
};

/** Writes the frames of one run. */
export type Framer = {
  /** The frames of an event; the last ones when it is `finished`. */
  readonly write: (event: RunEvent) => string;
  /** A keep-alive, empty when pings are not wanted. */
  readonly ping: () => string;
  /** The last frames of a stream that broke here rather than in its run. `code` is that of the failure. */
  readonly fail: (code: string, text: string) => string;
};

type Streamed = { text: string; reasoning: string };

/** Makes the writer of a stream: `data: <json>` frames in V1's order and shapes. */
export function createFramer(options: FrameOptions): Framer {
  const streamed = new Map<string, Streamed>();
  let run_id: string | null = null;
  let seq = options.after ?? 0;
  const frame = (wire: Wire): string => {
    seq += 1;
    return `data: ${JSON.stringify(options.background ? { ...wire, seq_id: seq } : wire)}\n\n`;
  };
  const ping = (): string => {
    if (!options.include_pings) return '';
    return frame(wirePing(run_id));
  };
  const show = (wires: readonly Wire[]): string =>
    wires
      .filter((wire) => options.types === null || options.types.includes(String(wire['message_type'])))
      .map(frame)
      .join('');
  const write = (event: RunEvent): string => {
    switch (event.kind) {
      case 'started':
        run_id = event.run_id;
        return ping();
      case 'delta':
        return options.stream_tokens ? show([writeDelta(event.event, streamed)]) : '';
      case 'message':
        return isAnswer(event.message) ? show(writeMessage(event.message, streamed, options)) : '';
      case 'compacting':
        return options.include_compaction_messages ? show([wireCompacting(event.event)]) : '';
      case 'summary':
        return options.include_compaction_messages ? show([wireSummary(event.summary)]) : '';
      case 'finished':
        return writeEnd(event.run);
    }
  };
  const fail = (code: string, text: string): string =>
    plain({ message_type: 'stop_reason', stop_reason: 'error' }) + writeError(run_id, code, text);
  return { write, ping, fail };
}

function wirePing(run_id: string | null): Wire {
  const date = wireDate(new Date().toISOString());
  return wireBase({ id: `ping-${randomUUID()}`, date, message_type: 'ping', run_id });
}

/** A keep-alive for one reader of a recorded stream: it has no number. */
export function writePing(run_id: string | null): string {
  return plain(wirePing(run_id));
}

function writeDelta(
  event: Extract<RunEvent, { kind: 'delta' }>['event'],
  streamed: Map<string, Streamed>,
): Wire {
  const so_far = streamed.get(event.message_id) ?? { text: '', reasoning: '' };
  so_far[event.part] += event.delta;
  streamed.set(event.message_id, so_far);
  const isText = event.part === 'text';
  return {
    ...wireBase({
      id: event.message_id,
      date: wireDate(new Date().toISOString()),
      message_type: isText ? 'assistant_message' : 'reasoning_message',
      otid: part(event.message_id, isText && so_far.reasoning !== '' ? 1 : 0),
      step_id: event.step_id,
      run_id: event.run_id,
    }),
    ...(isText
      ? { content: event.delta }
      : { source: 'reasoner_model', reasoning: event.delta, signature: null }),
  };
}

/** What of a finished message was not streamed piece by piece yet. */
function writeMessage(
  message: ToldMessage,
  streamed: ReadonlyMap<string, Streamed>,
  options: FrameOptions,
): Wire[] {
  const wires = wireMessages(message, options);
  if (!options.stream_tokens) return wires;
  const so_far = streamed.get(message.id) ?? { text: '', reasoning: '' };
  return wires.flatMap((wire) => {
    if (wire['message_type'] === 'assistant_message') return rest(wire, 'content', so_far.text);
    if (wire['message_type'] === 'reasoning_message') return rest(wire, 'reasoning', so_far.reasoning);
    return CALLING.has(String(wire['message_type'])) ? callChunks(wire) : [wire];
  });
}

const CALLING = new Set(['tool_call_message', 'approval_request_message']);

function rest(wire: Wire, key: 'content' | 'reasoning', so_far: string): Wire[] {
  const whole = String(wire[key]);
  if (so_far === '') return [wire];
  if (so_far.trim() === whole.trim() || !whole.startsWith(so_far)) return [];
  return [{ ...wire, [key]: whole.slice(so_far.length) }];
}

/** In token streams a call comes as its name, then its arguments, and `tool_calls` is a single object. */
function callChunks(wire: Wire): Wire[] {
  const calls = wire['tool_calls'] as readonly { name: string; arguments: string; tool_call_id: string }[];
  return calls.flatMap(({ name, arguments: text, tool_call_id }) =>
    [
      { name, tool_call_id },
      { arguments: text, tool_call_id },
    ].map((chunk) => ({
      ...wire,
      tool_call: chunk,
      tool_calls: chunk,
    })),
  );
}

const DONE = 'data: [DONE]\n\n';

function plain(wire: Wire): string {
  return `data: ${JSON.stringify(wire)}\n\n`;
}

function writeEnd(run: Run): string {
  const stop = plain(wireStop(run));
  if (run.state === 'cancelled') return stop;
  if (isAnswered(run)) return stop + plain(wireUsage(run)) + DONE;
  return (
    stop + writeError(run.id, run.error?.code ?? 'internal', run.error?.message ?? 'The run was interrupted.')
  );
}

/** Ends at which the model had its say; the reason tells that it was not to the end. */
const SAID_IN_PART = new Set<Run['stop_reason']>(['max_tokens_exceeded', 'invalid_tool_call']);

/** Whether a run ended with an answer rather than an error: V1 gives a reason for the first, an error for the second. */
export function isAnswered(run: Run): boolean {
  if (run.state === 'failed') return SAID_IN_PART.has(run.stop_reason);
  return run.state === 'completed' || run.state === 'cancelled' || run.state === 'waiting';
}

function writeError(run_id: string | null, code: string, text: string): string {
  const { type, message, detail } = modelFailure(code, text);
  // Clients throw the message alone, so it says what to do as well.
  const words = `${message} ${detail}`;
  const error = {
    message_type: 'error_message',
    run_id,
    error_type: type,
    message: words,
    detail,
    seq_id: null,
  };
  return `event: error\n${plain(error)}${DONE}`;
}

/** Why a run stopped. Letta has no word for a run cut by a crash. */
export function wireStop(run: Run): Wire {
  const fallback = run.state === 'cancelled' ? 'cancelled' : run.state === 'completed' ? 'end_turn' : 'error';
  const stop_reason =
    run.stop_reason === null || run.stop_reason === 'interrupted' ? fallback : run.stop_reason;
  return { message_type: 'stop_reason', stop_reason };
}

/** What a run used. */
export function wireUsage(run: Run): Wire {
  const { usage } = run;
  return {
    message_type: 'usage_statistics',
    completion_tokens: usage.completion_tokens,
    prompt_tokens: usage.prompt_tokens,
    total_tokens: usage.total_tokens,
    step_count: run.step_count,
    run_ids: null,
    cached_input_tokens: usage.cached_input_tokens,
    cache_write_tokens: null,
    reasoning_tokens: usage.reasoning_tokens,
    context_tokens: null,
  };
}
