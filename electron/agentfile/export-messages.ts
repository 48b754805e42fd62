import { fromJson } from '../store/encoding.ts';
import type { BackupRow, BackupRows } from '../store/import.ts';
import type { MessageOrigin } from './history-message.ts';

type Call = { readonly tool_call_id: string; readonly name: string; readonly arguments: string };
type Exported = { readonly messages: readonly object[]; readonly in_context: readonly string[] };

/**
 * Messages of the default conversation in the file's shape, the system message first, and the ids in context. Letta
 * reads every message in the file into its context's history, so those outside the window are only in our own key.
 */
export function exportMessages(
  rows: BackupRows,
  system: Readonly<Record<string, unknown>>,
  options: { readonly scrub_messages: boolean },
): Exported {
  if (options.scrub_messages) return { messages: [], in_context: [] };
  const home = rows.conversation.find((row) => row['is_default'] === 1)?.['id'];
  const window = rows.window_entry.filter(
    (row) => row['conversation_id'] === home && row['kind'] === 'message',
  );
  const order = new Map(window.map((row) => [row['ref'] ?? null, Number(row['ord'])]));
  const own = rows.message.filter((row) => row['conversation_id'] === home);
  const firstSeq = Math.min(
    ...own.filter((row) => order.has(row['id'] ?? null)).map((row) => Number(row['seq'])),
  );
  const told = own.filter((row) => {
    const origin = originOf(row);
    if (origin?.kind === 'part' || origin?.kind === 'repair') return false;
    return origin !== undefined || order.has(row['id'] ?? null);
  });
  const ids = new Map<BackupRow, string>(told.map((row, index) => [row, `message-${index + 1}`]));
  const context = told
    .filter((row) => order.has(row['id'] ?? null) || (isHidden(row) && Number(row['seq']) > firstSeq))
    .toSorted((a, b) => position(a, order) - position(b, order) || Number(a['seq']) - Number(b['seq']));
  const messages = told.map((row) => toMessage(row, ids.get(row) ?? ''));
  return {
    messages: [shape(system, 'message-0'), ...messages],
    in_context: ['message-0', ...context.map((row) => ids.get(row) ?? '')],
  };
}

function originOf(row: BackupRow): MessageOrigin | undefined {
  return fromJson<{ agent_file?: MessageOrigin }>(String(row['foreign_fields'])).agent_file;
}

function isHidden(row: BackupRow): boolean {
  const origin = originOf(row);
  return origin?.kind === 'message' && origin.hidden;
}

// A message that the window leaves out goes back to where its number puts it.
function position(row: BackupRow, order: ReadonlyMap<unknown, number>): number {
  return order.get(row['id']) ?? Number(row['seq']);
}

function toMessage(row: BackupRow, id: string): object {
  const origin = originOf(row);
  const came = origin?.kind === 'message' ? origin.original : {};
  const { content_is_text, content_absent, calls_absent, calls_as_came, ...fields } = came as Record<
    string,
    unknown
  >;
  const parts = fromJson<{ text?: string }[]>(String(row['content']));
  const calls = fromJson<Call[]>(String(row['tool_calls'])).map((call) => ({
    id: call.tool_call_id,
    type: 'function',
    function: { name: call.name, arguments: call.arguments },
  }));
  const base = origin === undefined ? nativeFields(row) : fields;
  return shape(
    {
      ...base,
      content: content_is_text === true ? (parts[0]?.text ?? '') : content_absent === null ? null : parts,
      tool_calls:
        calls_as_came ??
        (calls.length === 0 && (calls_absent === true || origin === undefined) ? null : calls),
    },
    id,
  );
}

function nativeFields(row: BackupRow): Record<string, unknown> {
  const isResult = row['role'] === 'tool';
  const result = { tool_call_id: row['tool_call_id'], status: row['tool_status'] ?? 'success' };
  return {
    role: row['role'],
    name: row['name'],
    model: row['model'],
    tool_call_id: row['tool_call_id'],
    tool_returns: isResult ? [{ ...result, stdout: null, stderr: null, func_response: row['text'] }] : [],
    created_at: row['created_at'],
  };
}

function shape(fields: Readonly<Record<string, unknown>>, id: string): object {
  return {
    type: 'message',
    name: null,
    otid: null,
    sender_id: null,
    group_id: null,
    agent_id: 'agent-0',
    ...fields,
    id,
  };
}
