import type { Actor, MemoryChange, Trust } from '../../shared/contract/blocks.ts';

/** Why memory changes: recorded with every version, from the first, since it can't be found out later. */
export type Cause = {
  readonly actor: Actor;
  readonly trust: Trust;
  readonly agent_id: string | null;
  readonly run_id: string | null;
  readonly step_id: string | null;
  /** Id the model gave the call. */
  readonly tool_call_id: string | null;
  /** The message that caused it. */
  readonly message_id: string | null;
  readonly conversation_id: string | null;
  /** In the words of whoever made the change. */
  readonly reason: string | null;
};

/** The cause of an edit made by hand or through the API, outside any run. */
export function directCause(
  actor: Actor,
  agent_id: string | null = null,
  reason: string | null = null,
): Cause {
  return {
    actor,
    trust: 'direct_user',
    agent_id,
    run_id: null,
    step_id: null,
    tool_call_id: null,
    message_id: null,
    conversation_id: null,
    reason,
  };
}

/** The kinds of edit a version records. */
export type Operation = MemoryChange['operation'];
