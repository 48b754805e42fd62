import type { MessageToolCall } from '../../shared/contract/conversations.ts';
import { countTokens } from '../models/tokens.ts';
import type { Clock } from '../store/clock.ts';
import { fromJson, toJson } from '../store/encoding.ts';
import type { BackupRow, BackupRows } from '../store/import.ts';

/** What the model is told about a call that was still open when its backup was made. */
export const OPEN_IN_BACKUP =
  'Outcome unknown: this was not finished when the backup of this agent was made.';

const RUN_ENDED = {
  code: 'cancelled',
  message: 'This was running when the backup was made. What was saved until then is kept; resume to go on.',
};

/** A call without a result, and the result made for it. */
type Closing = { readonly call: MessageToolCall; readonly of: BackupRow; readonly result: BackupRow };

/**
 * Ends what ran when rows were read: runs become interrupted, steps closed, and every call gets the one result it
 * needs, `told`, at the end of its conversation's history and behind the call in its window. Rows at rest come back as
 * they are.
 */
export function closeOpenRuns(rows: BackupRows, clock: Clock, told = OPEN_IN_BACKUP): BackupRows {
  const now = clock.now();
  const histories = Map.groupBy(rows.message, (row) => row['conversation_id'] ?? null);
  const closings = rows.conversation.flatMap((home) =>
    closeCalls(home, histories.get(home['id'] ?? null) ?? [], { now, clock, told }),
  );
  const closed = closings.length === 0 ? rows : { ...rows, ...withClosings(rows, closings, now) };
  return {
    ...closed,
    run: rows.run.map((row) => (isOpen(row) ? endRun(row, now) : row)),
    step: rows.step.map((row) => (row['state'] === 'closed' ? row : endStep(row, now))),
    tool_call: rows.tool_call.map((row) => endCall(row, closings, { now, told })),
    approval: rows.approval.map((row) =>
      row['state'] === 'pending' ? endApproval(row, { now, told }) : row,
    ),
    inbox: rows.inbox.map((row) =>
      row['state'] === 'running' ? { ...row, state: 'done', lease_until: null } : row,
    ),
  };
}

function isOpen(row: BackupRow): boolean {
  return row['state'] === 'running' || row['state'] === 'waiting';
}

type Words = { readonly now: string; readonly told: string };

function endApproval(row: BackupRow, { now, told }: Words): BackupRow {
  return { ...row, state: 'cancelled', reason: row['reason'] ?? told, decided_at: now };
}

function endRun(row: BackupRow, now: string): BackupRow {
  const end = { state: 'interrupted', stop_reason: 'interrupted', error: toJson(RUN_ENDED) };
  return { ...row, ...end, lease_until: null, finished_at: now };
}

function endStep(row: BackupRow, now: string): BackupRow {
  return { ...row, state: 'closed', stop_reason: row['stop_reason'] ?? 'interrupted', closed_at: now };
}

function endCall(row: BackupRow, closings: readonly Closing[], { now, told }: Words): BackupRow {
  if (row['state'] !== 'pending' && !isOpen(row)) return row;
  const own = closings.find(
    ({ call, of }) => of['id'] === row['message_id'] && call.tool_call_id === row['tool_call_id'],
  );
  return {
    ...row,
    state: 'unknown',
    result: row['result'] ?? told,
    result_message_id: row['result_message_id'] ?? own?.result['id'] ?? null,
    started_at: row['started_at'] ?? now,
    finished_at: now,
  };
}

function closeCalls(
  home: BackupRow,
  history: readonly BackupRow[],
  { now, clock, told }: Words & { readonly clock: Clock },
): Closing[] {
  const answered = new Set(history.map((row) => row['tool_call_id']));
  const open = history
    .toSorted((a, b) => Number(a['seq']) - Number(b['seq']))
    .flatMap((of) => callsOf(of).map((call) => ({ call, of })))
    .filter(({ call }) => !answered.has(call.tool_call_id));
  const last = Date.parse(String(home['last_message_at']));
  const gap = Number.isNaN(last) ? null : Math.max(0, Math.round((Date.parse(now) - last) / 1000));
  return open.map(({ call, of }, index) => {
    const place = {
      id: clock.newId('message'),
      seq: Number(home['next_seq']) + index,
      session_gap_seconds: index === 0 ? gap : 0,
      created_at: now,
    };
    return { call, of, result: resultRow(of, call, { place, told }) };
  });
}

function callsOf(row: BackupRow): readonly MessageToolCall[] {
  return row['role'] === 'assistant' ? fromJson<MessageToolCall[]>(String(row['tool_calls'])) : [];
}

function resultRow(
  of: BackupRow,
  call: MessageToolCall,
  { place, told }: { readonly place: BackupRow; readonly told: string },
): BackupRow {
  return {
    ...of,
    ...place,
    ord: null,
    role: 'tool',
    name: call.name,
    content: toJson([{ type: 'text', text: told }]),
    text: told,
    tool_calls: '[]',
    tool_call_id: call.tool_call_id,
    tool_status: 'error',
    otid: null,
    status: 'complete',
    model: null,
    token_count: countTokens(told),
    foreign_fields: '{}',
  };
}

function withClosings(
  rows: BackupRows,
  closings: readonly Closing[],
  now: string,
): Pick<BackupRows, 'message' | 'window_entry' | 'conversation'> {
  const last = Math.max(...rows.message.map((row) => Number(row['ord'])));
  const results = closings.map(({ result }, index) => ({ ...result, ord: last + 1 + index }));
  const count = Map.groupBy(closings, ({ result }) => result['conversation_id']);
  return {
    message: [...rows.message, ...results],
    window_entry: rows.conversation.flatMap((home) => windowWith(rows, home, count.get(home['id']) ?? [])),
    conversation: rows.conversation.map((home) => {
      const added = count.get(home['id'])?.length ?? 0;
      if (added === 0) return home;
      return { ...home, next_seq: Number(home['next_seq']) + added, last_message_at: now, updated_at: now };
    }),
  };
}

function windowWith(rows: BackupRows, home: BackupRow, closings: readonly Closing[]): BackupRow[] {
  const window = rows.window_entry
    .filter((row) => row['conversation_id'] === home['id'])
    .toSorted((a, b) => Number(a['ord']) - Number(b['ord']));
  if (closings.length === 0) return window;
  const roles = new Map(rows.message.map((row) => [row['id'], row['role']]));
  for (const { of, result } of closings) {
    const start = window.findIndex((row) => row['kind'] === 'message' && row['ref'] === of['id']);
    if (start === -1) continue;
    let end = start + 1;
    while (end < window.length && roles.get(window[end]?.['ref'] ?? null) === 'tool') end += 1;
    const place = { conversation_id: home['id'] ?? null, ord: 0, kind: 'message', text: null };
    window.splice(end, 0, { ...place, ref: result['id'] ?? null });
    roles.set(result['id'] ?? null, 'tool');
  }
  return window.map((row, index) => ({ ...row, ord: index + 1 }));
}
