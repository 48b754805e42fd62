import { ChevronDown, Plus } from 'lucide-react';
import type { JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { openAgent } from '../../state/navigation.ts';
import { useAgents, useStores } from '../../state/stores.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { SearchBar } from './search-bar.tsx';

/** Props of {@link ArchiveHead}. */
export type ArchiveHeadProps = {
  readonly agent: Agent;
  readonly onQuery: (query: string) => void;
  readonly onLeave: () => void;
  readonly onAdd: () => void;
};

/** The head of the page: whose archive, the search, and adding an entry. */
export function ArchiveHead({ agent, onQuery, onLeave, onAdd }: ArchiveHeadProps): JSX.Element {
  return (
    <div className="arc-bar">
      <AgentChoice agent={agent} />
      <SearchBar agent_name={agent.name} onQuery={onQuery} onLeave={onLeave} />
      <Button kind="prim" onClick={onAdd}>
        <Icon icon={Plus} size={14} />
        {t('archive.add')}
      </Button>
    </div>
  );
}

/** Chooses the agent for the whole window. */
function AgentChoice({ agent }: { readonly agent: Agent }): JSX.Element {
  const stores = useStores();
  const agents = useAgents((state) => state.agents);
  return (
    <Menu
      align="start"
      trigger={
        <Button size="l" className="who" title={t('archive.agent', { name: agent.name })}>
          <Avatar name={agent.name} kind="agent" on small />
          <span className="cut" dir="auto">
            {agent.name}
          </span>
          <Icon icon={ChevronDown} size={14} />
        </Button>
      }
      items={agents.map((each) => ({
        label: each.name,
        checked: each.id === agent.id,
        onSelect: () => attempt(stores, () => openAgent(stores, each.id)),
      }))}
    />
  );
}
