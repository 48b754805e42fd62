import type { Usage } from '../../shared/contract/conversations.ts';
import type { WindowEntry } from '../store/branch-window.ts';
import { fromJson, toJson } from '../store/encoding.ts';
import type { BackupRow, BackupRows } from '../store/import.ts';
import { addUsage, no_usage } from '../store/runs.ts';
import { holdsMessage, type Segment } from '../store/talk.ts';

/** The tables of a talk and of what answered in it. */
export type TalkRows = Omit<
  BackupRows,
  | 'agent'
  | 'agent_archive'
  | 'agent_block'
  | 'agent_version'
  | 'archive'
  | 'block'
  | 'block_version'
  | 'passage'
  | 'passage_tag'
  | 'passage_version'
>;

/** Where a talk ends, and what its window showed there. */
export type TalkEnd = {
  readonly conversation_id: string;
  readonly talk: readonly Segment[];
  readonly seq: number;
  readonly window: readonly WindowEntry[];
  readonly now: string;
};

const RUN_CUT = {
  code: 'cancelled',
  message: 'The talk was forked before this was finished. Resume to go on from here.',
};

/**
 * A talk up to a message as one conversation, from the rows an agent has: what its parents said is its own there. A run
 * that goes on after the message is interrupted, and calls whose results come later are open.
 */
export function talkRowsAt(rows: BackupRows, end: TalkEnd): TalkRows {
  const talk = upTo(end.talk, end.seq);
  const home = { conversation_id: end.conversation_id };
  const message = rows.message
    .filter((row) => holds(talk, row))
    .map((row): BackupRow => ({ ...row, ...home }));
  const kept = new Set<unknown>(message.map((row) => row['id']));
  const tool_call = rows.tool_call
    .filter((row) => kept.has(row['message_id']))
    .map((row): BackupRow => ({ ...row, ...home, ...(kept.has(row['result_message_id']) ? {} : OPEN_CALL) }));
  const calls = new Set<unknown>(tool_call.filter(isEnded).map((row) => row['id']));
  const { run, step } = runsOf(rows, message, end.now);
  return {
    conversation: rows.conversation
      .filter((row) => row['id'] === end.conversation_id)
      .map((row) => ({ ...row, ...freshHome(message, end) })),
    message,
    summary: rows.summary
      .filter((row) => holds(talk, { ...row, seq: row['covers_to_seq'] ?? null }))
      .map((row) => ({ ...row, ...home })),
    window_entry: end.window.map((entry, index) => ({ ...home, ord: index + 1, ...entry })),
    run: run.map((row) => ({ ...row, ...home })),
    step,
    tool_call,
    approval: rows.approval.filter((row) => calls.has(row['call_id'])).map((row) => ({ ...row, ...home })),
    // What was sent, waits for an answer or is proposed belongs to the agent that it was sent to.
    inbox: [],
    step_trace: [],
    proposal: [],
  };
}

const OPEN_CALL = { state: 'pending', result: null, result_message_id: null, finished_at: null };

function isEnded(row: BackupRow): boolean {
  return row['state'] !== 'pending';
}

function upTo(talk: readonly Segment[], seq: number): readonly Segment[] {
  return talk
    .filter(({ after_seq }) => after_seq < seq)
    .map((segment) => ({ ...segment, to_seq: Math.min(segment.to_seq ?? seq, seq) }));
}

function holds(talk: readonly Segment[], row: BackupRow): boolean {
  return holdsMessage(talk, {
    conversation_id: String(row['conversation_id']),
    seq: Number(row['seq']),
  });
}

function freshHome(message: readonly BackupRow[], { seq, now }: TalkEnd): BackupRow {
  const newest = message.find((row) => row['seq'] === seq);
  return {
    is_default: 1,
    parent_id: null,
    fork_seq: null,
    next_seq: seq + 1,
    digest: '',
    memory_snapshot: null,
    version: 1,
    created_at: now,
    updated_at: now,
    last_message_at: newest?.['created_at'] ?? null,
    archived_at: null,
    deleted_at: null,
  };
}

function runsOf(
  rows: BackupRows,
  message: readonly BackupRow[],
  now: string,
): Pick<BackupRows, 'run' | 'step'> {
  const own = new Set<unknown>(message.map((row) => row['run_id']));
  const shown = new Set<unknown>(message.map((row) => row['step_id']));
  const kept = new Set<unknown>(message.map((row) => row['id']));
  const cut = new Set<unknown>(
    rows.message.filter((row) => own.has(row['run_id']) && !kept.has(row['id'])).map((row) => row['run_id']),
  );
  const step = rows.step
    .filter((row) => own.has(row['run_id']) && (!cut.has(row['run_id']) || shown.has(row['id'])))
    .map((row) => (row['state'] === 'closed' ? row : { ...row, state: 'closed', closed_at: now }));
  const run = rows.run
    .filter((row) => own.has(row['id']))
    .map((row) => (cut.has(row['id']) ? cutRun(row, step, now) : row));
  return { run, step };
}

function cutRun(run: BackupRow, steps: readonly BackupRow[], now: string): BackupRow {
  const own = steps.filter((row) => row['run_id'] === run['id']);
  const usage = own.reduce<Usage>(
    (sum, row) => (row['usage'] === null ? sum : addUsage(sum, fromJson<Usage>(String(row['usage'])))),
    no_usage,
  );
  return {
    ...run,
    state: 'interrupted',
    stop_reason: 'interrupted',
    error: toJson(RUN_CUT),
    step_count: own.length,
    usage: toJson(usage),
    lease_until: null,
    finished_at: now,
  };
}
