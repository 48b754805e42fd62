import { ChevronRight, Download, Upload } from 'lucide-react';
import type { JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { t } from '../../messages/t.ts';
import { useAgent, useConnection, useConversations } from '../../state/stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import { Icon } from '../../ui/icon.tsx';
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
  if (agent === null) {
    return (
      <div className="crumb cut">
        <b className="cut">{t('app')}</b>
      </div>
    );
  }
  const talk =
    conversation?.title === '' || conversation === undefined
      ? t('conversations.untitled')
      : conversation.title;
  const title = route === 'chat' ? talk : t(`nav.${route}`);
  return (
    <div className="crumb cut">
      <span className="hide-s">{agent.name}</span>
      <Icon icon={ChevronRight} size={12} className="hide-s" />
      <b className="cut" title={title}>
        {title}
      </b>
    </div>
  );
}

/** What answers in fact: the demo, or a model by its handle. */
function nameOfModel(status: Agent['model_status'] | undefined): string {
  const isDemo = status?.badge === 'offline_demo' || status?.badge === 'provider_missing';
  return status === undefined || isDemo ? t('top.offline') : status.answering_with;
}

function ModelStatus(): JSX.Element {
  const status = useAgent()?.model_status;
  const kind = useConnection((state) => state.kind);
  const silent = kind === 'silent';
  const well = status !== undefined && status.badge === null && !silent;
  const words = silent ? t('top.reconnecting') : nameOfModel(status);
  return (
    <span
      className="status hide-s"
      role="status"
      aria-label={t('top.model')}
      title={status?.message ?? undefined}
    >
      <span className={well ? 'dot ready' : 'dot off'} />
      <span className="cut">{words}</span>
    </span>
  );
}
