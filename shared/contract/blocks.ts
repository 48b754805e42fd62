import { z } from 'zod';
import { new_block } from './agents.ts';
import { id, json_object, method, nothing, timestamp, version } from './method.ts';

/** Who made a change. */
export const actor = z.enum(['agent', 'user', 'api', 'import', 'system']);

/** How far the cause of a change can be trusted; the lowest along the lineage wins. */
export const trust = z.enum([
  'direct_user',
  'model_inference',
  'tool_output_internal',
  'tool_output_external',
]);

/** A labelled piece of core memory, always in the context of the agents it is attached to. */
export const block = z.object({
  id: id('block'),
  label: z.string(),
  value: z.string(),
  description: z.string().nullable(),
  /** Characters (UTF-16 code units, as Letta counts). */
  limit: z.number().int(),
  read_only: z.boolean(),
  /** Edits by agents wait as proposals until a person takes them. */
  review: z.boolean(),
  tags: z.array(z.string()),
  metadata: json_object,
  /** Agents it is attached to; more than one means shared. */
  agent_ids: z.array(id('agent')),
  version,
  created_at: timestamp,
  updated_at: timestamp,
});

/** One version of a block or an archive entry: what was done, by whom, because of what. */
export const memory_change = z.object({
  /** `change-<uuid>`. */
  id: id('change'),
  kind: z.enum(['block', 'passage']),
  /** Id of the block or passage. */
  target_id: z.string(),
  /** Label of the block; first words of the entry for a passage. */
  label: z.string(),
  agent_id: id('agent').nullable(),
  /** Version it made; the first is 1. */
  version,
  operation: z.enum([
    'create',
    'append',
    'replace',
    'insert',
    'rethink',
    'edit',
    'settings',
    'restore',
    'undo',
    'delete',
    'import',
  ]),
  /** Text before; `null` when there was none. */
  before: z.string().nullable(),
  /** Text after; `null` when it was deleted. */
  after: z.string().nullable(),
  actor,
  run_id: z.string().nullable(),
  step_id: z.string().nullable(),
  tool_call_id: z.string().nullable(),
  /** The message that caused it. */
  message_id: z.string().nullable(),
  conversation_id: z.string().nullable(),
  /** In the words of whoever made it. */
  reason: z.string().nullable(),
  trust,
  /** Change that this one undid. */
  undoes: z.string().nullable(),
  /** Change that undid this one. */
  undone_by: z.string().nullable(),
  created_at: timestamp,
});

const block_ref = z.object({ block_id: id('block') });

/** The methods of blocks. */
export const block_methods = {
  'blocks.list': method({
    summary: 'Lists the blocks of an agent in prompt order, or all blocks.',
    input: z.object({ agent_id: id('agent').optional() }),
    output: z.object({ blocks: z.array(block) }),
    errors: ['not_found'],
  }),
  'blocks.get': method({
    summary: 'Reads one block.',
    input: block_ref,
    output: block,
    errors: ['not_found'],
  }),
  'blocks.create': method({
    summary: 'Makes a block and attaches it when an agent is named.',
    input: new_block.extend({ agent_id: id('agent').optional() }),
    output: block,
    errors: ['not_found', 'conflict', 'limit_exceeded'],
  }),
  'blocks.update': method({
    summary: 'Edits a block. An edit against an old version merges, or fails with the current text.',
    input: block_ref.extend({
      /** The version the editor had read. Left out: the newest (the V1 API's behaviour). */
      base_version: version.optional(),
      value: z.string().optional(),
      label: z.string().trim().min(1).max(100).optional(),
      description: z.string().nullable().optional(),
      limit: z.number().int().min(1).optional(),
      read_only: z.boolean().optional(),
      review: z.boolean().optional(),
      tags: z.array(z.string()).optional(),
      metadata: json_object.optional(),
      reason: z.string().max(1000).optional(),
    }),
    output: block,
    errors: ['not_found', 'conflict', 'limit_exceeded'],
  }),
  'blocks.attach': method({
    summary: 'Attaches a block to one more agent.',
    input: block_ref.extend({ agent_id: id('agent') }),
    output: block,
    errors: ['not_found', 'conflict'],
  }),
  'blocks.detach': method({
    summary: 'Takes a block out of an agent; the block itself stays.',
    input: block_ref.extend({ agent_id: id('agent') }),
    output: nothing,
    errors: ['not_found'],
  }),
  'blocks.delete': method({
    summary: 'Moves a block to the trash, for every agent it is attached to.',
    input: block_ref,
    output: nothing,
    errors: ['not_found'],
  }),
  'blocks.history': method({
    summary: 'Lists the versions of a block, newest first.',
    input: block_ref.extend({ limit: z.number().int().min(1).max(500).default(100) }),
    output: z.object({ changes: z.array(memory_change) }),
    errors: ['not_found'],
  }),
  'blocks.restore': method({
    summary: 'Brings back the value of an old version as a new version.',
    input: block_ref.extend({ version, base_version: version }),
    output: block,
    errors: ['not_found', 'conflict', 'limit_exceeded'],
  }),
  'changes.list': method({
    summary: 'Lists memory changes of an agent, newest first.',
    input: z.object({
      agent_id: id('agent').optional(),
      conversation_id: id('conv').optional(),
      limit: z.number().int().min(1).max(500).default(50),
    }),
    output: z.object({ changes: z.array(memory_change) }),
    errors: [],
  }),
  'changes.undo': method({
    summary: 'Takes one change back as a new version; merges with what came later, or is a conflict.',
    input: z.object({ change_id: id('change') }),
    output: z.object({ change: memory_change, block: block.nullable() }),
    errors: ['not_found', 'conflict'],
  }),
};

export type Actor = z.infer<typeof actor>;
export type Trust = z.infer<typeof trust>;
export type Block = z.infer<typeof block>;
export type MemoryChange = z.infer<typeof memory_change>;
