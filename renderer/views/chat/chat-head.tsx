import { PanelLeft, PanelRight } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useAgent, useAgents, usePreferences } from '../../state/stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Segments } from '../../ui/segments.tsx';
import { BranchMenu } from '../branches/branch-menu.tsx';
import { ConnectButton } from '../connect/connect-button.tsx';
import { routeHref } from '../frame/route.ts';
import { ModelChip } from './model-chip.tsx';

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
