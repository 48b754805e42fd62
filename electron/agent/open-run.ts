import type { Message, Run } from '../../shared/contract/conversations.ts';
import { countTokens } from '../models/tokens.ts';
import { type AgentRecord, readAgent, touchAgent } from '../store/agents.ts';
import type { Clock } from '../store/clock.ts';
import { readConversation } from '../store/conversations.ts';
import type { Database, Write } from '../store/database.ts';
import { claimInbox, closeInboxOfRun, type InboxRow, type InboxWords, listQueue } from '../store/inbox.ts';
import { appendMessage } from '../store/messages.ts';
import { finishRun, insertRun, type RunEnd } from '../store/runs.ts';
import { closeOpenSteps } from '../store/steps.ts';
import { finishToolCall, listOpenToolCalls, type ToolCallRecord } from '../store/tool-calls.ts';
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

/**
 * Opens the run of the oldest waiting message, which joins the history. `null` when nothing waits. Only for whoever
 * works on the conversation, or has claimed it.
 */
export async function openNextRun(
  tx: Write,
  { clock, instance_id }: Pick<Deps, 'clock' | 'instance_id'>,
  conversation_id: string,
): Promise<OpenedRun | null> {
  const [waiting] = await listQueue(tx, conversation_id);
  if (waiting === undefined) return null;
  const { agent_id } = await readConversation(tx, conversation_id);
  const agent = await readAgent(tx, agent_id);
  const now = clock.now();
  const run_id = clock.newId('run');
  const message_id = clock.newId('message');
  const run = await insertRun(tx, {
    id: run_id,
    agent_id,
    conversation_id,
    message_id,
    max_steps: waiting.payload.max_steps,
    instance_id,
    now,
  });
  const common = { conversation_id, agent, run_id, now };
  const earlier: Message[] = [];
  for (const said of waiting.payload.before ?? []) {
    earlier.push(await appendSent(tx, { ...common, said, message_id: clock.newId('message') }));
  }
  const { role, otid, payload } = waiting;
  const message = await appendSent(tx, { ...common, said: { ...payload, role, otid }, message_id });
  await claimInbox(tx, { inbox_id: waiting.id, run_id, message_id, instance_id });
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

/** Told to the model for a call that was open when its run ended. */
function unknownOutcome(end: RunEnd): string {
  if (end.state === 'interrupted') return 'The app stopped before this finished; outcome unknown.';
  if (end.state === 'cancelled') return 'The turn was stopped before this finished; outcome unknown.';
  return `This was not finished, outcome unknown: ${end.error?.message ?? 'the turn failed.'}`;
}

/** What closing a run wrote. */
export type ClosedRun = {
  readonly run: Run;
  readonly calls: readonly ToolCallRecord[];
  readonly messages: readonly Message[];
};

/**
 * Ends a run in one transaction. Calls still open get a result saying that their outcome is unknown, so that every
 * call has one; open steps are closed with the run.
 */
export async function closeRun(deps: Deps, run: Run, end: RunEnd): Promise<ClosedRun> {
  return deps.database.transaction(async (tx) => {
    const calls: ToolCallRecord[] = [];
    const messages: Message[] = [];
    for (const call of await listOpenToolCalls(tx, run.id)) {
      const message = await appendUnknown(tx, deps, { run, call, text: unknownOutcome(end) });
      messages.push(message);
      calls.push(await closeUnknown(tx, deps, call, message));
    }
    const now = deps.clock.now();
    await closeOpenSteps(tx, { run_id: run.id, stop_reason: end.stop_reason, error: end.error, now });
    await closeInboxOfRun(tx, run.id);
    return { run: await finishRun(tx, run.id, end, now), calls, messages };
  });
}

async function appendUnknown(
  tx: Write,
  deps: Deps,
  { run, call, text }: { readonly run: Run; readonly call: ToolCallRecord; readonly text: string },
): Promise<Message> {
  const row = await tx
    .selectFrom('agent')
    .select(['id', 'timezone'])
    .where('id', '=', run.agent_id)
    .executeTakeFirstOrThrow();
  return appendToolResult(tx, { run, agent: row, clock: deps.clock }, { call, text, ok: false });
}

function closeUnknown(
  tx: Write,
  deps: Deps,
  call: ToolCallRecord,
  message: Message,
): Promise<ToolCallRecord> {
  const now = deps.clock.now();
  return finishToolCall(tx, {
    id: call.id,
    state: 'unknown',
    parsed: null,
    result: message.text,
    result_message_id: message.id,
    started_at: call.started_at ?? now,
    finished_at: now,
  });
}
