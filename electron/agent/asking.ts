import type { Message, Run } from '../../shared/contract/conversations.ts';
import type { ModelToolCall } from '../models/model.ts';
import { type ApprovalRecord, insertApproval, listApprovals } from '../store/approvals.ts';
import type { Write } from '../store/database.ts';
import { toTimestamp } from '../store/encoding.ts';
import { listMessagesByIds } from '../store/messages.ts';
import { pauseRun } from '../store/runs.ts';
import { readSettings } from '../store/settings.ts';
import { listDoneCalls, listOpenToolCalls, type ToolCallRecord } from '../store/tool-calls.ts';
import { parseArguments } from '../tools/arguments.ts';
import { reasonOf } from './answer.ts';
import type { CallVerdict, JournalDeps, OpenCalls } from './journal-record.ts';

/**
 * Whether a call has to wait: for a person, for the client whose tool it is, or not at all. One that can't run anyway is
 * not asked for: the model is told at once.
 */
export function askKind(
  { tools, client_tools, agent }: Pick<JournalDeps, 'tools' | 'client_tools' | 'agent'>,
  call: Pick<ModelToolCall, 'name' | 'arguments'>,
): 'approval' | 'client' | null {
  const tool = tools.find(({ name }) => name === call.name);
  if (tool === undefined || !parseArguments(call.name, call.arguments, tool.parameters).ok) return null;
  if (client_tools.has(call.name)) return 'client';
  return policyOf(agent.tool_policies, call.name) === 'ask' ? 'approval' : null;
}

function policyOf(policies: JournalDeps['agent']['tool_policies'], name: string): 'automatic' | 'ask' {
  return (Object.hasOwn(policies, name) ? policies[name] : undefined) ?? 'automatic';
}

/** Writes down that a call waits, in the transaction that keeps the call. */
export async function requestApproval(
  tx: Write,
  { clock, run }: Pick<JournalDeps, 'clock' | 'run'>,
  call: ToolCallRecord,
  kind: 'approval' | 'client',
): Promise<ApprovalRecord> {
  const now = clock.now();
  return insertApproval(tx, {
    id: clock.newId('approval'),
    agent_id: run.agent_id,
    conversation_id: run.conversation_id,
    run_id: run.id,
    step_id: call.step_id,
    message_id: call.message_id,
    call_id: call.id,
    tool_call_id: call.tool_call_id,
    kind,
    name: call.name,
    arguments: call.arguments,
    created_at: now,
    expires_at: await expiryAfter(tx, now),
  });
}

async function expiryAfter(tx: Write, now: string): Promise<string | null> {
  const { approval_hours: hours } = await readSettings(tx);
  return hours === null ? null : toTimestamp(new Date(Date.parse(now) + hours * 3_600_000));
}

/** Reads the calls of a run without a result, and what was decided about each. */
export async function readOpenCalls({
  database,
  run,
  tools,
}: Pick<JournalDeps, 'database' | 'run' | 'tools'>): Promise<OpenCalls> {
  const records = await listOpenToolCalls(database.read, run.id);
  const approvals = await listApprovals(database.read, { run_id: run.id });
  const byCall = new Map(approvals.map((approval) => [approval.call_id, approval]));
  const [message] = await listMessagesByIds(
    database.read,
    records.slice(0, 1).map((record) => record.message_id),
  );
  const reason = message === undefined ? null : reasonOf(wordsOf(message));
  const calls = records.map((record) => {
    const tool = tools.find(({ name }) => name === record.name);
    const reads_only = tool?.effect === 'none' && !tool.terminal;
    return { call: { ...record, reason, reads_only }, verdict: verdictOf(byCall.get(record.id)) };
  });
  const speaking = new Set(tools.flatMap((tool) => (tool.terminal ? [tool.name] : [])));
  const done = await listDoneCalls(database.read, run.id);
  const step_id = (records[0] ?? done.at(-1))?.step_id;
  return { calls, said: done.some((call) => call.step_id === step_id && speaking.has(call.name)) };
}

function wordsOf({ content }: Message): { readonly reasoning: string; readonly text: string } {
  const join = (type: 'reasoning' | 'text'): string =>
    content
      .flatMap((part) => {
        const words = part.type === type ? (part as Readonly<Record<string, unknown>>)[type] : undefined;
        return typeof words === 'string' ? [words] : [];
      })
      .join('\n');
  return { reasoning: join('reasoning'), text: join('text') };
}

function verdictOf(approval: ApprovalRecord | undefined): CallVerdict {
  switch (approval?.state) {
    case undefined:
      return { kind: 'run', edited: null };
    case 'pending':
      return { kind: 'wait' };
    case 'approved':
      return { kind: 'run', edited: approval.edited_arguments };
    case 'returned':
      return { kind: 'give', ok: approval.result_status !== 'error', text: approval.result ?? '' };
    case 'denied':
    case 'expired':
    case 'cancelled':
      return { kind: 'refuse', reason: refusalFor(approval) };
  }
}

function refusalFor({ state, kind, reason }: ApprovalRecord): string {
  if (state === 'expired') {
    const who = kind === 'client' ? 'no client ran it' : 'nobody answered whether it may run';
    return `Not run: ${who} in time.`;
  }
  if (state === 'cancelled') return 'Not run: the turn was stopped before anybody decided about this call.';
  const why =
    reason === null || reason.trim() === '' ? 'They gave no reason.' : `Their reason: ${reason.trim()}`;
  return `Not run: the person denied this call. ${why}`;
}

/**
 * Lets a run wait, unless all its calls are decided (`null`); with `force` as long as any call has no result. A decision
 * and this never miss each other, since both are transactions.
 */
export async function pauseForDecisions(
  { database, emit, run }: Pick<JournalDeps, 'database' | 'emit' | 'run'>,
  force: boolean,
): Promise<Run | null> {
  const paused = await database.transaction(async (tx) => {
    const pending = await listApprovals(tx, { run_id: run.id, states: ['pending'] });
    return pending.length > 0 || force ? pauseRun(tx, run.id) : null;
  });
  if (paused !== null) emit({ type: 'run.paused', run: paused });
  return paused;
}
