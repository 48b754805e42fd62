import { NotebookText } from 'lucide-react';
import { useState, type JSX } from 'react';
import type { Message } from '../../../shared/contract/conversations.ts';
import type { Summary } from '../../../shared/contract/summaries.ts';
import { toWire, type WireError } from '../../../shared/errors.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { useAgent, useStores, useTalk } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { Time } from '../../ui/time.tsx';
import { CopyWords } from './copy-words.tsx';
import { DetailHead } from './detail-head.tsx';
import { rangeOf, writtenBy } from './summary-words.ts';
import type { TalkPlaceName } from './use-context-page.ts';

/** Props of {@link SummaryDetail}. */
export type SummaryDetailProps = {
  readonly place: TalkPlaceName;
  readonly summary_id: string;
  readonly onClose: () => void;
};

/** A summary with how it came about, the messages it stands for, and the way to put them back. */
export function SummaryDetail({ place, summary_id, onClose }: SummaryDetailProps): JSX.Element {
  const summary = useTalk((state) => state.summaries.find(({ id }) => id === summary_id));
  if (summary === undefined) {
    return <p className="t12 t3 grow ctx-none">{t('context.summary.gone')}</p>;
  }
  return (
    <>
      <DetailHead title={t('context.part.summary')} about={rangeOf(summary)} onClose={onClose}>
        <CopyWords text={summary.text} label={t('context.copyNamed', { part: t('context.part.summary') })} />
      </DetailHead>
      <div className="scroll ctx-summary" tabIndex={0} role="group" aria-label={rangeOf(summary)}>
        <p className="t12 t2">
          {writtenBy(summary)}, <Time at={summary.created_at} />.{' '}
          <span className="num">
            {t('context.summary.effect', {
              before: formatNumber(summary.stats.tokens_before),
              after: formatNumber(summary.stats.tokens_after),
            })}
          </span>
        </p>
        {summary.stats.fallback !== null && (
          <p className="t12 warn wrap">{t('context.summary.fallback', { reason: summary.stats.fallback })}</p>
        )}
        <div className="ctx-words wrap" dir="auto">
          {summary.text}
        </div>
        <Covered summary={summary} />
      </div>
      <PutBack key={String(summary.in_window)} place={place} summary={summary} />
    </>
  );
}

type Pages = { readonly messages: readonly Message[]; readonly has_more: boolean };

/** The messages a summary stands for, the newest page first read; earlier ones on demand. */
function Covered({ summary }: { readonly summary: Summary }): JSX.Element {
  const { client } = useStores();
  const name = useAgent()?.name ?? '';
  const [open, setOpen] = useState(false);
  const [pages, setPages] = useState<Pages | null>(null);
  const [failure, setFailure] = useState<WireError | null>(null);
  const { id: summary_id } = summary;
  const read = async (before: readonly Message[]): Promise<void> => {
    const before_seq = before[0]?.seq;
    const at = before_seq === undefined ? {} : { before_seq };
    try {
      const page = await client.call('summaries.messages', { summary_id, ...at });
      setPages({ messages: [...page.messages, ...before], has_more: page.has_more });
      setFailure(null);
    } catch (error) {
      setFailure(toWire(error));
    }
  };
  const toggle = (): void => {
    setOpen(!open);
    if (pages === null) void read([]);
  };
  const count = summary.covers_to_seq - summary.covers_from_seq + 1;
  return (
    <>
      <Button size="s" aria-expanded={open} onClick={toggle}>
        {t(open ? 'context.summary.hide' : 'context.summary.read', { count })}
      </Button>
      {open && failure !== null && (
        <p className="t12 danger" role="alert">
          {failure.message}
        </p>
      )}
      {open && pages === null && failure === null && <Skeleton lines={4} />}
      {open && pages !== null && (
        <>
          {pages.has_more && (
            <Button size="s" kind="ghost" onClick={() => void read(pages.messages)}>
              {t('context.summary.earlier')}
            </Button>
          )}
          <ol className="ctx-covered" aria-label={rangeOf(summary)}>
            {pages.messages.map((message) => (
              <CoveredMessage key={message.id} message={message} name={name} />
            ))}
          </ol>
        </>
      )}
    </>
  );
}

type CoveredMessageProps = { readonly message: Message; readonly name: string };

function CoveredMessage({ message, name }: CoveredMessageProps): JSX.Element {
  const { role, text, tool_calls, created_at } = message;
  const who =
    role === 'assistant'
      ? name
      : role === 'tool'
        ? t('context.piece.result', { tool: message.name ?? t('context.piece.unknown'), at: '' }).trim()
        : t(role === 'user' ? 'chat.you' : 'chat.system');
  const calls = tool_calls.map((call) => call.name).filter((call) => call !== 'send_message');
  return (
    <li>
      <p className="row t11 t3">
        <span className="em cut">{who}</span>
        <Time at={created_at} short className="num" />
      </p>
      {text !== '' && (
        <p className="wrap whitespace-pre-wrap" dir="auto">
          {text}
        </p>
      )}
      {calls.length > 0 && <p className="mono t12 t2 wrap">{calls.join(', ')}</p>}
    </li>
  );
}

type PutBackProps = { readonly place: TalkPlaceName; readonly summary: Summary };

function PutBack({ place, summary }: PutBackProps): JSX.Element {
  const { client } = useStores();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ readonly tone: 'danger' | 't2'; readonly words: string } | null>(null);
  const { conversation_id } = place;
  const putBack = async (): Promise<void> => {
    setBusy(true);
    setSaid(null);
    try {
      await client.call('summaries.expand', { summary_id: summary.id, conversation_id });
    } catch (error) {
      setSaid({ tone: 'danger', words: toWire(error).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <div className="foot t12 t2">
      <Icon icon={NotebookText} size={14} />
      <span className={`grow wrap ${said?.tone ?? ''}`} role={said === null ? undefined : 'alert'}>
        {said?.words ?? t(summary.in_window ? 'context.summary.isSeen' : 'context.summary.notSeen')}
      </span>
      {summary.in_window && (
        <Button size="s" disabled={busy} onClick={() => void putBack()}>
          {t('context.summary.putBack')}
        </Button>
      )}
    </div>
  );
}
