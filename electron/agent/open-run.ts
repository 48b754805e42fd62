import type { Message, Run } from '../../shared/contract/conversations.ts';
import { countTokens } from '../models/tokens.ts';
import { type AgentRecord, findAgentOfTalk, touchAgent } from '../store/agents.ts';
import { type ApprovalRecord, bare_verdict, decideApproval, listApprovals } from '../store/approvals.ts';
import type { Clock } from '../store/clock.ts';
import type { Database, Write } from '../store/database.ts';
import { claimInbox, closeInboxOfRun, type InboxRow, type InboxWords, listQueue } from '../store/inbox.ts';
import { appendMessage } from '../store/messages.ts';
import { finishRun, insertRun, pauseRun, readOpenRun, readRun, type RunEnd } from '../store/runs.ts';
import { closeOpenSteps } from '../store/steps.ts';
import { finishToolCall, listOpenToolCalls, type ToolCallRecord } from '../store/tool-calls.ts';
import { keepDraft } from './keep-draft.ts';
import { tellNews } from './notes.ts';
import { appendToolResult } from './tool-step.ts';

/** A run just opened, with the message it answers and where that had waited. */
export type OpenedRun = {
  readonly run: Run;
  readonly agent: AgentRecord;
  readonly message: Message;
  /** What was said before that message and is answered with it. */
  readonly earlier: readonly Message[];
  readonly inbox_id: string;
};

type Deps = { readonly database: Database; readonly clock: Clock; readonly instance_id: string };
/** What closing a run needs. */
export type CloseDeps = Pick<Deps, 'clock'>;

/**
 * Opens the run of the oldest waiting message, which joins the history. `null` when nothing waits, or another run has
 * not ended. Only for whoever works on the conversation, or has claimed it.
 */
export async function openNextRun(
  tx: Write,
  { clock, instance_id }: Pick<Deps, 'clock' | 'instance_id'>,
  conversation_id: string,
): Promise<OpenedRun | null> {
  const [waiting] = await listQueue(tx, conversation_id);
  // A run that waits for a decision keeps its conversation; what is sent meanwhile waits visibly.
  if (waiting === undefined || (await readOpenRun(tx, conversation_id)) !== null) return null;
  // What waits in the trash is answered when it comes back.
  const agent = await findAgentOfTalk(tx, conversation_id);
  if (agent === null) return null;
  const agent_id = agent.id;
  const now = clock.now();
  const { client_tools } = waiting.payload;
  const run_id = clock.newId('run');
  const message_id = clock.newId('message');
  const run = await insertRun(tx, {
    id: run_id,
    agent_id,
    conversation_id,
    message_id,
    max_steps: waiting.payload.max_steps,
    instance_id,
    options: client_tools === undefined ? {} : { client_tools },
    now,
  });
  await tellNews(tx, { agent_id, conversation_id }, now);
  const common = { conversation_id, agent, run_id, now };
  const earlier: Message[] = [];
  for (const said of waiting.payload.before ?? []) {
    earlier.push(await appendSent(tx, { ...common, said, message_id: clock.newId('message') }));
  }
  const { role, otid, payload } = waiting;
  const message = await appendSent(tx, { ...common, said: { ...payload, role, otid }, message_id });
  await claimInbox(tx, { inbox_id: waiting.id, run_id, message_id, instance_id, now });
  await touchAgent(tx, agent_id, now);
  return { run, agent, message, earlier, inbox_id: waiting.id };
}

async function appendSent(
  tx: Write,
  sent: {
    readonly said: InboxWords & { readonly role: InboxRow['role']; readonly otid: string | null };
    readonly conversation_id: string;
    readonly agent: AgentRecord;
    readonly run_id: string;
    readonly message_id: string;
    readonly now: string;
  },
): Promise<Message> {
  const { said, agent } = sent;
  return appendMessage(tx, {
    id: sent.message_id,
    conversation_id: sent.conversation_id,
    agent_id: agent.id,
    role: said.role,
    name: said.name,
    content: [...said.content],
    text: said.text,
    tool_calls: [],
    tool_call_id: null,
    tool_status: null,
    otid: said.otid,
    run_id: sent.run_id,
    step_id: null,
    status: 'complete',
    token_count: countTokens(said.text),
    model: null,
    timezone: agent.timezone,
    created_at: sent.now,
  });
}

/** What closing a run wrote. */
export type ClosedRun = {
  readonly run: Run;
  readonly calls: readonly ToolCallRecord[];
  readonly messages: readonly Message[];
  /** Requests for approval that nobody can answer any more. */
  readonly approvals: readonly ApprovalRecord[];
};

/**
 * Ends a run in one transaction. Calls still open get a result saying that their outcome is unknown, or that they were
 * not run if they waited for a decision, so that every call has one; open steps are closed with the run. A saved draft becomes an interrupted message.
 */
export async function closeRun(deps: Deps, run: Run, end: RunEnd): Promise<ClosedRun> {
  return deps.database.transaction((tx) => closeRunIn(tx, deps, run, end));
}

/** {@link closeRun} for a run that waits for decisions; `null` when it does not wait any more. */
export async function closeWaitingRun(deps: Deps, run_id: string, end: RunEnd): Promise<ClosedRun | null> {
  return deps.database.transaction(async (tx) => {
    const run = await readRun(tx, run_id);
    return run.state === 'waiting' ? closeRunIn(tx, deps, run, end) : null;
  });
}

/**
 * Lets a run wait again that a dead process had gone on with, if people were asked about its last calls; else `null`.
 * A call that had begun gets a result saying that its outcome is unknown.
 */
export async function pauseAbandonedRunIn(
  tx: Write,
  deps: CloseDeps,
  run: Run,
  end: RunEnd,
): Promise<Run | null> {
  const open = await listOpenToolCalls(tx, run.id);
  const asked = new Set((await listApprovals(tx, { run_id: run.id })).map(({ step_id }) => step_id));
  if (!open.some(({ step_id }) => asked.has(step_id))) return null;
  const begun = open.filter((call) => call.state === 'running');
  await closeCalls(tx, deps, { run, end, calls: begun, approvals: [] });
  return pauseRun(tx, run.id);
}

/** {@link closeRun} inside of a transaction. */
export async function closeRunIn(tx: Write, deps: CloseDeps, run: Run, end: RunEnd): Promise<ClosedRun> {
  const cut = await keepDraft(tx, deps.clock, run);
  const open = await listOpenToolCalls(tx, run.id);
  // People are asked about calls only, and those stay open until they are answered.
  const asked = open.length === 0 ? [] : await listApprovals(tx, { run_id: run.id });
  const { calls, messages } = await closeCalls(tx, deps, { run, end, calls: open, approvals: asked });
  const now = deps.clock.now();
  const verdict = { ...bare_verdict, state: 'cancelled', decided_by: 'system', decided_at: now } as const;
  const approvals: ApprovalRecord[] = [];
  for (const { id, state } of asked) {
    if (state === 'pending') approvals.push(await decideApproval(tx, id, verdict));
  }
  await closeOpenSteps(tx, { run_id: run.id, stop_reason: end.stop_reason, error: end.error, now });
  await closeInboxOfRun(tx, run.id);
  const said = cut === null ? messages : [cut, ...messages];
  return { run: await finishRun(tx, run.id, end, now), calls, messages: said, approvals };
}

type Closing = {
  readonly run: Run;
  readonly end: RunEnd;
  readonly calls: readonly ToolCallRecord[];
  readonly approvals: readonly ApprovalRecord[];
};

async function closeCalls(
  tx: Write,
  deps: CloseDeps,
  { run, end, calls: open, approvals }: Closing,
): Promise<{ readonly calls: ToolCallRecord[]; readonly messages: Message[] }> {
  const calls: ToolCallRecord[] = [];
  const messages: Message[] = [];
  if (open.length === 0) return { calls, messages };
  const agent = await tx
    .selectFrom('agent')
    .select(['id', 'timezone'])
    .where('id', '=', run.agent_id)
    .executeTakeFirstOrThrow();
  for (const call of open) {
    const approval = approvals.find(({ call_id }) => call_id === call.id);
    const { state, text } = lastResult({ call, approval, end });
    const result = { call, text, ok: state === 'done' };
    const message = await appendToolResult(tx, { run, agent, clock: deps.clock }, result);
    messages.push(message);
    const now = deps.clock.now();
    const closed = { id: call.id, state, parsed: null, result: text, result_message_id: message.id };
    calls.push(await finishToolCall(tx, { ...closed, started_at: call.started_at ?? now, finished_at: now }));
  }
  return { calls, messages };
}

/** What is told to the model for a call that was open when its run ended. */
function lastResult({
  call,
  approval,
  end,
}: Pick<Closing, 'end'> & {
  readonly call: ToolCallRecord;
  readonly approval: ApprovalRecord | undefined;
}): { readonly state: 'done' | 'failed' | 'unknown'; readonly text: string } {
  if (approval?.state === 'returned') {
    return {
      state: approval.result_status === 'error' ? 'failed' : 'done',
      text: approval.result ?? '',
    };
  }
  // What changes memory does so together with its result, and what reaches outside is marked as running before.
  if (call.state === 'running') return { state: 'unknown', text: unknownOutcome(end) };
  if (approval?.state === 'pending') {
    return { state: 'failed', text: 'Not run: the turn ended before anybody decided about this call.' };
  }
  return { state: 'failed', text: 'Not run: the turn ended before this call.' };
}

function unknownOutcome(end: RunEnd): string {
  if (end.state === 'interrupted') return 'The app stopped before this finished; outcome unknown.';
  if (end.state === 'cancelled') return 'The turn was stopped before this finished; outcome unknown.';
  return `This was not finished, outcome unknown: ${end.error?.message ?? 'the turn failed.'}`;
}
