import { ArrowLeft, Braces, Copy, FoldVertical, Scale } from 'lucide-react';
import type { JSX } from 'react';
import type { Agent } from '../../../shared/contract/agents.ts';
import { t } from '../../messages/t.ts';
import { useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { addressHref } from '../frame/route.ts';
import { useCopy } from './copy-words.tsx';
import type { CompactionWork } from './use-compaction.ts';
import type { TalkPlaceName } from './use-context-page.ts';

/** Props of {@link ContextHead}. */
export type ContextHeadProps = {
  readonly agent: Agent;
  readonly place: TalkPlaceName;
  readonly compaction: CompactionWork;
  readonly onCompact: () => void;
  readonly onModel: () => void;
  readonly onRequest: () => void;
};

/** Head of the page: the way back, what is shown, and what can be done with it. */
export function ContextHead(props: ContextHeadProps): JSX.Element {
  const { agent, place, compaction, onCompact, onModel, onRequest } = props;
  const { client } = useStores();
  const { copied, copy } = useCopy(async () => (await client.call('agents.next_request', place)).body);
  const talk = addressHref({ page: 'chat', agent_id: place.agent_id, item_id: place.conversation_id });
  const model = agent.model_status.answering_with;
  return (
    <div className="head ctx-head">
      <a
        className="btn ghost s ico back"
        href={talk}
        aria-label={t('context.back')}
        title={t('context.back')}
      >
        <Icon icon={ArrowLeft} className="turn-around" />
      </a>
      <h1>{t('meter.name')}</h1>
      <span className="t3 cut hide-s" title={t('context.what', { model })}>
        {t('context.what', { model })}
      </span>
      <span className="grow" />
      <HeadAction icon={Scale} words={t('context.model')} onClick={onModel} />
      <HeadAction icon={Braces} words={t('context.request')} onClick={onRequest} />
      <HeadAction icon={Copy} words={t(copied ? 'context.copied' : 'context.copy')} onClick={copy} />
      <CompactAction compaction={compaction} onCompact={onCompact} />
      <span className="sr" role="status">
        {copied ? t('context.copied') : ''}
      </span>
    </div>
  );
}

type HeadActionProps = { readonly icon: typeof Copy; readonly words: string; readonly onClick: () => void };

/** A button that keeps its icon and its name where there is no room for its words. */
function HeadAction({ icon, words, onClick }: HeadActionProps): JSX.Element {
  return (
    <Button kind="ghost" aria-label={words} title={words} onClick={onClick}>
      <Icon icon={icon} size={14} />
      <span className="hide-m">{words}</span>
    </Button>
  );
}

type CompactActionProps = { readonly compaction: CompactionWork; readonly onCompact: () => void };

function CompactAction({ compaction, onCompact }: CompactActionProps): JSX.Element {
  const { busy, by_run, stop } = compaction;
  return (
    <>
      {busy && (
        <span className="row g1 t12 t2" role="status">
          <span className="live">{t('context.compacting')}</span>
          {!by_run && (
            <Button size="s" kind="ghost" aria-label={t('context.compact.stop')} onClick={stop}>
              {t('context.compact.stopShort')}
            </Button>
          )}
        </span>
      )}
      <Button onClick={onCompact} aria-haspopup="dialog">
        <Icon icon={FoldVertical} size={14} />
        {t('context.compact')}
      </Button>
    </>
  );
}
