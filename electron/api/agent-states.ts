import type { MethodName } from '../../shared/contract/index.ts';
import type { BlockEdit } from '../memory/block-versions.ts';
import { findBlockByLabel } from '../memory/block-rules.ts';
import { editBlock } from '../memory/blocks.ts';
import { eventsOfBlockEdit } from '../memory/events.ts';
import { listAgentStates } from '../store/agent-states.ts';
import { readAgent } from '../store/agents.ts';
import { type ApiDeps, editContext } from './deps.ts';
import type { Handlers } from './dispatch.ts';

type AgentStateMethod = Extract<MethodName, 'agents.states' | 'agents.write_blocks'>;

/** Agents together with their memory: many read at once, several blocks written at once. */
export function agentStateHandlers(deps: ApiDeps): Pick<Handlers, AgentStateMethod> {
  const { database, emit } = deps;
  return {
    'agents.states': async ({ agent_ids }) => ({ states: await listAgentStates(database.read, agent_ids) }),
    'agents.write_blocks': async ({ agent_id, values }, context) => {
      const edits = await database.transaction(async (tx) => {
        await readAgent(tx, agent_id);
        const made: BlockEdit[] = [];
        for (const [label, value] of Object.entries(values)) {
          const { id } = await findBlockByLabel(tx, agent_id, label);
          made.push(await editBlock(tx, { block_id: id, value }, editContext(deps, context, agent_id)));
        }
        return made;
      });
      for (const event of edits.flatMap(eventsOfBlockEdit)) emit(event);
      return { blocks: edits.map(({ block }) => block) };
    },
  };
}
