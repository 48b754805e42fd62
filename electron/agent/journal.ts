import { hash } from 'node:crypto';
import type { Message } from '../../shared/contract/conversations.ts';
import type { AppError } from '../../shared/errors.ts';
import type { Exchange } from '../models/model.ts';
import { type ApprovalRecord, toApproval } from '../store/approvals.ts';
import type { Write } from '../store/database.ts';
import { takeDraft } from '../store/drafts.ts';
import { appendMessage } from '../store/messages.ts';
import { addStepToRun, no_usage } from '../store/runs.ts';
import {
  addStepRepairs,
  closeOpenSteps,
  insertStep,
  insertTrace,
  moveStep,
  receiveStep,
} from '../store/steps.ts';
import { findTakenCallIds, insertToolCall, toToolCall } from '../store/tool-calls.ts';
import { type Answer, bodyOfAnswer, reasonOf, withFreeIds } from './answer.ts';
import { askKind, pauseForDecisions, readOpenCalls, requestApproval } from './asking.ts';
import { type PreparedCompaction, roomProblem } from './compaction/fit.ts';
import { putBackHistory } from './compaction/put-back.ts';
import { createRoom, type Room } from './compaction/room.ts';
import { keepPlan, type PlanInput, planRequest, windowOf } from './plan.ts';
import { speaksByTool } from './prompts/system.ts';
import type { CutAnswer, Journal, JournalDeps, JudgedCall, PlannedStep } from './journal-record.ts';
import { createStopwatch } from './stopwatch.ts';
import { runToolCall } from './tool-step.ts';
import { resultLimit } from './window-size.ts';

/** Makes the journal of one run. */
export function createJournal(deps: JournalDeps): Journal {
  const { database } = deps;
  const stopwatch = createStopwatch(deps.clock.ticks ?? (() => performance.now()));
  const limit_chars = resultLimit(windowOf(deps.agent, deps.model));
  const room = createRoom(deps);
  return {
    plan: (ord) => planNext(deps, room, ord),
    overflowed: (step, exchange, refusal) => keepOverflow(deps, room, { step, exchange, refusal }),
    sent: async (step) => {
      await database.transaction((tx) => moveStep(tx, step.id, 'sent'), { durability: 'with_next' });
      stopwatch.start(step.id);
    },
    began: (step) => stopwatch.begin(step.id),
    received: (step, got) => keepAnswer(deps, step, { ...got, timings: stopwatch.read(step.id) }),
    cut: (step, cut) => keepPartial(deps, step, cut),
    runTool: (call, verdict) => runToolCall(deps, { call, verdict, limit_chars }),
    openCalls: () => readOpenCalls(deps),
    pause: (force) => pauseForDecisions(deps, force),
  };
}

// Before a request the window is compacted once with a model, then at most twice without one.
const MOST_COMPACTIONS = 3;

async function planNext(deps: JournalDeps, room: Room, ord: number): Promise<PlannedStep> {
  const { database, run, clock } = deps;
  const close = { run_id: run.id, stop_reason: null, error: null };
  try {
    for (let tried = 0; ; tried += 1) {
      const input = planInput(deps, room);
      // Nobody is told of it; without it the step is planned again.
      const next = await database.transaction(
        async (tx) => {
          await closeOpenSteps(tx, { ...close, now: clock.now() });
          return planStep(tx, deps, { input, room, ord, is_last: tried === MOST_COMPACTIONS });
        },
        { durability: 'with_next' },
      );
      if (next.kind === 'step') return tellPutBack(deps, next);
      await room.make(input, next.prepared, ord);
    }
  } catch (error) {
    // The step before ended well; the failure belongs to the run.
    await database.transaction((tx) => closeOpenSteps(tx, { ...close, now: clock.now() }));
    throw error;
  }
}

function tellPutBack({ emit, agent, run }: JournalDeps, { step, puts_back }: Planned): PlannedStep {
  const { conversation_id } = run;
  if (puts_back > 0) emit({ type: 'window.changed', agent_id: agent.id, conversation_id, summary: null });
  return step;
}

function planInput(deps: JournalDeps, room: Room): PlanInput {
  const { agent, run, model, tools, wording, known, clock } = deps;
  return {
    agent,
    conversation_id: run.conversation_id,
    model,
    tools: tools.map(({ name, description, parameters }) => ({ name, description, parameters })),
    wording,
    known,
    now: clock.now(),
    note_id: clock.newId('note'),
    held: room.held(),
  };
}

/** A step that is written down, and how many messages came back into its window. */
type Planned = { readonly kind: 'step'; readonly step: PlannedStep; readonly puts_back: number };
type Next = Planned | { readonly kind: 'compact'; readonly prepared: PreparedCompaction };

async function planStep(
  tx: Write,
  { agent, run, model, clock }: JournalDeps,
  work: { readonly input: PlanInput; readonly room: Room; readonly ord: number; readonly is_last: boolean },
): Promise<Next> {
  const { input, room, ord } = work;
  const puts_back = await putBackHistory(tx, input);
  const plan = await planRequest(tx, input);
  const fit = room.judge(input, plan);
  if (fit.kind === 'refuse') throw fit.error;
  if (fit.kind === 'compact') {
    if (!work.is_last) return { kind: 'compact', prepared: fit.prepared };
    if (plan.context.used > plan.budget.most) throw roomProblem(fit.prepared);
  }
  await keepPlan(tx, input, plan);
  const { request, parts, repairs } = plan.context;
  const id = clock.newId('step');
  await insertStep(tx, {
    id,
    run_id: run.id,
    agent_id: agent.id,
    ord,
    model: model.handle,
    tool_schema_hash: hash('sha256', JSON.stringify(input.tools)),
    created_at: input.now,
    prompt_parts: parts.map(({ kind, tokens }) => ({ kind, tokens })),
    repairs: repairs.map((repair) => `${repair.kind} ${repair.ref}`),
  });
  const step = { id, message_id: clock.newId('message'), ord, request };
  return { kind: 'step', step, puts_back };
}

async function keepOverflow(
  deps: JournalDeps,
  room: Room,
  {
    step,
    exchange,
    refusal,
  }: { readonly step: PlannedStep; readonly exchange: Exchange | null; readonly refusal: AppError },
): Promise<void> {
  const { database, run, clock } = deps;
  const { code, message } = refusal;
  await database.transaction(async (tx) => {
    const request = exchange?.raw_request ?? JSON.stringify(step.request);
    const response = exchange?.raw_response ?? JSON.stringify({ error: { code, message } });
    await insertTrace(tx, { step_id: step.id, request, response, now: clock.now() });
    const close = { run_id: run.id, stop_reason: 'llm_api_error', error: { code, message } };
    await closeOpenSteps(tx, { ...close, now: clock.now() });
  });
  await room.makeMore(planInput(deps, room), refusal, step.ord);
}

type GotAnswer = Parameters<Journal['received']>[1] & {
  readonly timings: Readonly<Record<string, number>>;
};

async function keepAnswer(deps: JournalDeps, step: PlannedStep, got: GotAnswer): Promise<JudgedCall[]> {
  const { database, run, clock, emit } = deps;
  const { response } = got;
  const kept = await database.transaction(async (tx) => {
    const wanted = got.answer.tool_calls.map((call) => call.id);
    const taken = await findTakenCallIds(tx, run.conversation_id, wanted);
    const tool_calls = withFreeIds(got.answer.tool_calls, taken, () => clock.newId('call'));
    const answer = { ...got.answer, tool_calls };
    const message = await appendAnswer(tx, deps, step, { answer, status: 'complete' });
    const { calls, approvals } = await keepCalls(tx, deps, step, { ...got, answer });
    await takeDraft(tx, run.id);
    const { raw_request: request, raw_response } = response;
    const trace = { step_id: step.id, request, response: raw_response, now: clock.now() };
    await receiveStep(tx, trace, { usage: response.usage, timings: got.timings });
    await addStepRepairs(tx, step.id, response.repairs ?? []);
    await addStepToRun(tx, run.id, response.usage);
    return { message, calls, approvals };
  });
  if (kept.message !== null) emit({ type: 'message.added', message: kept.message });
  for (const { call } of kept.calls) {
    emit({ type: 'tool.changed', conversation_id: run.conversation_id, tool_call: toToolCall(call) });
  }
  for (const approval of kept.approvals) emit({ type: 'approval.changed', approval: toApproval(approval) });
  if (kept.approvals.length > 0) deps.onAsked();
  return kept.calls;
}

async function keepCalls(
  tx: Write,
  deps: JournalDeps,
  step: PlannedStep,
  got: GotAnswer,
): Promise<{ readonly calls: JudgedCall[]; readonly approvals: ApprovalRecord[] }> {
  const { run, tools, clock } = deps;
  const calls: JudgedCall[] = [];
  const approvals: ApprovalRecord[] = [];
  for (const [ord, made] of got.answer.tool_calls.entries()) {
    const tool = tools.find(({ name }) => name === made.name);
    const refusal = got.refuse(made);
    const kind = refusal === null ? askKind(deps, made) : null;
    const record = await insertToolCall(tx, {
      id: clock.newId('call'),
      step_id: step.id,
      run_id: run.id,
      conversation_id: run.conversation_id,
      message_id: step.message_id,
      tool_call_id: made.id,
      ord,
      name: made.name,
      arguments: made.arguments,
      effect: tool?.effect ?? 'none',
      state: kind === null ? 'pending' : 'waiting',
    });
    if (kind !== null) approvals.push(await requestApproval(tx, deps, record, kind));
    const reads_only = tool?.effect === 'none' && !tool.terminal;
    const call = { ...record, reason: reasonOf(got.answer), reads_only };
    if (refusal !== null) calls.push({ call, verdict: { kind: 'refuse', reason: refusal } });
    else calls.push({ call, verdict: kind === null ? { kind: 'run', edited: null } : { kind: 'wait' } });
  }
  return { calls, approvals };
}

async function keepPartial(deps: JournalDeps, step: PlannedStep, cut: CutAnswer): Promise<void> {
  const { database, run, clock, emit } = deps;
  const { answer, exchange, end } = cut;
  const message = await database.transaction(async (tx) => {
    const kept = await appendAnswer(tx, deps, step, { answer, status: 'interrupted' });
    await takeDraft(tx, run.id);
    const request = exchange?.raw_request ?? JSON.stringify(step.request);
    const response = exchange?.raw_response ?? JSON.stringify({ partial: answer, error: end.error });
    await insertTrace(tx, { step_id: step.id, request, response, now: clock.now() });
    await addStepToRun(tx, run.id, no_usage);
    return kept;
  });
  if (message !== null) emit({ type: 'message.added', message });
}

async function appendAnswer(
  tx: Write,
  { run, agent, model, clock }: JournalDeps,
  step: PlannedStep,
  kept: { readonly answer: Answer; readonly status: 'complete' | 'interrupted' },
): Promise<Message | null> {
  const body = bodyOfAnswer(kept.answer, speaksByTool(agent.agent_type));
  if (body.content.length === 0 && body.tool_calls.length === 0) return null;
  return appendMessage(tx, {
    ...body,
    id: step.message_id,
    conversation_id: run.conversation_id,
    agent_id: agent.id,
    role: 'assistant',
    name: agent.name,
    tool_call_id: null,
    tool_status: null,
    otid: null,
    run_id: run.id,
    step_id: step.id,
    status: kept.status,
    model: model.handle,
    timezone: agent.timezone,
    created_at: clock.now(),
  });
}
