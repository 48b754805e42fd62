import type { JSX } from 'react';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import { t } from '../../messages/t.ts';
import { useAgents } from '../../state/stores.ts';

/** The name of an agent; one that is in the trash is said to be gone. */
export function useAgentName(agent_id: string | null): string {
  const name = useAgents((state) => state.agents.find(({ id }) => id === agent_id)?.name);
  return name ?? t('activity.agentGone');
}

/** The names of agents, those in the trash left out. */
export function useAgentNames(agent_ids: readonly string[]): string {
  const agents = useAgents((state) => state.agents);
  return agents
    .filter(({ id }) => agent_ids.includes(id))
    .map(({ name }) => name)
    .join(', ');
}

/** Who made a change. */
export function useChanger({ actor, agent_id }: MemoryChange): string {
  const agent = useAgentName(agent_id);
  if (actor === 'agent') return agent;
  return actor === 'system' ? t('app') : t(`activity.author.${actor}`);
}

/** A name in the sentence of a row. */
export function Name({ words }: { readonly words: string }): JSX.Element {
  return <b dir="auto">{words}</b>;
}
