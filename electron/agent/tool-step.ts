import type { Trust } from '../../shared/contract/blocks.ts';
import type { Message } from '../../shared/contract/conversations.ts';
import { AppError } from '../../shared/errors.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { countTokens } from '../models/tokens.ts';
import type { Write } from '../store/database.ts';
import { clipText } from '../store/encoding.ts';
import { appendMessage } from '../store/messages.ts';
import { inSavepoint } from '../store/savepoint.ts';
import { addStepRepairs, moveStep } from '../store/steps.ts';
import {
  finishToolCall,
  listDoneCalls,
  startToolCall,
  type ToolCallRecord,
  toToolCall,
} from '../store/tool-calls.ts';
import { checkArguments, parseArguments } from '../tools/arguments.ts';
import type { Tool } from '../tools/tool.ts';
import type { CallVerdict, JournalCall, JournalDeps, ToolOutcome } from './journal-record.ts';

type Work = {
  readonly call: JournalCall;
  readonly verdict: Exclude<CallVerdict, { kind: 'wait' }>;
  /** Longest result, in characters. */
  readonly limit_chars: number;
};

type Result = {
  readonly ok: boolean;
  readonly text: string;
  readonly parsed: Readonly<Record<string, unknown>> | null;
};

/**
 * Runs one call and keeps it: effects, result message and state in one transaction. A call that may not or can not run
 * gets an error as its result, for the model to read; what a failing tool wrote is rolled back.
 */
export async function runToolCall(deps: JournalDeps, work: Work): Promise<ToolOutcome> {
  const { database, clock, emit, run } = deps;
  const tool = deps.tools.find((candidate) => candidate.name === work.call.name) ?? null;
  const started_at = clock.now();
  if (tool?.effect === 'external' && work.verdict.kind === 'run') await announce(deps, work, started_at);
  const events: MemoirEvent[] = [];
  const kept = await database.transaction(async (tx) => {
    await moveStep(tx, work.call.step_id, 'tools');
    const result = await produceResult(tx, deps, { ...work, tool, events });
    const text = capResult(result.text, work.limit_chars);
    const message = await appendToolResult(tx, deps, { call: work.call, text, ok: result.ok });
    const record = await finishToolCall(tx, {
      id: work.call.id,
      state: result.ok ? 'done' : 'failed',
      parsed: result.parsed,
      result: text,
      result_message_id: message.id,
      started_at,
      finished_at: clock.now(),
    });
    return { ok: result.ok, message, record };
  });
  for (const event of events) emit(event);
  emit({ type: 'tool.changed', conversation_id: run.conversation_id, tool_call: toToolCall(kept.record) });
  emit({ type: 'message.added', message: kept.message });
  return { ok: kept.ok, terminal: tool?.terminal === true };
}

async function announce(deps: JournalDeps, { call }: Work, started_at: string): Promise<void> {
  await deps.database.transaction((tx) => startToolCall(tx, call.id, started_at));
  const tool_call = { ...toToolCall(call), state: 'running' as const, started_at };
  deps.emit({ type: 'tool.changed', conversation_id: call.conversation_id, tool_call });
}

async function produceResult(
  tx: Write,
  deps: JournalDeps,
  work: Work & { readonly tool: Tool | null; readonly events: MemoirEvent[] },
): Promise<Result> {
  const { call, verdict, tool } = work;
  if (verdict.kind === 'refuse') return { ok: false, text: verdict.reason, parsed: null };
  if (verdict.kind === 'give') return { ok: verdict.ok, text: verdict.text, parsed: null };
  if (tool === null) {
    const names = deps.tools.map(({ name }) => name).join(', ');
    const text = `There is no tool ${call.name}; nothing was run. Your tools: ${names === '' ? 'none' : names}.`;
    return { ok: false, text, parsed: null };
  }
  const { edited } = verdict;
  const parsed =
    edited === null
      ? parseArguments(call.name, call.arguments, tool.parameters)
      : checkArguments(call.name, edited, tool.parameters);
  if (!parsed.ok) return { ok: false, text: parsed.message, parsed: null };
  await addStepRepairs(
    tx,
    call.step_id,
    parsed.repairs.map((repair) => `arguments ${call.tool_call_id}: ${repair}`),
  );
  const note = noteOf(parsed.args, parsed.repairs, edited !== null);
  const mark = work.events.length;
  try {
    const context = contextOf(tx, deps, { ...work, trust: await trustOf(tx, deps) });
    const text = await inSavepoint(tx, () => tool.run(parsed.args, context));
    return { ok: true, text: `${note}${text}`, parsed: parsed.args };
  } catch (error) {
    if (isStoreFailure(error)) throw error;
    work.events.length = mark;
    return { ok: false, text: `${note}${failureText(error, call.name, deps.log)}`, parsed: parsed.args };
  }
}

const NOTED_CHARS = 2000;

/** What ran was not what the model wrote; it is told so, and what it was. */
function noteOf(
  args: Readonly<Record<string, unknown>>,
  repairs: readonly string[],
  is_edited: boolean,
): string {
  if (!is_edited && repairs.length === 0) return '';
  const text = JSON.stringify(args);
  const ran = text.length > NOTED_CHARS ? `${clipText(text, NOTED_CHARS)}…` : text;
  const why = is_edited
    ? 'The person changed your arguments before they allowed the call'
    : `Your arguments were not quite JSON and were mended (${repairs.join('; ')})`;
  return `[${why}. It ran with: ${ran}]\n`;
}

function isStoreFailure(error: unknown): boolean {
  if (error instanceof AppError) return error.code.startsWith('store_');
  return error instanceof Error && String((error as { code?: unknown }).code).startsWith('SQLITE_');
}

function failureText(error: unknown, name: string, log: (line: string) => void): string {
  if (error instanceof AppError) return error.message;
  log(`The tool ${name} failed: ${error instanceof Error ? error.name : 'unknown'}`);
  return `${name} failed inside Memoir; that is no fault of the call. Nothing was changed. Try another way.`;
}

/** What a run has read so far bounds how far its edits can be trusted. */
async function trustOf(tx: Write, { run, tools }: JournalDeps): Promise<Trust> {
  const calls = await listDoneCalls(tx, run.id);
  if (calls.some((call) => call.effect === 'external')) return 'tool_output_external';
  const speaking = new Set(tools.flatMap((tool) => (tool.terminal ? [tool.name] : [])));
  const has_read = calls.some((call) => call.effect === 'none' && !speaking.has(call.name));
  return has_read ? 'tool_output_internal' : 'model_inference';
}

function contextOf(
  tx: Write,
  { agent, run, clock }: JournalDeps,
  work: Work & { readonly events: MemoirEvent[]; readonly trust: Trust },
): Parameters<Tool['run']>[1] {
  return {
    tx,
    agent_id: agent.id,
    conversation_id: run.conversation_id,
    timezone: agent.timezone,
    clock,
    emit: (event) => work.events.push(event),
    cause: {
      actor: 'agent',
      trust: work.trust,
      agent_id: agent.id,
      run_id: run.id,
      step_id: work.call.step_id,
      tool_call_id: work.call.tool_call_id,
      message_id: run.message_id,
      conversation_id: run.conversation_id,
      reason: work.call.reason,
    },
  };
}

function capResult(text: string, limit: number): string {
  if (text.length <= limit) return text;
  return `${clipText(text, limit)}\n[Cut: the result had ${text.length} characters; the first ${limit} are shown. Ask for less at a time.]`;
}

/** Appends the result of a call to the talk. */
export async function appendToolResult(
  tx: Write,
  deps: Pick<JournalDeps, 'clock'> & {
    readonly run: Pick<Message, 'conversation_id'> & { readonly id: string | null };
    readonly agent: Pick<JournalDeps['agent'], 'id' | 'timezone'>;
  },
  result: {
    readonly call: Pick<ToolCallRecord, 'tool_call_id' | 'name'> & { readonly step_id: string | null };
    readonly text: string;
    readonly ok: boolean;
  },
): Promise<Message> {
  const { run, agent, clock } = deps;
  return appendMessage(tx, {
    id: clock.newId('message'),
    conversation_id: run.conversation_id,
    agent_id: agent.id,
    role: 'tool',
    name: result.call.name,
    content: [{ type: 'text', text: result.text }],
    text: result.text,
    tool_calls: [],
    tool_call_id: result.call.tool_call_id,
    tool_status: result.ok ? 'success' : 'error',
    otid: null,
    run_id: run.id,
    step_id: result.call.step_id,
    status: 'complete',
    token_count: countTokens(result.text),
    model: null,
    timezone: agent.timezone,
    created_at: clock.now(),
  });
}
