import { z } from 'zod';
import { block } from './blocks.ts';
import { stop_reason } from './conversations.ts';
import { id, method } from './method.ts';

/** What of an agent lies outside its configuration. */
export const agent_state = z.object({
  agent_id: id('agent'),
  /** In prompt order. */
  blocks: z.array(block),
  /** Messages in the window of the default conversation, oldest first. */
  message_ids: z.array(id('message')),
  /** How the last run of the default conversation ended; `null` before the first and while one is at work. */
  stop_reason: stop_reason.nullable(),
});

/** The methods for agents together with their memory. */
export const agent_state_methods = {
  'agents.states': method({
    summary: 'Reads blocks, window and last stop of several agents at once, in the order asked for.',
    input: z.object({ agent_ids: z.array(id('agent')).max(10_000) }),
    /** Agents that are not here are left out. */
    output: z.object({ states: z.array(agent_state) }),
    errors: [],
  }),
  'agents.write_blocks': method({
    summary: 'Gives several blocks of an agent new texts by their labels, all of them or none.',
    input: z.object({ agent_id: id('agent'), values: z.record(z.string(), z.string()) }),
    output: z.object({ blocks: z.array(block) }),
    errors: ['not_found', 'limit_exceeded'],
  }),
};

export type AgentState = z.infer<typeof agent_state>;
