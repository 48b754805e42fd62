import { ChevronDown, PanelLeft, PanelRight, Plug, WifiOff } from 'lucide-react';
import type { JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import type { ModelInfo } from '../../../shared/contract/system.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { standingOf } from '../../state/providers-standing.ts';
import {
  useAgent,
  useAgents,
  useConnection,
  usePreferences,
  useProviders,
  useStores,
} from '../../state/stores.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Menu } from '../../ui/menu.tsx';
import { Segments } from '../../ui/segments.tsx';
import { BranchMenu } from '../branches/branch-menu.tsx';
import { ConnectButton } from '../connect/connect-button.tsx';
import { standingBadge } from '../connect/model-words.ts';
import { routeHref } from '../frame/route.ts';

/** Props of {@link ChatHead}: `views` shows the choice of view. */
export type ChatHeadProps = { readonly onToggle: (side: 'left' | 'right') => void; readonly views: boolean };

/** Head of the talk: the agent, its model, how full its window is, and the view. */
export function ChatHead({ onToggle, views }: ChatHeadProps): JSX.Element {
  const agent = useAgent();
  const left = usePreferences((state) => state.left_open);
  const right = usePreferences((state) => state.right_open);
  const view = usePreferences((state) => state.view);
  const change = usePreferences((state) => state.change);
  return (
    <div className="head">
      <IconButton
        icon={PanelLeft}
        label={t('chat.showLeft')}
        className={left ? 'only-narrow' : ''}
        onClick={() => onToggle('left')}
      />
      <h1 className="cut" dir="auto" title={agent?.name}>
        {agent?.name}
      </h1>
      {agent !== null && <ModelChip agent={agent} />}
      <ContextRing />
      <span className="grow" />
      <ConnectButton />
      <BranchMenu />
      {views && (
        <Segments
          label={t('chat.view')}
          value={view}
          onChange={(chosen) => change({ view: chosen })}
          options={[
            { value: 'chat', label: t('chat.view.chat') },
            { value: 'steps', label: t('chat.view.steps') },
            { value: 'raw', label: t('chat.view.raw') },
          ]}
        />
      )}
      <IconButton
        icon={PanelRight}
        label={t('chat.showRight')}
        className={right ? 'only-narrow' : ''}
        onClick={() => onToggle('right')}
      />
    </div>
  );
}

/** Which model answers; drops a menu to choose another. A badge says when it is not the one the agent names. */
function ModelChip({ agent }: { readonly agent: Agent }): JSX.Element {
  const stores = useStores();
  const models = useConnection((state) => state.models);
  const status = agent.model_status;
  const providers = useProviders((state) => state.providers);
  const badge = standingBadge(standingOf(agent, providers));
  const name = agent.model.slice(agent.model.indexOf('/') + 1);
  const choose = (handle: string): void =>
    attempt(stores, () => stores.agents.getState().update({ agent_id: agent.id, model: handle }));
  return (
    <>
      <Menu
        align="start"
        trigger={
          <Button
            kind="ghost"
            size="s"
            className="chip"
            aria-label={t('chat.chooseModel', {
              model: status.badge === 'offline_demo' ? t('chat.offline') : name,
            })}
          >
            {status.badge === 'offline_demo' ? (
              <Badge tone="line" icon={WifiOff} title={status.message ?? undefined}>
                <span className="cut hide-m">{t('chat.offline')}</span>
                <span className="cut only-m">{t('chat.offlineShort')}</span>
              </Badge>
            ) : (
              <span className="cut" dir="auto" title={name}>
                {name}
              </span>
            )}
            <Icon icon={ChevronDown} size={12} />
          </Button>
        }
        items={[
          ...shortList(models, agent.model).map((model) => ({
            label: model.handle,
            checked: model.handle === agent.model,
            disabled: !model.available,
            ...hintOf(model),
            onSelect: () => choose(model.handle),
          })),
          { label: t('standing.all'), icon: Plug, onSelect: () => stores.providers.getState().openCard() },
        ]}
      />
      {badge !== null && (
        <Badge tone="warn" icon={badge.icon} title={badge.message}>
          <span className="cut only-wide">{badge.words}</span>
        </Badge>
      )}
    </>
  );
}

/** Models that a menu holds; the card has a search for more. */
const MOST_LINES = 20;

/** The first models, and the one in use wherever it stands. */
function shortList(models: readonly ModelInfo[], used: string): readonly ModelInfo[] {
  return models.filter(({ handle }, at) => at < MOST_LINES || handle === used);
}

function hintOf({ available, memory_tools }: ModelInfo): { readonly hint?: string } {
  if (!available) return { hint: t('chat.unavailable') };
  return memory_tools === null ? {} : { hint: t(`connect.tools.${memory_tools}`) };
}

const CIRCUMFERENCE = 2 * Math.PI * 6;

function ContextRing(): JSX.Element | null {
  const context = useAgents((state) => state.context);
  if (context === null || context.window === 0) return null;
  const share = Math.min(1, context.used / context.window);
  const percent = Math.round(share * 100);
  const tone = percent >= 90 ? 'danger' : percent >= 75 ? 'warn' : 'accent';
  return (
    <a
      className={`fullness num ${tone === 'accent' ? 't2' : tone}`}
      href={routeHref('context')}
      aria-label={t('chat.ring', { percent })}
      title={t('chat.ring', { percent })}
    >
      <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true">
        <circle cx="8" cy="8" r="6" fill="none" stroke="var(--line-2)" strokeWidth="2.5" />
        <circle
          cx="8"
          cy="8"
          r="6"
          fill="none"
          stroke={`var(--${tone})`}
          strokeWidth="2.5"
          strokeDasharray={`${share * CIRCUMFERENCE} ${CIRCUMFERENCE}`}
          transform="rotate(-90 8 8)"
        />
      </svg>
      <span className="hide-m" aria-hidden="true">
        {t('chat.percent', { percent })}
      </span>
    </a>
  );
}
