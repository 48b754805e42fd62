import { isDeepStrictEqual } from 'node:util';
import type { Approval, ApprovalDecision, ClientTool } from '../../shared/contract/approvals.ts';
import type { Actor } from '../../shared/contract/blocks.ts';
import type { Run } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import { type AgentRecord, readAgent } from '../store/agents.ts';
import {
  type ApprovalRecord,
  type ApprovalVerdict,
  bare_verdict,
  decideApproval,
  listApprovals,
  readApproval,
  toApproval,
} from '../store/approvals.ts';
import type { Write } from '../store/database.ts';
import { readOpenRun, readRun, replaceClientTools, unpauseRun } from '../store/runs.ts';
import { checkArguments } from '../tools/arguments.ts';
import type { RuntimeDeps } from './runtime-deps.ts';

/** Who decides, and the tools they run themselves from here on, in place of those the message brought. */
export type Decider = { readonly actor: Actor; readonly client_tools?: readonly ClientTool[] | undefined };

/**
 * Decides about waiting calls, all or none. The same decision again changes nothing; another one is a `conflict`. Does
 * not wake the runs. Resolves after the commit to the approvals and to the conversations that may go on.
 */
export async function decideCalls(
  deps: RuntimeDeps,
  decisions: readonly ApprovalDecision[],
  { actor, client_tools }: Decider,
): Promise<{ readonly approvals: Approval[]; readonly conversation_ids: readonly string[] }> {
  if (new Set(decisions.map(({ approval_id }) => approval_id)).size < decisions.length) {
    throw new AppError('invalid_input', 'One call is decided about twice here. Nothing was changed.');
  }
  const decided = await deps.database.transaction(async (tx) => {
    const outcomes: { readonly record: ApprovalRecord; readonly is_new: boolean }[] = [];
    for (const decision of decisions) outcomes.push(await decideCall(tx, deps, decision, actor));
    const run_ids = outcomes.flatMap(({ record, is_new }) => (is_new ? [record.run_id] : []));
    if (client_tools !== undefined) {
      for (const run_id of new Set(run_ids)) await replaceClientTools(tx, run_id, client_tools);
    }
    return outcomes;
  });
  for (const { record, is_new } of decided) {
    if (is_new) deps.emit({ type: 'approval.changed', approval: toApproval(record) });
  }
  return {
    approvals: decided.map(({ record }) => toApproval(record)),
    conversation_ids: [...new Set(decided.map(({ record }) => record.conversation_id))],
  };
}

async function decideCall(
  tx: Write,
  deps: RuntimeDeps,
  decision: ApprovalDecision,
  actor: Actor,
): Promise<{ readonly record: ApprovalRecord; readonly is_new: boolean }> {
  const current = await readApproval(tx, decision.approval_id);
  const verdict = verdictOf(deps, current, decision);
  if (current.state !== 'pending') {
    if (isSame(current, verdict)) return { record: current, is_new: false };
    throw decidedAlready(current);
  }
  const decided_at = deps.clock.now();
  if (current.expires_at !== null && current.expires_at <= decided_at) {
    throw new AppError('conflict', 'The time to decide about this call is over. Nothing was changed.', {
      details: { approval_id: current.id, expires_at: current.expires_at },
    });
  }
  const { state } = await readRun(tx, current.run_id);
  if (state !== 'running' && state !== 'waiting') throw decidedAlready(current);
  return {
    record: await decideApproval(tx, current.id, { ...verdict, decided_by: actor, decided_at }),
    is_new: true,
  };
}

function verdictOf(
  deps: RuntimeDeps,
  current: ApprovalRecord,
  decision: ApprovalDecision,
): Omit<ApprovalVerdict, 'decided_by'> {
  switch (decision.decision) {
    case 'deny':
      return { ...bare_verdict, state: 'denied', reason: decision.reason ?? null };
    case 'return': {
      const { result, status } = decision;
      return { ...bare_verdict, state: 'returned', result, result_status: status };
    }
    case 'approve': {
      if (current.kind === 'client') throw wrongDecision(current, 'is run by the client: return its result');
      const edited = decision.arguments === undefined ? null : checkEdited(deps, current, decision.arguments);
      return { ...bare_verdict, state: 'approved', edited_arguments: edited };
    }
  }
}

function checkEdited(
  { tools }: RuntimeDeps,
  { name }: ApprovalRecord,
  edited: Record<string, unknown>,
): Record<string, unknown> {
  const tool = tools.get(name);
  if (tool === null) {
    throw new AppError('conflict', `There is no tool ${name} any more; deny the call. Nothing was changed.`);
  }
  const checked = checkArguments(name, edited, tool.parameters);
  if (checked.ok) return { ...checked.args };
  throw new AppError(
    'invalid_input',
    `The arguments do not fit, so nothing was decided: ${checked.problem}`,
    {
      details: { arguments: edited },
    },
  );
}

function wrongDecision({ id, name }: ApprovalRecord, what: string): AppError {
  return new AppError('invalid_input', `${name} ${what}. Nothing was changed.`, {
    details: { approval_id: id },
  });
}

function isSame(current: ApprovalRecord, verdict: Omit<ApprovalVerdict, 'decided_by'>): boolean {
  return (
    current.state === verdict.state &&
    isDeepStrictEqual(current.edited_arguments, verdict.edited_arguments) &&
    current.result === verdict.result &&
    current.result_status === verdict.result_status
  );
}

function decidedAlready(current: ApprovalRecord): AppError {
  const how = current.state === 'pending' ? 'Its turn has ended' : `It is ${current.state} already`;
  return new AppError('conflict', `${how}; nothing was changed.`, {
    details: { approval_id: current.id, state: current.state, decided_at: current.decided_at },
  });
}

/** Closes what nobody answered in time. Resolves to the conversations that may go on. */
export async function expireCalls(deps: RuntimeDeps): Promise<readonly string[]> {
  const expired = await deps.database.transaction(async (tx) => {
    const decided_at = deps.clock.now();
    const pending = await listApprovals(tx, { states: ['pending'] });
    const due = pending.filter(({ expires_at }) => expires_at !== null && expires_at <= decided_at);
    const verdict = { ...bare_verdict, state: 'expired', decided_by: 'system', decided_at } as const;
    const records: ApprovalRecord[] = [];
    for (const { id } of due) records.push(await decideApproval(tx, id, verdict));
    return records;
  });
  for (const record of expired) deps.emit({ type: 'approval.changed', approval: toApproval(record) });
  return [...new Set(expired.map((record) => record.conversation_id))];
}

/** When the next waiting call expires; `null` when none does. */
export async function nextExpiry({ database }: Pick<RuntimeDeps, 'database'>): Promise<string | null> {
  const pending = await listApprovals(database.read, { states: ['pending'] });
  const times = pending.flatMap(({ expires_at }) => (expires_at === null ? [] : [expires_at]));
  return times.toSorted()[0] ?? null;
}

/** Goes on with the run of a conversation that waited, once all of it is decided; else `null`. */
export async function takeUpRun(
  { database, instance_id }: Pick<RuntimeDeps, 'database' | 'instance_id'>,
  conversation_id: string,
): Promise<{ readonly run: Run; readonly agent: AgentRecord } | null> {
  const waiting = await readOpenRun(database.read, conversation_id);
  if (waiting?.state !== 'waiting') return null;
  return database.transaction(async (tx) => {
    const pending = await listApprovals(tx, { run_id: waiting.id, states: ['pending'] });
    const run = pending.length > 0 ? null : await unpauseRun(tx, waiting.id, instance_id);
    return run === null ? null : { run, agent: await readAgent(tx, run.agent_id) };
  });
}
