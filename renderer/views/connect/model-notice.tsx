import { WifiOff, X } from 'lucide-react';
import { useState, type JSX, type ReactNode } from 'react';
import type { LucideIcon } from 'lucide-react';
import { t, type MessageKey } from '../../messages/t.ts';
import { standingOf, type ModelStanding } from '../../state/providers-standing.ts';
import { useAgent, usePreferences, useProviders } from '../../state/stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import './connect.css';
import { standingBadge } from './model-words.ts';

/** Says over the talk when only the demo answers, or what is the matter with the model, and what helps. */
export function ModelNotice(): JSX.Element | null {
  const agent = useAgent();
  const providers = useProviders((state) => state.providers);
  const loaded = useProviders((state) => state.loaded);
  const open = useProviders((state) => state.openCard);
  const hidden = usePreferences((state) => state.demo_notice_hidden);
  const change = usePreferences((state) => state.change);
  const [dismissed, setDismissed] = useState('');
  if (agent === null || !loaded) return null;
  const standing = standingOf(agent, providers);
  if (standing.kind === 'demo') {
    if (!standing.alone || hidden) return null;
    return (
      <Notice
        icon={WifiOff}
        tone="plain"
        act={t('connect.banner.connect')}
        onAct={() => open()}
        onHide={() => change({ demo_notice_hidden: true })}
      >
        {t('connect.banner.demo')}
      </Notice>
    );
  }
  const badge = standingBadge(standing);
  if (badge === null || dismissed === badge.message) return null;
  return (
    <Notice
      icon={badge.icon}
      tone="warn"
      act={t(actOf(standing))}
      onAct={() => open('provider' in standing ? standing.provider : undefined)}
      onHide={() => setDismissed(badge.message)}
    >
      {badge.message}
    </Notice>
  );
}

function actOf({ kind }: ModelStanding): MessageKey {
  if (kind === 'locked') return 'connect.banner.unlock';
  return kind === 'missing' || kind === 'key' ? 'connect.banner.provider' : 'connect.banner.choose';
}

type NoticeProps = {
  readonly icon: LucideIcon;
  readonly tone: 'plain' | 'warn';
  readonly act: string;
  readonly onAct: () => void;
  readonly onHide: () => void;
  readonly children: ReactNode;
};

function Notice({ icon, tone, act, onAct, onHide, children }: NoticeProps): JSX.Element {
  return (
    <div className={`model-notice ${tone}`} role="note">
      <Icon icon={icon} size={14} />
      <p className="grow wrap">
        {children}{' '}
        <button type="button" className="link" onClick={onAct}>
          {act}
        </button>
      </p>
      <IconButton icon={X} iconSize={14} label={t('connect.banner.dismiss')} onClick={onHide} />
    </div>
  );
}
