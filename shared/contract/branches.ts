import { z } from 'zod';
import { agent } from './agents.ts';
import { memory_change } from './blocks.ts';
import { conversation } from './conversations.ts';
import { id, method, timestamp } from './method.ts';

/** A memory edit that a talk caused, and whether it can be taken back now. */
export const effect = z.object({
  change: memory_change,
  /**
   * `revertible`: it can, along with those after it. `reverted`: it was already. `blocked`: what came later stands
   * against it, or what it changed may not be written; `problem` says why.
   */
  state: z.enum(['revertible', 'reverted', 'blocked']),
  problem: z.string().nullable(),
});

/** What became of a memory edit that was to be taken back. An edit is taken back whole or not at all. */
export const reverted_edit = z.object({
  change: memory_change,
  state: z.enum(['reverted', 'kept']),
  /** Why it was kept. */
  problem: z.string().nullable(),
});

/** A block or entry that was not then what it is now; `null` where it was not there. */
export const memory_difference = z.object({
  /** The block's label; empty for an entry of the archive. */
  label: z.string(),
  was: z.string().nullable(),
  is: z.string().nullable(),
});

/** Entries that differ which are told in full. */
export const TOLD_ENTRIES = 20;

/** A conversation in the trash. */
export const trashed_conversation = conversation.extend({ deleted_at: timestamp });

const conversation_ref = z.object({ conversation_id: id('conv') });

/** The methods of single conversations: branches and forks, and talk put aside. */
export const branch_methods = {
  'conversations.get': method({
    summary: 'Reads one conversation, and which messages the model sees of it.',
    input: conversation_ref,
    /** Messages in the window, oldest first. */
    output: z.object({ conversation, window_ids: z.array(id('message')) }),
    errors: ['not_found'],
  }),
  'conversations.branch': method({
    summary:
      'Says a message of a person anew in a branch, the same or with other words; the talk it leaves stays as it is.',
    input: conversation_ref.extend({
      /** A message of a person, in this talk. */
      message_id: id('message'),
      /** What is said instead; left out: the same again. */
      text: z.string().min(1).max(1_000_000).optional(),
      /** Made by the sender; the same one again answers with the branch that was made. */
      otid: z.string().min(1).max(100).optional(),
      /** Takes back what the turns left behind changed in memory, where nothing later stands against it. */
      revert_memory: z.boolean().default(false),
    }),
    output: z.object({ conversation, inbox_id: id('inbox'), reverted: z.array(reverted_edit) }),
    errors: ['not_found', 'invalid_input', 'conflict', 'busy', 'store_full'],
  }),
  'conversations.fork': method({
    summary:
      'Makes a new agent from a talk up to a message, with blocks and archive as they were then; nothing of the first changes.',
    input: conversation_ref.extend({
      /** The last message the new agent has; left out: the newest, with memory as it is now. */
      message_id: id('message').optional(),
      name: z.string().trim().min(1).max(200).optional(),
    }),
    output: z.object({ agent, conversation }),
    errors: ['not_found', 'store_full'],
  }),
  'conversations.fork_preview': method({
    summary:
      'Says what a fork would take along: how much talk, and in what its memory would differ from now.',
    input: conversation_ref.extend({ message_id: id('message').optional() }),
    output: z.object({
      /** When its last message was said; `null` for now. */
      as_of: timestamp.nullable(),
      message_count: z.number().int(),
      blocks: z.object({ count: z.number().int(), different: z.array(memory_difference) }),
      /** `different` holds the first of `different_count` entries. */
      archive: z.object({
        count: z.number().int(),
        different_count: z.number().int(),
        different: z.array(memory_difference).max(TOLD_ENTRIES),
      }),
    }),
    errors: ['not_found'],
  }),
  'conversations.update': method({
    summary: 'Renames a conversation, puts it aside or takes it back into the list.',
    input: conversation_ref.extend({
      title: z.string().trim().min(1).max(200).optional(),
      archived: z.boolean().optional(),
    }),
    output: conversation,
    errors: ['not_found'],
  }),
  'conversations.trash': method({
    summary: 'Lists the conversations of an agent that are in the trash, the last deleted first.',
    input: z.object({ agent_id: id('agent') }),
    output: z.object({ conversations: z.array(trashed_conversation) }),
    errors: ['not_found'],
  }),
  'conversations.restore': method({
    summary: 'Takes a conversation out of the trash.',
    input: conversation_ref,
    output: conversation,
    errors: ['not_found'],
  }),
  'messages.effects': method({
    summary:
      'Lists what a talk changed in memory from a message on, newest first, and what of it can be taken back.',
    input: conversation_ref.extend({ from_seq: z.number().int().min(1) }),
    output: z.object({ effects: z.array(effect) }),
    errors: ['not_found'],
  }),
};

export type Effect = z.infer<typeof effect>;
export type RevertedEdit = z.infer<typeof reverted_edit>;
export type TrashedConversation = z.infer<typeof trashed_conversation>;
export type MemoryDifference = z.infer<typeof memory_difference>;
