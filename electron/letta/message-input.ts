import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type GivenDecision, isApproval, readDecisions } from './approval-input.ts';
import { detail, ruleError } from './errors.ts';

const part = z.looseObject({ type: z.string(), text: z.string().optional() });

const item = z.looseObject({
  type: z.string().nullish(),
  role: z.enum(['user', 'system', 'assistant']).nullish(),
  content: z.union([z.string(), z.array(part)]).nullish(),
  /** Name of `content` in clients of 0.5. */
  text: z.string().nullish(),
  otid: z.string().min(1).max(100).nullish(),
  /** Of the speaker. */
  name: z.string().max(100).nullish(),
});

/** Body of the message routes: `messages`, `input`, or the guide's `{role, message}`. */
export const message_body = z.looseObject({
  messages: z.array(item).nullish(),
  input: z.union([z.string(), z.array(part)]).nullish(),
  role: z.enum(['user', 'system']).nullish(),
  message: z.string().nullish(),
  max_steps: z.number().int().min(1).max(1000).nullish(),
  use_assistant_message: z.boolean().nullish(),
  streaming: z.boolean().nullish(),
  stream_tokens: z.boolean().nullish(),
  stream_steps: z.boolean().nullish(),
  background: z.boolean().nullish(),
  include_pings: z.boolean().nullish(),
  include_compaction_messages: z.boolean().nullish(),
  client_tools: z
    .array(
      z.looseObject({
        name: z.string(),
        description: z.string().nullish(),
        parameters: z.record(z.string(), z.unknown()).nullish(),
      }),
    )
    .nullish(),
  include_return_message_types: z.array(z.string()).nullish(),
});

/** A checked body of a message route. */
export type MessageBody = z.output<typeof message_body>;

/** One message to be said. */
export type Spoken = {
  readonly text: string;
  readonly role: 'user' | 'system';
  /** Given by the client. */
  readonly otid?: string;
  /** Of the speaker. */
  readonly name?: string;
};

/** What is to be said: the last message, which opens the run, and those before it, oldest first. */
export type Said = { readonly last: Spoken; readonly before: readonly Spoken[] };

/** What a body brings: something to say, decisions about calls that wait, or both, the decisions first. */
export type Brought = { readonly decisions: readonly GivenDecision[]; readonly said: Said | null };

/** Reads what a body says. 422 in V1's words when it says nothing, says it twice, or brings what can't be read here. */
export function readBrought(body: MessageBody): Brought {
  refuseUnsupported(body);
  const { messages, input, message } = body;
  if (messages && input !== null && input !== undefined) {
    throw ruleError("Cannot specify both 'input' and 'messages'. Use one or the other.", body);
  }
  if (messages) return readItems(messages);
  const content = input ?? message;
  if (content === null || content === undefined)
    throw ruleError("Must specify either 'input' or 'messages'.", body);
  const last = { text: notEmpty(textOf(content)), role: body.role ?? ('user' as const) };
  return { decisions: [], said: { last, before: [] } };
}

/** What V1 takes beside and Memoir can't do: an answer that left it out without a word would mislead. */
const UNSUPPORTED = [
  'override_model',
  'override_system',
  'system',
  'client_skills',
  'return_logprobs',
  'top_logprobs',
  'return_token_ids',
] as const;

const SPOKEN_BY = { assistant_message_tool_name: 'send_message', assistant_message_tool_kwarg: 'message' };

function refuseUnsupported(body: MessageBody): void {
  const isAsked = (value: unknown): boolean =>
    Array.isArray(value)
      ? value.length > 0
      : value !== undefined && value !== null && value !== false && value !== '';
  const asked = UNSUPPORTED.find((field) => isAsked(body[field]));
  const renamed = Object.entries(SPOKEN_BY).find(
    ([field, usual]) => isAsked(body[field]) && body[field] !== usual,
  );
  const field = asked ?? renamed?.[0];
  if (field === undefined) return;
  throw detail(422, `${field} is not supported by this version of Memoir; leave it out. Nothing was said.`);
}

/** Checks the switches that only make sense together with streaming. */
export function checkStreaming(body: MessageBody, isStreaming: boolean): void {
  if (isStreaming) return;
  if (body.background === true || body.include_pings === false) {
    throw detail(422, 'Streaming options set without streaming enabled. Set streaming=true to use them.');
  }
}

/** A key equal for requests that say the same to the same agent, for clients that repeat a request. */
export function requestKey(agent_id: string, body: MessageBody): string {
  return createHash('sha256').update(agent_id).update(JSON.stringify(body)).digest('hex');
}

type Item = z.output<typeof item>;

function readItems(items: readonly Item[]): Brought {
  if (items.length === 0) throw detail(422, 'Messages must not be empty');
  const decisions = items.filter(isApproval).flatMap(readDecisions);
  const spoken = items.filter((each) => !isApproval(each));
  const last = spoken.at(-1);
  if (items.some(({ role }) => role === 'assistant')) {
    throw detail(422, 'Messages with the role assistant can not be sent; the agent writes those.');
  }
  if (last === undefined) return { decisions, said: null };
  return { decisions, said: { last: readItem(last), before: spoken.slice(0, -1).map(readItem) } };
}

function readItem({ content, text, role, otid, name }: Item): Spoken {
  return {
    text: notEmpty(textOf(content ?? text ?? '')),
    role: role === 'system' ? 'system' : 'user',
    ...(otid ? { otid } : {}),
    ...(name ? { name } : {}),
  };
}

function textOf(content: string | readonly z.output<typeof part>[]): string {
  if (typeof content === 'string') return content;
  const other = content.find(({ type }) => type !== 'text');
  if (other !== undefined) {
    throw detail(
      422,
      `Content of the type ${other.type} can't be read by this version of Memoir; send text.`,
    );
  }
  return content.map(({ text }) => text ?? '').join('\n');
}

function notEmpty(text: string): string {
  if (text.trim() === '') throw detail(422, 'Messages must not be empty');
  return text;
}
