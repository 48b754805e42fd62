import { ChevronRight, Download, Upload } from 'lucide-react';
import type { JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { t } from '../../messages/t.ts';
import { standingOf } from '../../state/providers-standing.ts';
import { useAgent, useConnection, useConversations, useProviders } from '../../state/stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { ConnectIcon } from '../connect/connect-button.tsx';
import { answeringWords, standingBadge } from '../connect/model-words.ts';
import { Logo } from './logo.tsx';
import { useRoute } from './route.ts';

/** Props of {@link TopBar}. */
export type TopBarProps = { readonly onImport: () => void; readonly onExport: () => void };

/** The head of the window: where one is, import and export, and which model answers. */
export function TopBar({ onImport, onExport }: TopBarProps): JSX.Element {
  const agent = useAgent();
  return (
    <header className="top">
      <div className="row" style={{ gap: 0 }}>
        <Logo />
        <Crumb />
      </div>
      <span />
      <div className="row">
        <IconButton icon={Download} label={t('top.import')} onClick={onImport} />
        <IconButton icon={Upload} label={t('top.export')} onClick={onExport} disabled={agent === null} />
        <ConnectIcon />
        <ModelStatus />
      </div>
    </header>
  );
}

function Crumb(): JSX.Element {
  const agent = useAgent();
  const route = useRoute();
  const conversation = useConversations((state) =>
    state.conversations.find((each) => each.id === state.selected_id),
  );
  // What happened, and what waits, is told of all agents.
  const ofAll = route === 'activity' || route === 'review';
  if (agent === null || ofAll) {
    return (
      <div className="crumb cut">
        <b className="cut">{t(ofAll ? `nav.${route}` : 'app')}</b>
      </div>
    );
  }
  const talk =
    conversation?.title === '' || conversation === undefined
      ? t('conversations.untitled')
      : conversation.title;
  const title = route === 'chat' ? talk : t(`nav.${route}`);
  return (
    <div className="crumb">
      <span className="cut hide-s" dir="auto" title={agent.name}>
        {agent.name}
      </span>
      <Icon icon={ChevronRight} size={12} className="hide-s" />
      <b className="cut" dir="auto" title={title}>
        {title}
      </b>
    </div>
  );
}

function ModelStatus(): JSX.Element {
  const agent = useAgent();
  const silent = useConnection((state) => state.kind === 'silent');
  if (silent || agent === null) {
    return (
      <span className="status hide-s" role="status" aria-label={t('top.model')}>
        <span className="dot off" />
        <span className="cut">{t(silent ? 'top.reconnecting' : 'top.offline')}</span>
      </span>
    );
  }
  return <AnsweringModel agent={agent} />;
}

function AnsweringModel({ agent }: { readonly agent: Agent }): JSX.Element {
  const standing = standingOf(
    agent,
    useProviders((state) => state.providers),
  );
  const badge = standingBadge(standing);
  return (
    <span
      className="status hide-s"
      role="status"
      aria-label={t('top.model')}
      title={badge?.message ?? agent.model_status.message ?? undefined}
    >
      <span className={standing.kind === 'well' ? 'dot ready' : 'dot off'} />
      <span className="cut" dir="auto" title={answeringWords(agent)}>
        {answeringWords(agent)}
      </span>
      {badge !== null && (
        <span className="row g1 warn">
          <Icon icon={badge.icon} size={12} />
          {badge.words}
        </span>
      )}
    </span>
  );
}
