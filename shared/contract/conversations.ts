import { z } from 'zod';
import { approval, client_tools, proposal } from './approvals.ts';
import { memory_change } from './blocks.ts';
import { id, method, nothing, timestamp, version } from './method.ts';

/** A thread of talk with an agent. Each agent has one default conversation (Letta's own thread). */
export const conversation = z.object({
  id: id('conv'),
  agent_id: id('agent'),
  /** Given by a person, else taken from the first words said; empty while nothing was said. */
  title: z.string(),
  is_default: z.boolean(),
  message_count: z.number().int(),
  last_message_at: timestamp.nullable(),
  /** When it was put aside; `null` while it is in the list. */
  archived_at: timestamp.nullable(),
  /** The conversation it branched off, with whose messages up to `fork_seq` it begins. */
  parent_id: id('conv').nullable(),
  fork_seq: z.number().int().nullable(),
  version,
  created_at: timestamp,
  updated_at: timestamp,
});

/** A piece of a message. Kinds of the Letta formats beyond these are kept as they came. */
export const content_part = z.union([
  z.object({ type: z.literal('text'), text: z.string() }),
  z.object({
    type: z.literal('reasoning'),
    reasoning: z.string(),
    is_native: z.boolean().optional(),
    signature: z.string().nullable().optional(),
  }),
  z.looseObject({ type: z.string() }),
]);

/** A call a model made; `arguments` is the raw text it sent. */
export const message_tool_call = z.object({
  tool_call_id: z.string(),
  name: z.string(),
  arguments: z.string(),
});

/** A message of the history. History is append-only; `seq` orders it inside its conversation. */
export const message = z.object({
  id: id('message'),
  conversation_id: id('conv'),
  agent_id: id('agent'),
  seq: z.number().int().min(1),
  role: z.enum(['system', 'user', 'assistant', 'tool', 'summary']),
  /** Display name of the speaker, or the tool's name for a result. */
  name: z.string().nullable(),
  content: z.array(content_part),
  /** What was said, `send_message` text included. */
  text: z.string(),
  /** Calls of an assistant message, in order. */
  tool_calls: z.array(message_tool_call),
  /** Call this is the result of, for role `tool`. */
  tool_call_id: z.string().nullable(),
  tool_status: z.enum(['success', 'error']).nullable(),
  otid: z.string().nullable(),
  run_id: z.string().nullable(),
  step_id: z.string().nullable(),
  /** `interrupted`: a partial answer that was cut; it is kept and marked. */
  status: z.enum(['complete', 'interrupted']),
  token_count: z.number().int(),
  created_at: timestamp,
});

/** Tokens as the provider reported them; zero where it said nothing. */
export const usage = z.object({
  prompt_tokens: z.number().int(),
  completion_tokens: z.number().int(),
  total_tokens: z.number().int(),
  cached_input_tokens: z.number().int(),
  reasoning_tokens: z.number().int(),
});

/** Why a run ended (Letta's terms). */
export const stop_reason = z.enum([
  'end_turn',
  'max_steps',
  'tool_rule',
  'requires_approval',
  'error',
  'llm_api_error',
  'invalid_llm_response',
  'invalid_tool_call',
  'no_tool_call',
  'max_tokens_exceeded',
  'context_window_overflow_in_system_prompt',
  'cancelled',
  'interrupted',
]);

/** One answer to one message: its steps call the model and its tools until it stops. */
export const run = z.object({
  id: id('run'),
  agent_id: id('agent'),
  conversation_id: id('conv'),
  /** `waiting`: for a person to approve a call, or for a client to run one. */
  state: z.enum(['running', 'waiting', 'completed', 'failed', 'cancelled', 'interrupted']),
  stop_reason: stop_reason.nullable(),
  /** What a person can do about a failure. */
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** The message that opened it. */
  message_id: id('message').nullable(),
  step_count: z.number().int(),
  usage,
  started_at: timestamp,
  finished_at: timestamp.nullable(),
});

const spoken = z.object({
  text: z.string().min(1).max(1_000_000),
  role: z.enum(['user', 'system']).default('user'),
  /** Display name of the speaker. */
  name: z.string().min(1).max(100).optional(),
});

/** A message that waits for its turn. */
export const queued_message = z.object({
  id: id('inbox'),
  conversation_id: id('conv'),
  otid: z.string(),
  role: z.enum(['user', 'system']),
  text: z.string(),
  created_at: timestamp,
});

/** A tool call's life, for its card in the talk. */
export const tool_call = z.object({
  tool_call_id: z.string(),
  step_id: z.string(),
  message_id: z.string(),
  name: z.string(),
  arguments: z.string(),
  /** `waiting`: for a person or a client, see `approvals.list`. */
  state: z.enum(['pending', 'waiting', 'running', 'done', 'failed', 'unknown']),
  result: z.string().nullable(),
  started_at: timestamp.nullable(),
  finished_at: timestamp.nullable(),
});

/** Text of an answer that is still being written. */
export const draft = z.object({
  run_id: id('run'),
  message_id: id('message'),
  text: z.string(),
  reasoning: z.string(),
});

const conversation_ref = z.object({ conversation_id: id('conv') });

/** The methods of conversations. */
export const conversation_methods = {
  'conversations.list': method({
    summary: 'Lists the conversations of an agent, the newest talk first.',
    input: z.object({ agent_id: id('agent') }),
    output: z.object({ conversations: z.array(conversation) }),
    errors: ['not_found'],
  }),
  'conversations.create': method({
    summary:
      'Opens a conversation with an agent; memory is shared, the talk starts empty or goes on from another.',
    input: z.object({
      agent_id: id('agent'),
      title: z.string().max(200).optional(),
      /** A talk of the same agent, with all of which it begins as a branch. */
      branch_of: id('conv').optional(),
    }),
    output: conversation,
    errors: ['not_found'],
  }),
  'conversations.delete': method({
    summary: 'Moves a conversation to the trash. The default conversation stays.',
    input: conversation_ref,
    output: nothing,
    errors: ['not_found', 'conflict', 'busy'],
  }),
  'messages.list': method({
    summary: 'Reads the talk: the newest page, or the page before `before_seq`, oldest first.',
    input: conversation_ref.extend({
      before_seq: z.number().int().optional(),
      limit: z.number().int().min(1).max(200).default(50),
    }),
    output: z.object({
      messages: z.array(message),
      tool_calls: z.array(tool_call),
      changes: z.array(memory_change),
      /** Of these messages' calls, in whatever state. */
      approvals: z.array(approval),
      /** Edits their calls proposed. */
      proposals: z.array(proposal),
      has_more: z.boolean(),
    }),
    errors: ['not_found'],
  }),
  'messages.send': method({
    summary: 'Saves a message and starts or queues its run. Answers once the message is safe on disk.',
    input: conversation_ref.extend({
      ...spoken.shape,
      /** Made by the sender; the same one again changes nothing and answers as before. */
      otid: z.string().min(1).max(100),
      max_steps: z.number().int().min(1).max(1000).optional(),
      /** What is said before it, oldest first; the one run answers to all. */
      before: z
        .array(spoken.extend({ otid: z.string().min(1).max(100).optional() }))
        .max(100)
        .optional(),
      /** Tools the sender runs: a call of one waits until `approvals.decide` brings its result. */
      client_tools: client_tools.optional(),
    }),
    output: z.object({ inbox_id: id('inbox'), state: z.enum(['queued', 'running', 'done']) }),
    errors: ['not_found', 'conflict', 'store_full'],
  }),
  'messages.sent': method({
    summary: 'Says what became of a sent message, found by the otid its sender gave it.',
    input: conversation_ref.extend({ otid: z.string().min(1).max(100) }),
    output: z.object({
      /** `unknown`: nothing was sent under this otid. */
      state: z.enum(['unknown', 'queued', 'running', 'done', 'withdrawn']),
      /** The run that answers it. */
      run: run.nullable(),
      /** What was said and done in the run so far, oldest first. */
      messages: z.array(message),
    }),
    errors: ['not_found'],
  }),
  'messages.unsend': method({
    summary: 'Takes back a message that still waits in the queue.',
    input: z.object({ inbox_id: id('inbox') }),
    output: nothing,
    errors: ['not_found', 'conflict'],
  }),
  'messages.search': method({
    summary: 'Searches what was said to and by an agent, by words, role and date.',
    input: z.object({
      agent_id: id('agent'),
      query: z.string(),
      limit: z.number().int().min(1).max(100).default(20),
    }),
    output: z.object({ messages: z.array(message) }),
    errors: ['not_found'],
  }),
  'runs.current': method({
    summary: 'Says what a conversation is doing: the running or last run, the draft, the queue.',
    input: conversation_ref,
    output: z.object({
      run: run.nullable(),
      draft: draft.nullable(),
      queue: z.array(queued_message),
      /** What the run waits for. */
      approvals: z.array(approval),
      /** Whether its window is being made smaller just now: by the run, or because a person asked for it. */
      compacting: z.enum(['run', 'person']).nullable(),
    }),
    errors: ['not_found'],
  }),
  'runs.list': method({
    summary: 'Lists the runs of a conversation, the newest first; with `states` only those that are so.',
    input: conversation_ref.extend({
      states: z.array(run.shape.state).max(6).optional(),
      limit: z.number().int().min(1).max(1000).default(200),
    }),
    output: z.object({ runs: z.array(run) }),
    errors: ['not_found'],
  }),
  'runs.get': method({
    summary: 'Reads one run.',
    input: z.object({ run_id: id('run') }),
    output: run,
    errors: ['not_found'],
  }),
  'runs.cancel': method({
    summary: 'Stops a run at once; the text so far is kept, marked interrupted.',
    input: z.object({ run_id: id('run') }),
    output: run,
    errors: ['not_found', 'conflict'],
  }),
  'runs.resume': method({
    summary: 'Goes on with a run that was interrupted or failed.',
    input: z.object({ run_id: id('run') }),
    output: run,
    errors: ['not_found', 'conflict', 'busy'],
  }),
};

export type Conversation = z.infer<typeof conversation>;
export type ContentPart = z.infer<typeof content_part>;
export type MessageToolCall = z.infer<typeof message_tool_call>;
export type Message = z.infer<typeof message>;
export type Usage = z.infer<typeof usage>;
export type StopReason = z.infer<typeof stop_reason>;
export type Run = z.infer<typeof run>;
export type QueuedMessage = z.infer<typeof queued_message>;
export type ToolCall = z.infer<typeof tool_call>;
export type Draft = z.infer<typeof draft>;
