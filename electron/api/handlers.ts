import { agentHandlers } from './agents.ts';
import { archiveHandlers } from './archive.ts';
import { blockHandlers } from './blocks.ts';
import { conversationHandlers } from './conversations.ts';
import type { ApiDeps, SystemFacts } from './deps.ts';
import type { Handlers } from './dispatch.ts';
import { systemHandlers } from './system.ts';
import { transferHandlers } from './transfer.ts';

/** Every method of the contract. */
export function createHandlers(deps: ApiDeps, facts: SystemFacts): Handlers {
  return {
    ...agentHandlers(deps),
    ...blockHandlers(deps),
    ...conversationHandlers(deps),
    ...archiveHandlers(deps),
    ...transferHandlers(deps),
    ...systemHandlers(deps, facts),
  };
}
