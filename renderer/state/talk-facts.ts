import type { Draft, Message, QueuedMessage, Run, ToolCall } from '../../shared/contract/conversations.ts';
import type { Summary } from '../../shared/contract/summaries.ts';
import type { WireError } from '../../shared/errors.ts';

/** A message on its way: shown at once, marked as sending until the backend has it on disk. */
export type Outgoing = {
  readonly otid: string;
  readonly role: 'user' | 'system';
  readonly text: string;
};

/** What one conversation holds, as far as it was read. */
export type TalkFacts = {
  readonly conversation_id: string | null;
  readonly loaded: boolean;
  /** By `seq`, oldest first, without holes. */
  readonly messages: readonly Message[];
  /** By tool call id. */
  readonly tool_calls: Readonly<Record<string, ToolCall>>;
  /** Older messages are still on disk. */
  readonly has_more: boolean;
  readonly loading_older: boolean;
  /** Running or last run. */
  readonly run: Run | null;
  /** Runs that failed, were interrupted or stopped, by id: each is told under its message for as long as it stands. */
  readonly troubled: Readonly<Record<string, Run>>;
  readonly draft: Draft | null;
  readonly queue: readonly QueuedMessage[];
  readonly outgoing: readonly Outgoing[];
  /** Why the run waits, until it goes on. `since` in ms. */
  readonly waiting: { readonly reason: string; readonly wait_ms: number; readonly since: number } | null;
  /** Who asked for the compaction that is under way: a run that needs room, or a person. */
  readonly compacting: 'run' | 'person' | null;
  /** What stands for messages that left the window, the newest first. */
  readonly summaries: readonly Summary[];
  /** How long the thinking of a message took, in ms, where this window saw it. */
  readonly thinking: Readonly<Record<string, { readonly from: number; readonly to: number }>>;
  /** Why the last message was not sent. */
  readonly send_error: WireError | null;
};
