import { Layers } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { t } from '../../messages/t.ts';
import { useAgent, useAgents, useConversations } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { CompactDialog } from './compact-dialog.tsx';
import { ContextBar } from './context-bar.tsx';
import { ContextHead } from './context-head.tsx';
import './context.css';
import { DetailPane } from './detail-pane.tsx';
import { ModelDialog } from './model-dialog.tsx';
import { PartsPane } from './parts-pane.tsx';
import type { Shown } from './shown.ts';
import { useCompaction } from './use-compaction.ts';
import { useContextFacts } from './use-context-page.ts';

/** What fills the context window of the open conversation, part by part, and what the next compaction does to it. */
export function ContextPage(): JSX.Element {
  const agent = useAgent();
  const loaded = useAgents((state) => state.loaded);
  const conversation_id = useConversations((state) =>
    state.agent_id === agent?.id && state.loaded ? state.selected_id : null,
  );
  const none = useConversations((state) => state.loaded && state.conversations.length === 0);
  return (
    <main className="page">
      {agent !== null && conversation_id !== null ? (
        <ContextOf key={conversation_id} agent={agent} conversation_id={conversation_id} />
      ) : loaded && (agent === null || none) ? (
        <Empty icon={Layers} fact={t('context.none')} why={t('context.none.why')} />
      ) : (
        <Skeleton lines={6} />
      )}
    </main>
  );
}

type ContextOfProps = { readonly agent: Agent; readonly conversation_id: string };

/** Which dialog of the page is open. */
type Open = 'compact' | 'model' | null;

function ContextOf({ agent, conversation_id }: ContextOfProps): JSX.Element {
  const place = { agent_id: agent.id, conversation_id };
  const [shown, setShown] = useState<Shown>({ kind: 'part', part: 'memory' });
  // In a narrow window what is chosen lies over the page until it is closed.
  const [over, setOver] = useState(false);
  const [open, setOpen] = useState<Open>(null);
  const facts = useContextFacts(place, shown.kind === 'part' ? shown.part : null);
  const compaction = useCompaction(place, open === 'compact');
  const { overview, comparison, failure } = facts;
  const show = (chosen: Shown): void => {
    setShown(chosen);
    setOver(true);
  };
  const close = (next: boolean): void => {
    if (!next) setOpen(null);
  };
  return (
    <>
      <ContextHead
        agent={agent}
        place={place}
        compaction={compaction}
        onCompact={() => {
          compaction.clear();
          setOpen('compact');
        }}
        onModel={() => setOpen('model')}
        onRequest={() => show({ kind: 'request' })}
      />
      {failure !== null && overview === null ? (
        <Empty
          icon={Layers}
          fact={t('context.failed')}
          why={failure.message}
          action={<Button onClick={facts.again}>{t('context.again')}</Button>}
        />
      ) : overview === null ? (
        <Skeleton lines={6} />
      ) : (
        <>
          <ContextBar agent={agent} overview={overview} comparison={comparison} failure={failure} />
          <div className="ctx-two">
            <PartsPane {...{ agent, place, overview, comparison, shown }} onShow={show} />
            <aside className="ctx-detail" data-open={over} aria-label={t('context.detail')}>
              <DetailPane
                {...{ agent, place, overview, comparison, shown }}
                onShow={show}
                onClose={() => setOver(false)}
              />
            </aside>
          </div>
        </>
      )}
      <CompactDialog
        {...{ agent, place, compaction }}
        open={open === 'compact'}
        onOpenChange={close}
        onRead={(summary_id) => {
          setOpen(null);
          show({ kind: 'summary', summary_id });
        }}
      />
      <ModelDialog agent={agent} open={open === 'model'} onOpenChange={close} />
    </>
  );
}
