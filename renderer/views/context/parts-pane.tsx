import { FoldVertical, MessageSquare, NotebookText, StickyNote, Wrench } from 'lucide-react';
import type { JSX } from 'react';
import type { ContextOverview } from '../../../shared/contract/context.ts';
import { shortTime } from '../../messages/time.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { addressHref } from '../frame/route.ts';
import { leaveForMessage } from './go-to-message.ts';
import { PartsTable } from './parts-table.tsx';
import { useNow } from '../../ui/use-now.ts';
import type { ContextPaneProps, Shown } from './shown.ts';
import { SummaryList } from './summary-list.tsx';
import type { TalkPlaceName } from './use-context-page.ts';

/** The parts in numbers, what the next compaction makes of them, the largest pieces, and the summaries. */
export function PartsPane(props: ContextPaneProps): JSX.Element {
  const { overview } = props;
  return (
    <div className="scroll ctx-parts">
      <PartsTable {...props} />
      <Forecast overview={overview} />
      <Largest {...props} />
      <SummaryList {...props} />
    </div>
  );
}

function Forecast({ overview }: { readonly overview: ContextOverview }): JSX.Element {
  const next = overview.next_compaction;
  const words =
    next === null
      ? t('context.after.none')
      : next.messages === 0
        ? t('context.after.results', { count: next.shortened_results, tokens: next.tokens_after })
        : t('context.after', {
            count: next.messages,
            tokens: next.tokens_after,
            summary: next.summary_tokens,
          });
  return (
    <div className="note ctx-note">
      <Icon icon={FoldVertical} />
      <span>{words}</span>
    </div>
  );
}

const SHOWN = 8;

const ICONS = { tool: Wrench, message: MessageSquare, summary: NotebookText, note: StickyNote } as const;

/** The single things that take the most room: what to shorten or detach first. */
function Largest({ overview, place, onShow }: ContextPaneProps): JSX.Element | null {
  const pieces = overview.largest.slice(0, SHOWN);
  if (pieces.length === 0) return null;
  return (
    <section aria-label={t('context.largest')}>
      <h2 className="sect ind high">{t('context.largest')}</h2>
      <ul className="lg">
        {pieces.map((piece) => (
          <li key={`${piece.kind}${piece.name}`}>
            <Icon icon={ICONS[piece.kind]} size={14} className="t3" />
            <PieceName piece={piece} place={place} onShow={onShow} />
            <span className="num">{formatNumber(piece.tokens)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

type PieceNameProps = {
  readonly piece: ContextOverview['largest'][number];
  readonly place: TalkPlaceName;
  readonly onShow: (shown: Shown) => void;
};

/** What a piece is; leads to it. */
function PieceName({ piece, place, onShow }: PieceNameProps): JSX.Element {
  const stores = useStores();
  const now = useNow();
  if (piece.message !== null) {
    const words = wordsOfMessage(piece.message, now);
    return (
      <a
        className="link plain cut"
        href={addressHref({ page: 'chat', agent_id: place.agent_id, item_id: place.conversation_id })}
        title={words}
        onClick={(event) => {
          event.preventDefault();
          attempt(stores, () => leaveForMessage(stores, place, piece.name));
        }}
      >
        {words}
      </a>
    );
  }
  const shown: Shown =
    piece.kind === 'summary'
      ? { kind: 'summary', summary_id: piece.name }
      : { kind: 'part', part: piece.kind === 'tool' ? 'tools' : 'messages' };
  const words =
    piece.kind === 'tool'
      ? t('context.piece.tool', { name: piece.name })
      : t(piece.kind === 'summary' ? 'context.piece.summary' : 'context.piece.note');
  return (
    <button type="button" className="link plain cut" title={words} onClick={() => onShow(shown)}>
      {words}
    </button>
  );
}

function wordsOfMessage(
  message: NonNullable<ContextOverview['largest'][number]['message']>,
  now: number,
): string {
  const at = shortTime(message.at, now);
  const { role, tool, words } = message;
  if (role === 'tool') return t('context.piece.result', { tool: tool ?? t('context.piece.unknown'), at });
  const said = words.replaceAll(/\s+/gu, ' ');
  if (said === '') return t('context.piece.calls', { at });
  return t(role === 'assistant' ? 'context.piece.said' : 'context.piece.yours', { words: said, at });
}
