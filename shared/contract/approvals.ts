import { z } from 'zod';
import { actor, memory_change, trust } from './blocks.ts';
import { id, json_object, method, timestamp } from './method.ts';

/** A call that waits for a person to allow it, or for a client to run it. */
export const approval = z.object({
  id: id('approval'),
  agent_id: id('agent'),
  conversation_id: id('conv'),
  run_id: id('run'),
  step_id: z.string(),
  /** The assistant's message that made the call. */
  message_id: z.string(),
  tool_call_id: z.string(),
  /** `client`: the tool is the client's own, who gives the result. */
  kind: z.enum(['approval', 'client']),
  name: z.string(),
  /** Raw text of the model. */
  arguments: z.string(),
  /** `expired`: nobody answered in time, which counts as a denial. */
  state: z.enum(['pending', 'approved', 'denied', 'returned', 'expired', 'cancelled']),
  /** What a person made of the arguments before they allowed the call. */
  edited_arguments: json_object.nullable(),
  /** Why it was denied. */
  reason: z.string().nullable(),
  /** What a client gave back. */
  result: z.string().nullable(),
  result_status: z.enum(['success', 'error']).nullable(),
  decided_by: actor.nullable(),
  created_at: timestamp,
  expires_at: timestamp.nullable(),
  decided_at: timestamp.nullable(),
});

/** An edit of memory an agent proposed. Memory is as it was until a person accepts it. */
export const proposal = z.object({
  id: id('proposal'),
  agent_id: id('agent'),
  conversation_id: id('conv').nullable(),
  kind: z.enum(['block', 'passage']),
  /** Id of the block; for an archive entry the id it would have had. */
  target_id: z.string(),
  /** Label of the block; first words of the entry. */
  label: z.string(),
  /** Of the entry; a block has none here. */
  tags: z.array(z.string()),
  operation: memory_change.shape.operation,
  /** The version the agent had read, and its text. */
  base_version: z.number().int(),
  before: z.string().nullable(),
  /** The text as the agent would have it. */
  after: z.string().nullable(),
  /** What a person made of `after` before they accepted it. */
  edited: z.string().nullable(),
  state: z.enum(['pending', 'accepted', 'rejected', 'withdrawn']),
  actor,
  run_id: z.string().nullable(),
  step_id: z.string().nullable(),
  tool_call_id: z.string().nullable(),
  /** The message that caused it. */
  message_id: z.string().nullable(),
  /** In the words of the agent. */
  reason: z.string().nullable(),
  trust,
  /** What the person said to it; the agent reads it. */
  answer: z.string().nullable(),
  /** The change it became. */
  change_id: z.string().nullable(),
  created_at: timestamp,
  decided_at: timestamp.nullable(),
});

/** What becomes of one waiting call. */
export const approval_decision = z.discriminatedUnion('decision', [
  z.object({
    approval_id: id('approval'),
    decision: z.literal('approve'),
    /** Runs with these instead of the model's; checked against the tool's parameters. */
    arguments: json_object.optional(),
  }),
  z.object({
    approval_id: id('approval'),
    decision: z.literal('deny'),
    /** The model reads it. */
    reason: z.string().max(10_000).optional(),
  }),
  z.object({
    approval_id: id('approval'),
    /** The caller ran it; this is its result. */
    decision: z.literal('return'),
    result: z.string().max(5_000_000),
    status: z.enum(['success', 'error']).default('success'),
  }),
]);

/** A tool the sender of a message runs itself. */
export const client_tool = z.object({
  name: z.string().regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, _ or -'),
  description: z.string().max(20_000).default(''),
  /** JSON Schema of an object. */
  parameters: json_object
    .refine(({ type }) => type === undefined || type === 'object', 'must be a JSON Schema of an object')
    .default({ type: 'object', properties: {} }),
});

/** The tools a sender runs itself; providers refuse two of one name. */
export const client_tools = z
  .array(client_tool)
  .max(100)
  .refine(
    (tools) => new Set(tools.map(({ name }) => name)).size === tools.length,
    'must not have two of the same name',
  );

const filter = {
  agent_id: id('agent').optional(),
  conversation_id: id('conv').optional(),
  limit: z.number().int().min(1).max(500).default(100),
  /** The newest first, for what was decided last. */
  newest_first: z.boolean().default(false),
};

/** The methods of what waits for a person. */
export const approval_methods = {
  'approvals.list': method({
    summary: 'Lists calls that wait for a decision, the oldest first; with `states` others as well.',
    input: z.object({
      ...filter,
      run_id: id('run').optional(),
      states: z
        .array(approval.shape.state)
        .max(6)
        .default(() => ['pending' as const]),
    }),
    output: z.object({ approvals: z.array(approval) }),
    errors: [],
  }),
  'approvals.decide': method({
    summary: 'Decides about waiting calls, all or none. The run goes on once nothing of it waits any more.',
    input: z.object({
      decisions: z.array(approval_decision).min(1).max(100),
      /** Tools the caller runs itself from here on, in place of those the message brought. */
      client_tools: client_tools.optional(),
    }),
    output: z.object({ approvals: z.array(approval) }),
    errors: ['not_found', 'conflict'],
  }),
  'proposals.list': method({
    summary: 'Lists proposed edits of memory, the oldest first; with `states` decided ones as well.',
    input: z.object({
      ...filter,
      block_id: id('block').optional(),
      states: z
        .array(proposal.shape.state)
        .max(4)
        .default(() => ['pending' as const]),
    }),
    output: z.object({ proposals: z.array(proposal) }),
    errors: [],
  }),
  'proposals.decide': method({
    summary: 'Accepts a proposed edit onto the newest text, or rejects it; the agent is told.',
    input: z.object({
      proposal_id: id('proposal'),
      decision: z.enum(['accept', 'reject']),
      /** Accepts this text instead of the agent's. */
      text: z.string().optional(),
      /** The version `text` was written on; left out: the one the agent had read. */
      base_version: z.number().int().min(1).optional(),
      /** The agent reads it. */
      reason: z.string().max(10_000).optional(),
    }),
    output: z.object({ proposal, change: memory_change.nullable() }),
    errors: ['not_found', 'conflict', 'limit_exceeded', 'read_only'],
  }),
};

export type Approval = z.infer<typeof approval>;
export type ApprovalDecision = z.infer<typeof approval_decision>;
export type ClientTool = z.infer<typeof client_tool>;
export type Proposal = z.infer<typeof proposal>;
