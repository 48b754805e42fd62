import type { Run, StopReason } from '../../shared/contract/conversations.ts';
import { AppError, toWire } from '../../shared/errors.ts';
import type { Exchange, Model, ModelEvent, ModelResponse, ModelToolCall } from '../models/model.ts';
import type { RunEnd } from '../store/runs.ts';
import type { MadeCall } from '../store/tool-calls.ts';
import type { Answer } from './answer.ts';
import { type CallCounts, createCallCounts, LOOP_MESSAGE } from './call-counts.ts';
import type { Journal, JudgedCall, PlannedStep } from './journal-record.ts';

/** What a turn works with. Nothing else is reached: no store, no clock, no network but the model's. */
export type Turn = {
  readonly model: Model;
  readonly journal: Journal;
  /** Aborted with `'cancelled'` or `'interrupted'` as its reason. */
  readonly signal: AbortSignal;
  /** Steps taken before, when a run goes on. */
  readonly steps_taken: number;
  /** Calls of those steps, in order: what goes round in circles is found over the whole run. */
  readonly calls_made: readonly MadeCall[];
  readonly max_steps: number;
  /** It waited for decisions and goes on with the calls of its last step. */
  readonly goes_on: boolean;
  /** Hears the answer while it is written. */
  readonly onDraft: (step: PlannedStep, event: ModelEvent) => void;
};

type Progress = { readonly counts: CallCounts; overflowed: boolean };

/** How a turn ended, or that it waits for decisions, which is kept already. */
export type TurnEnd = RunEnd | { readonly state: 'waiting'; readonly run: Run };

/**
 * Runs a turn to its end: asks the model, runs the tools it calls in its order, asks again, until it calls none, a
 * terminal tool succeeds, steps run out, it fails, is stopped or has to wait. Every state is in the journal before the
 * next begins. Expected failures are ends, not throws; a failing store throws.
 */
export async function runTurn(turn: Turn): Promise<TurnEnd> {
  const counts = createCallCounts(turn.calls_made, turn.goes_on);
  const progress: Progress = { counts, overflowed: false };
  if (turn.goes_on) {
    const end = await runOpenCalls(turn, progress);
    if (end !== null) return end;
  }
  for (let taken = turn.steps_taken; ; taken += 1) {
    if (turn.signal.aborted) return stopped(turn.signal);
    if (taken >= turn.max_steps) return { state: 'completed', stop_reason: 'max_steps', error: null };
    const end = await takeStep(turn, taken, progress);
    if (end !== null) return end;
  }
}

async function takeStep(turn: Turn, taken: number, progress: Progress): Promise<TurnEnd | null> {
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
        else if (event.type !== 'waiting') journal.began(step);
        turn.onDraft(step, event);
      },
    });
  } catch (error) {
    const refusal = overflowIn(error);
    const is_silent = partial.text === '' && partial.reasoning === '';
    if (refusal !== null && is_silent && !progress.overflowed && !signal.aborted) {
      progress.overflowed = true;
      return askSmaller(turn, { taken, progress, step, exchange, refusal });
    }
    const end = signal.aborted ? stopped(signal) : failure(error);
    await journal.cut(step, { answer: { ...partial, tool_calls: [] }, exchange, end });
    return end;
  }
  return handleAnswer({ turn, step, response, progress, is_first: taken === 0 });
}

function overflowIn(error: unknown): AppError | null {
  return error instanceof AppError && error.code === 'model_overflow' ? error : null;
}

type Refused = {
  readonly taken: number;
  readonly progress: Progress;
  readonly step: PlannedStep;
  readonly exchange: Exchange | null;
  readonly refusal: AppError;
};

/** Asks again, once in a turn, after the server refused a request for its length and the window was made smaller. */
async function askSmaller(turn: Turn, refused: Refused): Promise<TurnEnd | null> {
  const { step, exchange, refusal, taken, progress } = refused;
  try {
    await turn.journal.overflowed(step, exchange, refusal);
  } catch (error) {
    if (overflowIn(error) !== null) return failure(error);
    throw error;
  }
  return takeStep(turn, taken, progress);
}

type Received = {
  readonly turn: Turn;
  readonly step: PlannedStep;
  readonly response: ModelResponse;
  readonly progress: Progress;
  readonly is_first: boolean;
};

async function handleAnswer({ turn, step, response, progress, is_first }: Received): Promise<TurnEnd | null> {
  const answer: Answer = response;
  const refuse = (call: ModelToolCall): string | null => refusalOf(call, { response, progress });
  const calls = await turn.journal.received(step, { answer, response, refuse });
  if (calls.length === 0) return endOfAnswer(response, is_first);
  const is_cut = response.finish_reason === 'length';
  return runCalls({ turn, progress, is_cut, calls, said: false });
}

async function runOpenCalls(turn: Turn, progress: Progress): Promise<TurnEnd | null> {
  const { calls, said } = await turn.journal.openCalls();
  return runCalls({ turn, progress, is_cut: false, calls, said });
}

type Calls = {
  readonly turn: Turn;
  readonly progress: Progress;
  /** The answer was cut at its length limit. */
  readonly is_cut: boolean;
  readonly calls: readonly JudgedCall[];
  readonly said: boolean;
};

/** Runs calls in the model's order; then the turn goes on, ends, or waits for decisions. */
async function runCalls(work: Calls): Promise<TurnEnd | null> {
  const { journal, signal } = work.turn;
  const { held, said } = await runEach(work);
  // The app may have been told to close meanwhile; what people were asked about outlives it.
  const must_stay = signal.reason === 'interrupted' && isAsked(work);
  if (held && signal.aborted && !must_stay) return stopped(signal);
  if (held || must_stay) {
    const run = await journal.pause(must_stay);
    return run === null ? runOpenCalls(work.turn, work.progress) : { state: 'waiting', run };
  }
  return endOfTools({ ...work, said });
}

function isAsked({ calls }: Calls): boolean {
  return calls.some(({ call }) => call.state === 'waiting');
}

/** Runs what may run. Behind a call that waits, only those go on that change nothing. */
async function runEach(work: Calls): Promise<{ readonly held: boolean; readonly said: boolean }> {
  const { journal, signal } = work.turn;
  let { said } = work;
  let held = false;
  for (const { call, verdict } of work.calls) {
    // What is left is closed with the run, all at once, or stays with what people were asked about.
    if (signal.aborted) break;
    if (verdict.kind === 'wait') held = true;
    else if (!held || call.reads_only || verdict.kind === 'refuse') {
      const outcome = await journal.runTool(call, verdict);
      said ||= outcome.ok && outcome.terminal;
    }
  }
  return { held, said };
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

function endOfTools({ turn, progress, is_cut, said }: Calls): RunEnd | null {
  if (said) return { state: 'completed', stop_reason: 'tool_rule', error: null };
  if (turn.signal.aborted) return stopped(turn.signal);
  if (progress.counts.isLoop()) return failed('invalid_tool_call', 'tool_failed', LOOP_MESSAGE);
  return is_cut ? cutAtLimit() : null;
}

function refusalOf(
  call: ModelToolCall,
  facts: { readonly response: ModelResponse; readonly progress: Progress },
): string | null {
  const { finish_reason } = facts.response;
  if (finish_reason === 'length' || finish_reason === 'content_filter') {
    const by = finish_reason === 'length' ? 'cut at its length limit' : 'cut by the filter of the provider';
    return `Not run: the answer was ${by}, so the call may be incomplete.`;
  }
  return facts.progress.counts.refuse(call);
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
