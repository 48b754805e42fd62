import { ShieldCheck } from 'lucide-react';
import type { JSX } from 'react';
import { relativeTime } from '../../messages/time.ts';
import { useNow } from '../../ui/use-now.ts';
import { t } from '../../messages/t.ts';
import { useConnection } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { AgentList } from './agent-list.tsx';
import { ConversationList } from './conversation-list.tsx';

/** Props of {@link AgentsColumn}: `drawer` opens it over the page in narrow windows; `onChosen` may close it. */
export type AgentsColumnProps = {
  readonly drawer: boolean;
  readonly onChosen: () => void;
  readonly onExport: () => void;
};

/** The start column: agents above the conversations of the chosen one. */
export function AgentsColumn({ drawer, onChosen, onExport }: AgentsColumnProps): JSX.Element {
  const now = useNow();
  const backup = useConnection((state) => state.info?.last_backup ?? null);
  return (
    <aside className="side l" aria-label={t('agents.column')} data-drawer={drawer ? 'open' : undefined}>
      <AgentList onChosen={onChosen} onExport={onExport} />
      <ConversationList onChosen={onChosen} />
      {backup !== null && (
        <div className="foot t12 t3 short" title={backup.path}>
          <Icon icon={ShieldCheck} size={14} />
          <span className="cut">{t('top.backup', { when: relativeTime(backup.at, now) })}</span>
        </div>
      )}
    </aside>
  );
}
