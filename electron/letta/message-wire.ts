import type { Message, MessageToolCall } from '../../shared/contract/conversations.ts';
import { approvalRequest, approvalResponse, type ToldMessage } from './approval-wire.ts';
import { part, wireBase } from './message-base.ts';
import { type Wire, wireDate } from './wire.ts';

/** How messages are shown to a client. */
export type Projection = {
  /** Shows `send_message` calls as what they say. Default true in V1. */
  readonly use_assistant_message: boolean;
};

/** Whether a message of a run is part of the answer, rather than what the client said itself. */
export function isAnswer({ role }: Message): boolean {
  return role !== 'user' && role !== 'system';
}

/**
 * Turns one stored message into V1's messages: what was thought, what was said and the calls each become one, all with
 * the id of the stored message.
 */
export function wireMessages(message: ToldMessage, projection: Projection): Wire[] {
  switch (message.role) {
    case 'system':
      return [{ ...base(message, 'system_message', message.otid), content: message.text }];
    case 'user':
      return [{ ...base(message, 'user_message', message.otid), content: contentOf(message) }];
    case 'summary':
      return [
        {
          ...base(message, 'summary_message', part(message.id, 0)),
          summary: message.text,
          compaction_stats: null,
        },
      ];
    case 'tool':
      return projection.use_assistant_message && message.name === 'send_message' ? [] : [toolReturn(message)];
    case 'assistant':
      return assistantParts(message, projection).map((own, index) => {
        const { message_type, ...fields } = own;
        return { ...base(message, message_type, part(message.id, index)), ...fields };
      });
  }
}

function base(message: Message, message_type: string, otid: string | null): Wire {
  const { id, step_id, run_id } = message;
  const name = message.role === 'assistant' ? null : message.name;
  return wireBase({ id, date: wireDate(message.created_at), message_type, otid, name, step_id, run_id });
}

type Part = { readonly message_type: string; readonly [key: string]: unknown };

function assistantParts(message: ToldMessage, { use_assistant_message }: Projection): Part[] {
  const asked = message.approvals ?? [];
  const silent = new Set(asked.filter(({ state }) => state !== 'approved').map((each) => each.tool_call_id));
  const spoken = message.tool_calls
    .filter((call) => call.name === 'send_message' && !silent.has(call.tool_call_id))
    .map(readSpoken);
  const said = use_assistant_message
    ? spoken.flatMap((args) => (args.message === null ? [] : [args.message]))
    : [];
  const waited = new Set(asked.map(({ tool_call_id }) => tool_call_id));
  const calls = message.tool_calls.filter(
    ({ name, tool_call_id }) =>
      !waited.has(tool_call_id) && (!use_assistant_message || name !== 'send_message'),
  );
  return [
    ...message.content.flatMap(reasoningPart),
    ...spoken.flatMap(({ thinking }) => (thinking === null ? [] : [thought(thinking, 'non_reasoner_model')])),
    ...[textOf(message), ...said].filter((text) => text !== '').map(spokenPart),
    ...(calls[0] === undefined ? [] : [callsPart(calls[0], calls)]),
    ...approvalParts(message),
  ];
}

/** What needed asking is a request of its own in V1, and what was decided an answer to it. */
function approvalParts({ id, approvals = [] }: ToldMessage): Part[] {
  if (approvals.length === 0) return [];
  const response = approvalResponse(id, approvals);
  return [
    { message_type: 'approval_request_message', ...approvalRequest(approvals) },
    ...(response === null ? [] : [{ message_type: 'approval_response_message', ...response }]),
  ];
}

function spokenPart(content: string): Part {
  return { message_type: 'assistant_message', content };
}

function callsPart(first: MessageToolCall, calls: readonly MessageToolCall[]): Part {
  return { message_type: 'tool_call_message', tool_call: wireCall(first), tool_calls: calls.map(wireCall) };
}

function wireCall({ name, arguments: text, tool_call_id }: MessageToolCall): Wire {
  return { name, arguments: text, tool_call_id };
}

function thought(
  reasoning: string,
  source: 'reasoner_model' | 'non_reasoner_model',
  signature?: unknown,
): Part {
  return { message_type: 'reasoning_message', source, reasoning, signature: signature ?? null };
}

function reasoningPart(content: Message['content'][number]): Part[] {
  if (content.type !== 'reasoning' || !('reasoning' in content) || typeof content.reasoning !== 'string')
    return [];
  if (content.reasoning === '') return [];
  return [thought(content.reasoning, 'reasoner_model', 'signature' in content ? content.signature : null)];
}

/** Text of the message itself; what `send_message` said is not in it. */
function textOf(message: Message): string {
  return message.content
    .map((content) => (content.type === 'text' && 'text' in content ? String(content.text) : ''))
    .join('');
}

function contentOf(message: Message): unknown {
  return message.content.every((content) => content.type === 'text') ? message.text : message.content;
}

function readSpoken(call: MessageToolCall): { message: string | null; thinking: string | null } {
  try {
    const args = JSON.parse(call.arguments) as { message?: unknown; thinking?: unknown } | null;
    const text = (value: unknown): string | null =>
      typeof value === 'string' && value !== '' ? value : null;
    return { message: text(args?.message), thinking: text(args?.thinking) };
  } catch {
    // The model's arguments were no JSON: it said nothing, and its tool result tells it so.
    return { message: null, thinking: null };
  }
}

function toolReturn(message: Message): Wire {
  const own = {
    tool_return: message.text,
    status: message.tool_status ?? 'success',
    tool_call_id: message.tool_call_id,
    stdout: null,
    stderr: null,
  };
  return {
    ...base(message, 'tool_return_message', part(message.id, 0)),
    ...own,
    tool_returns: [{ type: 'tool', ...own }],
  };
}
