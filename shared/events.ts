import type { Agent } from './contract/agents.ts';
import type { Approval, Proposal } from './contract/approvals.ts';
import type { Passage } from './contract/archive.ts';
import type { Block, MemoryChange } from './contract/blocks.ts';
import type { CompactionEffect } from './contract/context.ts';
import type { Conversation, Message, QueuedMessage, Run, ToolCall } from './contract/conversations.ts';
import type { Summary } from './contract/summaries.ts';

/** What a run emits and what changes in the store. Events with an entity carry it whole, as committed. */
export type MemoirEvent =
  | { readonly type: 'run.started'; readonly run: Run }
  | { readonly type: 'run.finished'; readonly run: Run }
  /** The run waits for a person or a client: see `approvals.list`. `run.started` comes again when it goes on. */
  | { readonly type: 'run.paused'; readonly run: Run }
  /** A call waits for a decision, or was decided. */
  | { readonly type: 'approval.changed'; readonly approval: Approval }
  /** An agent proposed an edit of memory, or one was decided. */
  | { readonly type: 'proposal.changed'; readonly proposal: Proposal }
  /** The provider asked for patience; the run waits and tries again. */
  | {
      readonly type: 'run.waiting';
      readonly run_id: string;
      readonly conversation_id: string;
      readonly wait_ms: number;
      readonly reason: string;
    }
  /** The window is being made smaller before the run goes on; `window.changed` tells of the end. */
  | {
      readonly type: 'run.compacting';
      readonly run_id: string;
      readonly conversation_id: string;
      readonly trigger: 'window_full' | 'provider_overflow';
      /** Tokens of the window it is made for. */
      readonly window: number;
      /** What is about to leave. */
      readonly effect: CompactionEffect;
    }
  /** A person asked for a compaction, which now is under way; with `effect: null` it is over, whatever came of it. */
  | {
      readonly type: 'conversation.compacting';
      readonly agent_id: string;
      readonly conversation_id: string;
      readonly effect: CompactionEffect | null;
    }
  /** What the model sees of a talk changed by a compaction, or because history was put back. */
  | {
      readonly type: 'window.changed';
      readonly agent_id: string;
      readonly conversation_id: string;
      /** The summary that now stands for what left; `null` when none was made. */
      readonly summary: Summary | null;
    }
  /** A committed message. It replaces the draft of the same id. */
  | { readonly type: 'message.added'; readonly message: Message }
  | {
      readonly type: 'message.delta';
      readonly run_id: string;
      readonly conversation_id: string;
      readonly message_id: string;
      readonly step_id: string;
      readonly part: 'text' | 'reasoning';
      readonly delta: string;
    }
  /** A tool call came, runs or ended: see its `state`. */
  | { readonly type: 'tool.changed'; readonly conversation_id: string; readonly tool_call: ToolCall }
  | {
      readonly type: 'queue.changed';
      readonly conversation_id: string;
      readonly queue: readonly QueuedMessage[];
    }
  | { readonly type: 'memory.changed'; readonly change: MemoryChange }
  | { readonly type: 'block.changed'; readonly block: Block }
  | { readonly type: 'block.deleted'; readonly block_id: string }
  | { readonly type: 'passage.changed'; readonly passage: Passage; readonly agent_ids: readonly string[] }
  | { readonly type: 'passage.deleted'; readonly passage_id: string; readonly agent_ids: readonly string[] }
  | { readonly type: 'agent.changed'; readonly agent: Agent }
  | { readonly type: 'agent.deleted'; readonly agent_id: string }
  | { readonly type: 'conversation.changed'; readonly conversation: Conversation }
  | { readonly type: 'conversation.deleted'; readonly conversation_id: string; readonly agent_id: string }
  /** The Doctor is at work: how many of the messages it looks through are done. */
  | { readonly type: 'doctor.progress'; readonly done: number; readonly of: number }
  /** The Doctor mended the store: read everything again. */
  | { readonly type: 'store.repaired' }
  /** Providers, their models or what is known of them changed: read `models.list` and `providers.list` again. */
  | { readonly type: 'models.changed' };

/** An event on the stream. `seq` grows by one within a `boot_id`; a gap or a new `boot_id` means: read again. */
export type EventEnvelope = {
  readonly boot_id: string;
  readonly seq: number;
  readonly event: MemoirEvent;
};
