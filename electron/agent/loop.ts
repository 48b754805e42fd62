import type { StopReason } from '../../shared/contract/conversations.ts';
import { AppError, toWire } from '../../shared/errors.ts';
import type { Exchange, Model, ModelEvent, ModelResponse, ModelToolCall } from '../models/model.ts';
import type { RunEnd } from '../store/runs.ts';
import type { Answer } from './answer.ts';
import type { CallVerdict, Journal, PlannedStep } from './journal-record.ts';

/** What a turn works with. Nothing else is reached: no store, no clock, no network but the model's. */
export type Turn = {
  readonly model: Model;
  readonly journal: Journal;
  /** Aborted with `'cancelled'` or `'interrupted'` as its reason. */
  readonly signal: AbortSignal;
  /** Steps taken before, when a run goes on. */
  readonly steps_taken: number;
  readonly max_steps: number;
  /** Hears the answer while it is written. */
  readonly onDraft: (step: PlannedStep, event: ModelEvent) => void;
};

// The same call with the same arguments this often in one turn is a loop.
const LOOP_CALLS = 5;

type Progress = { readonly counts: Map<string, number>; looped: boolean };

/**
 * Runs a turn to its end: asks the model, runs the tools it calls in its order, asks again, until it calls none, a
 * terminal tool succeeds, steps run out, it fails or is stopped. Every state is in the journal before the next begins.
 * Expected failures are ends, not throws; a failing store throws.
 */
export async function runTurn(turn: Turn): Promise<RunEnd> {
  const progress: Progress = { counts: new Map(), looped: false };
  for (let taken = turn.steps_taken; ; taken += 1) {
    if (turn.signal.aborted) return stopped(turn.signal);
    if (taken >= turn.max_steps) return { state: 'completed', stop_reason: 'max_steps', error: null };
    const end = await takeStep(turn, taken, progress);
    if (end !== null) return end;
  }
}

async function takeStep(turn: Turn, taken: number, progress: Progress): Promise<RunEnd | null> {
  const { journal, model, signal } = turn;
  let step: PlannedStep;
  try {
    step = await journal.plan(taken + 1);
  } catch (error) {
    if (error instanceof AppError && error.code === 'model_overflow') return failure(error);
    throw error;
  }
  await journal.sent(step);
  const partial = { text: '', reasoning: '' };
  let exchange: Exchange | null = null;
  let response: ModelResponse;
  try {
    response = await model.answer(step.request, {
      signal,
      onEvent: (event) => {
        if (event.type === 'text' || event.type === 'reasoning') partial[event.type] += event.delta;
        if (event.type === 'failed') exchange = event;
        turn.onDraft(step, event);
      },
    });
  } catch (error) {
    const end = signal.aborted ? stopped(signal) : failure(error);
    await journal.cut(step, { answer: { ...partial, tool_calls: [] }, exchange, end });
    return end;
  }
  return handleAnswer({ turn, step, response, progress, is_first: taken === 0 });
}

type Received = {
  readonly turn: Turn;
  readonly step: PlannedStep;
  readonly response: ModelResponse;
  readonly progress: Progress;
  readonly is_first: boolean;
};

async function handleAnswer({ turn, step, response, progress, is_first }: Received): Promise<RunEnd | null> {
  const { journal } = turn;
  const answer: Answer = response;
  const calls = await journal.received(step, answer, response);
  if (calls.length === 0) return endOfAnswer(response, is_first);
  let said = false;
  for (const call of calls) {
    const verdict = judge(call, { signal: turn.signal, response, progress });
    const outcome = await journal.runTool(step, call, verdict);
    said ||= outcome.ok && outcome.terminal;
  }
  return endOfTools({ signal: turn.signal, response, progress, said });
}

function endOfAnswer(response: ModelResponse, is_first: boolean): RunEnd {
  if (response.finish_reason === 'length') return cutAtLimit();
  if (response.finish_reason === 'content_filter') {
    return failed('llm_api_error', 'model_error', 'The provider filtered this answer. What came is kept.');
  }
  if (response.text.trim() === '' && is_first) {
    const message = 'The model gave an empty answer. Your message is kept; resume to ask again.';
    return failed('invalid_llm_response', 'model_bad_response', message);
  }
  return { state: 'completed', stop_reason: 'end_turn', error: null };
}

function endOfTools(facts: {
  readonly signal: AbortSignal;
  readonly response: ModelResponse;
  readonly progress: Progress;
  readonly said: boolean;
}): RunEnd | null {
  if (facts.said) return { state: 'completed', stop_reason: 'tool_rule', error: null };
  if (facts.signal.aborted) return stopped(facts.signal);
  if (facts.progress.looped) {
    const message = `The model made the same tool call ${LOOP_CALLS} times, so the turn was stopped. All is kept.`;
    return failed('invalid_tool_call', 'tool_failed', message);
  }
  return facts.response.finish_reason === 'length' ? cutAtLimit() : null;
}

function judge(
  call: ModelToolCall,
  facts: { readonly signal: AbortSignal; readonly response: ModelResponse; readonly progress: Progress },
): CallVerdict {
  if (facts.signal.aborted)
    return { kind: 'refuse', reason: 'Not run: the turn was stopped before this call.' };
  if (facts.response.finish_reason === 'length') {
    return {
      kind: 'refuse',
      reason: 'Not run: the answer was cut at its length limit, so the call may be incomplete.',
    };
  }
  const key = `${call.name}\n${call.arguments}`;
  const count = (facts.progress.counts.get(key) ?? 0) + 1;
  facts.progress.counts.set(key, count);
  if (count < LOOP_CALLS) return { kind: 'run' };
  facts.progress.looped = true;
  return { kind: 'refuse', reason: `Not run: this same call was made ${count} times in one turn.` };
}

/** The end of a run that was stopped from outside. */
export function stopped(signal: AbortSignal): RunEnd {
  if (signal.reason === 'interrupted') {
    const message = 'Memoir was closed before this was finished. What came is kept; resume to go on.';
    return { state: 'interrupted', stop_reason: 'interrupted', error: { code: 'cancelled', message } };
  }
  return { state: 'cancelled', stop_reason: 'cancelled', error: null };
}

/** The end of a run after a failure, with words a person can act on. */
export function failure(error: unknown): RunEnd {
  const { code, message } = toWire(error);
  const stop_reason: StopReason =
    code === 'model_overflow'
      ? 'context_window_overflow_in_system_prompt'
      : code === 'model_bad_response'
        ? 'invalid_llm_response'
        : code.startsWith('model_')
          ? 'llm_api_error'
          : 'error';
  return failed(stop_reason, code, message);
}

function failed(stop_reason: StopReason, code: string, message: string): RunEnd {
  return { state: 'failed', stop_reason, error: { code, message } };
}

function cutAtLimit(): RunEnd {
  const message =
    'The answer reached its length limit and was cut; what came is kept. Raise the limit, or resume.';
  return failed('max_tokens_exceeded', 'model_error', message);
}
