import { Download, Ellipsis, Plus, Search, Settings, Trash2 } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { createAgent, openAgent } from '../../state/navigation.ts';
import { deleteAgent } from '../../state/removal.ts';
import { useAgents, useStores } from '../../state/stores.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Time } from '../../ui/time.tsx';
import { routeHref } from '../frame/route.ts';
import { LongList } from './long-list.tsx';

/** Props of {@link AgentList}. */
export type AgentListProps = { readonly onChosen: () => void; readonly onExport: () => void };

/** Pixels of a row before it is measured. */
const ROW_HEIGHT = 52;

/** The agents, the one used last first, with a search field on demand. */
export function AgentList({ onChosen, onExport }: AgentListProps): JSX.Element {
  const stores = useStores();
  const agents = useAgents((state) => state.agents);
  const selected = useAgents((state) => state.selected_id);
  const [query, setQuery] = useState<string | null>(null);
  const shown = agents.filter((agent) => matches(agent, query ?? ''));
  return (
    <>
      <div className="sect high">
        <span className="grow">{t('agents.title')}</span>
        <IconButton
          icon={Search}
          iconSize={14}
          label={t('agents.search')}
          aria-expanded={query !== null}
          onClick={() => setQuery(query === null ? '' : null)}
        />
        <IconButton
          icon={Plus}
          label={t('agents.new')}
          onClick={() => attempt(stores, () => createAgent(stores))}
        />
      </div>
      {query !== null && (
        <div className="px-2 pb-2">
          <input
            className="field w-full"
            type="search"
            aria-label={t('agents.search')}
            autoFocus
            value={query}
            onChange={(event) => setQuery(event.target.value)}
            onKeyDown={(event) => event.key === 'Escape' && setQuery(null)}
          />
        </div>
      )}
      <LongList
        className="list agents"
        label={t('agents.title')}
        rows={shown}
        guess={() => ROW_HEIGHT}
        selected_id={selected}
        draw={(agent, reachable) => (
          <AgentRow agent={agent} reachable={reachable} onChosen={onChosen} onExport={onExport} />
        )}
      />
      {shown.length === 0 && query !== null && <p className="px-4 py-2 t12 t3">{t('agents.noMatch')}</p>}
    </>
  );
}

type AgentRowProps = AgentListProps & { readonly agent: Agent; readonly reachable: boolean };

function AgentRow({ agent, reachable, onChosen, onExport }: AgentRowProps): JSX.Element {
  const stores = useStores();
  const selected = useAgents((state) => state.selected_id === agent.id);
  const tabIndex = reachable ? 0 : -1;
  const choose = (then: () => void): void => attempt(stores, () => openAgent(stores, agent.id).then(then));
  return (
    <div className="held">
      <button
        type="button"
        className={`item two ${selected ? 'sel' : ''}`}
        aria-description={secondLine(agent)}
        aria-current={selected ? 'true' : undefined}
        title={agent.name}
        tabIndex={tabIndex}
        onClick={() => choose(onChosen)}
      >
        <Avatar name={agent.name} kind="agent" on={selected} />
        <span className="grow">
          <span className="row">
            <span className="cut em grow" dir="auto">
              {agent.name}
            </span>
            {agent.last_run_at !== null && (
              <span aria-hidden="true">
                <Time at={agent.last_run_at} short className="stamp" />
              </span>
            )}
          </span>
          <span className="cut sub block" dir="auto" aria-hidden="true">
            {secondLine(agent)}
          </span>
        </span>
      </button>
      <Menu
        trigger={
          <IconButton
            icon={Ellipsis}
            iconSize={14}
            label={t('more', { name: agent.name })}
            className="held-more"
            tabIndex={tabIndex}
          />
        }
        items={[
          {
            label: t('agents.rename'),
            icon: Settings,
            onSelect: () => choose(() => location.assign(routeHref('settings'))),
          },
          { label: t('agents.export'), icon: Download, onSelect: () => choose(onExport) },
          {
            label: t('agents.delete'),
            icon: Trash2,
            danger: true,
            onSelect: () => attempt(stores, () => deleteAgent(stores, agent)),
          },
        ]}
      />
    </div>
  );
}

function matches(agent: Agent, query: string): boolean {
  const words = query.trim().toLocaleLowerCase();
  return [agent.name, ...agent.tags].some((text) => text.toLocaleLowerCase().includes(words));
}

function secondLine(agent: Agent): string {
  if (agent.description !== null && agent.description !== '') return agent.description;
  const { badge, answering_with } = agent.model_status;
  if (badge === 'provider_missing') return t('agents.providerMissing', { model: agent.model });
  return badge === 'offline_demo' ? t('agents.offline') : answering_with;
}
