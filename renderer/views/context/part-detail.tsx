import { Pencil } from 'lucide-react';
import type { JSX } from 'react';
import type { ContextPart } from '../../../shared/contract/context.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores, useTalk } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { addressHref, routeHref } from '../frame/route.ts';
import { showBlocks } from '../state-pane/show-blocks.ts';
import { CopyWords } from './copy-words.tsx';
import { DetailHead } from './detail-head.tsx';
import { hasNewWords } from './exact-lines.ts';
import { ExactText } from './exact-text.tsx';
import type { ContextPaneProps, Shown } from './shown.ts';

/** Props of {@link PartDetail}. */
export type PartDetailProps = ContextPaneProps & {
  readonly part: ContextPart['kind'];
  readonly onClose: () => void;
};

/** A part of the window word for word, what is new in it, and where it is changed. */
export function PartDetail(props: PartDetailProps): JSX.Element {
  const { part, overview, comparison, onClose } = props;
  const text = overview.parts.find((each) => each.kind === part)?.text ?? '';
  const before = comparison?.before ?? null;
  const title = t(`context.part.${part}`);
  const is_new = hasNewWords(text, before);
  return (
    <>
      <DetailHead title={title} about={t(is_new ? 'context.exactNew' : 'context.exact')} onClose={onClose}>
        {text !== '' && <CopyWords text={text} label={t('context.copyNamed', { part: title })} />}
      </DetailHead>
      {text === '' ? (
        <p className="t12 t3 grow ctx-none">{t('context.empty')}</p>
      ) : (
        <ExactText text={text} before={before} label={title} />
      )}
      <PartFoot {...props} />
    </>
  );
}

function PartFoot({ agent, part, onShow }: PartDetailProps): JSX.Element {
  const stores = useStores();
  const summary = useTalk((state) => state.summaries.find((each) => each.in_window));
  const to = (item_id: string): string => addressHref({ page: 'settings', agent_id: agent.id, item_id });
  const open = (shown: Shown): void => onShow(shown);
  return (
    <div className="foot t12 t2">
      <Icon icon={Pencil} size={14} />
      <span className="grow">{t(`context.change.${part}`)}</span>
      {part === 'memory' && (
        <a
          className="btn s"
          href={routeHref('chat')}
          onClick={(event) => {
            event.preventDefault();
            attempt(stores, () => showBlocks(stores));
          }}
        >
          {t('context.open.memory')}
        </a>
      )}
      {(part === 'system' || part === 'tools') && (
        <a className="btn s" href={to(part)}>
          {t('context.open.settings')}
        </a>
      )}
      {part === 'messages' && (
        <a className="btn s" href={routeHref('chat')}>
          {t('context.open.talk')}
        </a>
      )}
      {part === 'summary' && summary !== undefined && (
        <button
          type="button"
          className="btn s"
          onClick={() => open({ kind: 'summary', summary_id: summary.id })}
        >
          {t('context.open.summary')}
        </button>
      )}
    </div>
  );
}
