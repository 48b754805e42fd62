import { createHash } from 'node:crypto';
import type { Compaction } from '../../../shared/contract/agents.ts';
import type { Usage } from '../../../shared/contract/conversations.ts';
import { AppError, toWire, type WireError } from '../../../shared/errors.ts';
import type { Exchange, Model, ModelEvent, ModelRequest, ModelResponse } from '../../models/model.ts';
import type { Timers } from '../../models/timers.ts';
import { countTokens } from '../../models/tokens.ts';
import { clipText } from '../../store/encoding.ts';
import { no_usage } from '../../store/runs.ts';
import type { WindowItem } from '../../store/window.ts';
import { fitText, sumUpByQuoting } from './fallback.ts';
import { beginPatience } from './patience.ts';
import { summaryPrompt } from './prompt.ts';
import { writeTranscript } from './transcript.ts';

/** A model that may write a summary, and how it is asked. */
export type Writer = {
  readonly model: Model;
  /** Tokens it may be sent. */
  readonly window: number;
  /** Asks it within its own context instead of with a transcript. */
  readonly own_context?: { readonly request: ModelRequest; readonly prompt: string };
};

/** What is to be summed up, and by whom. */
export type SummaryWork = {
  readonly evicted: readonly WindowItem[];
  /** The longest the summary may be. */
  readonly tokens: number;
  readonly settings: Compaction;
  /** Asked in this order, until one has written. */
  readonly writers: readonly Writer[];
  /** Why there is no writer, or why one who was asked for is missing. */
  readonly missing: string | null;
  readonly signal: AbortSignal;
  readonly timers: Timers;
  readonly onWaiting: (event: Extract<ModelEvent, { type: 'waiting' }>) => void;
};

/** One call of a model for a summary. */
export type SummaryCall = Exchange & {
  readonly model: string;
  readonly usage: Usage;
  readonly took_ms: number;
  readonly error: WireError | null;
};

/** A summary, and how it came about. */
export type WrittenSummary = {
  readonly text: string;
  /** `null`: made from first and last words. */
  readonly model: string | null;
  readonly prompt_hash: string | null;
  readonly fallback: string | null;
  readonly calls: readonly SummaryCall[];
};

/**
 * Has a summary written. Whatever the models do (fail, hang, refuse, say nothing, overflow), there is one in the end: made
 * from first and last words, with the reason in `fallback`. Throws `cancelled` only.
 */
export async function writeSummary(work: SummaryWork): Promise<WrittenSummary> {
  const calls: SummaryCall[] = [];
  let reason = work.missing;
  for (const writer of work.writers) {
    const tried = await tryWriter(work, writer, calls);
    if (tried.kind === 'written') return { ...tried, calls, fallback: null };
    reason = tried.reason;
    // Whoever waited for one model for minutes is not made to wait for the next.
    if (tried.is_slow) break;
  }
  const text = sumUpByQuoting(work.evicted, work.tokens);
  const fallback = reason ?? 'No model was asked.';
  return { text, model: null, prompt_hash: null, fallback, calls };
}

type Tried =
  | {
      readonly kind: 'written';
      readonly text: string;
      readonly model: string;
      readonly prompt_hash: string;
    }
  | { readonly kind: 'failed'; readonly reason: string; readonly is_slow: boolean };

async function tryWriter(work: SummaryWork, writer: Writer, calls: SummaryCall[]): Promise<Tried> {
  const { model } = writer;
  // A server may hold less than it says: the second try is half as long.
  for (const share of writer.own_context === undefined ? [1, 0.5] : [1]) {
    const { request, prompt } = requestOf(work, writer, share);
    const { response, call } = await ask(work, model, request);
    calls.push(call);
    if (response === null) {
      const code = call.error?.code;
      if (code === 'model_overflow' && share === 1) continue;
      const reason = `${model.handle} wrote no summary: ${call.error?.message ?? 'it failed.'}`;
      return { kind: 'failed', reason, is_slow: code === 'model_timeout' };
    }
    const fault = faultOf(response);
    if (fault !== null) {
      return { kind: 'failed', reason: `${model.handle} wrote no summary: ${fault}`, is_slow: false };
    }
    const text = fitText(clipText(response.text.trim(), work.settings.clip_chars), work.tokens);
    return { kind: 'written', text, model: model.handle, prompt_hash: sha256(prompt) };
  }
  const reason = `${model.handle} wrote no summary: what was to be summed up did not fit it.`;
  return { kind: 'failed', reason, is_slow: false };
}

// Room for thoughts beside the summary, of models that have any.
const THOUGHT_TOKENS = 1000;
const AROUND_TOKENS = 200;

function requestOf(
  work: SummaryWork,
  { model, window, own_context }: Writer,
  share: number,
): { request: ModelRequest; prompt: string } {
  if (own_context !== undefined) return own_context;
  const prompt = summaryPrompt(work.settings, work.tokens);
  const answer = Math.min(work.tokens * 2 + THOUGHT_TOKENS, Math.floor(window / 3));
  const room = Math.floor((window * 0.9 - answer - countTokens(prompt) - AROUND_TOKENS) * share);
  const transcript = writeTranscript(work.evicted, Math.max(room, AROUND_TOKENS));
  return {
    prompt,
    request: {
      model: model.handle.slice(model.handle.indexOf('/') + 1),
      messages: [
        { role: 'system', content: prompt },
        { role: 'user', content: `<conversation>\n${transcript}\n</conversation>` },
      ],
      tools: [],
      tool_choice: 'none',
      parallel_tool_calls: false,
      temperature: null,
      max_output_tokens: answer,
      thinking_budget: null,
    },
  };
}

async function ask(
  work: SummaryWork,
  model: Model,
  request: ModelRequest,
): Promise<{ response: ModelResponse | null; call: SummaryCall }> {
  const start = performance.now();
  let exchange: Exchange = { raw_request: JSON.stringify(request), raw_response: '' };
  const callOf = (usage: Usage, error: WireError | null): SummaryCall => ({
    ...exchange,
    model: model.handle,
    usage,
    took_ms: Math.round(performance.now() - start),
    error,
  });
  const patience = beginPatience(model.handle, work.signal, work.timers);
  try {
    const response = await model.answer(request, {
      signal: patience.signal,
      onEvent: (event) => {
        if (event.type === 'failed') exchange = event;
        else if (event.type === 'waiting') work.onWaiting(event);
        else patience.heard();
      },
    });
    exchange = response;
    return { response, call: callOf(response.usage, null) };
  } catch (error) {
    if (work.signal.aborted) throw stoppedError();
    return { response: null, call: callOf(no_usage, toWire(patience.fault() ?? error)) };
  } finally {
    patience.end();
  }
}

function stoppedError(): AppError {
  return new AppError('cancelled', 'Stopped while the window was made smaller. Nothing of it was changed.');
}

// A refusal is short and says so at once.
const REFUSAL =
  /^(?:i['’]?m sorry|i am sorry|sorry,|i can(?:['’]t|not)|i(?:['’]m| am) (?:unable|not able))/iu;
const LONGEST_REFUSAL = 400;

function faultOf(response: ModelResponse): string | null {
  const text = response.text.trim();
  if (response.finish_reason === 'content_filter') return 'the provider filtered it.';
  // The last things said are what it would lack.
  if (response.finish_reason === 'length') return 'it was cut off before its end.';
  if (response.tool_calls.length > 0) return 'it called a tool instead.';
  if (text === '') return 'its answer was empty.';
  if (text.length <= LONGEST_REFUSAL && REFUSAL.test(text)) return 'it refused.';
  return null;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
