import { ChevronDown, ChevronRight } from 'lucide-react';
import { memo, useState, type JSX } from 'react';
import type { Draft, Message } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { useAgent, useTalk } from '../../state/stores.ts';
import { Avatar } from '../../ui/avatar.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Markdown } from '../../ui/markdown.tsx';
import { Time } from '../../ui/time.tsx';
import { CallPiece } from './call-piece.tsx';
import { ChangeChip } from './change-chip.tsx';
import { LongText } from './long-text.tsx';
import { numberOf } from './message-row.ts';
import { piecesOf, type Piece } from './turns.ts';
import { useStrayChanges } from './turn-changes.ts';

/** Props of {@link AgentTurn}: `live` while its run goes on. */
export type AgentTurnProps = {
  readonly messages: readonly Message[];
  readonly at: string;
  readonly draft: Draft | null;
  readonly live: boolean;
  readonly run_id: string | null;
  /** Number of the newest message of the talk; `null` before any message of the turn stands. */
  readonly of: number | null;
};

/** One answer: what was thought, which tools were called, which memory changed, what was said. */
export const AgentTurn = memo(function AgentTurn({
  messages,
  at,
  draft,
  live,
  run_id,
  of,
}: AgentTurnProps): JSX.Element {
  const name = useAgent()?.name ?? '';
  const spoken = messages.filter((message) => message.role === 'assistant');
  const stray = useStrayChanges(run_id);
  const waits = useTalk((state) => state.run?.state === 'waiting' && state.run.id === run_id);
  const writes = draft !== null && draft.text !== '';
  const compacts = useTalk((state) => state.compacting === 'run');
  return (
    <article className="msg" aria-label={name} id={messages[0]?.id} {...numberOf(messages[0], of)}>
      <div className="who">
        <Avatar name={name} kind="agent" on small />
        <b className="cut" dir="auto" title={name}>
          {name}
        </b>
        <Time at={at} clock className="num" />
        {live && (
          <span className="live">
            {t(compacts ? 'talk.compacting' : writes ? 'chat.writing' : 'chat.thinking')}
          </span>
        )}
        {waits && <span className="live">{t('review.waits')}</span>}
      </div>
      {spoken.map((message) => (
        <MessagePieces key={message.id} message={message} results={messages} />
      ))}
      {stray.map((change) => (
        <ChangeChip key={change.id} change={change} call={null} />
      ))}
      {draft !== null && <DraftPieces draft={draft} />}
      {live && draft === null && <span className="caret" aria-hidden="true" />}
    </article>
  );
});

type MessageProps = { readonly message: Message; readonly results: readonly Message[] };

function MessagePieces({ message, results }: MessageProps): JSX.Element {
  const seen = useTalk((state) => state.thinking[message.id]);
  const ms = seen === undefined ? null : seen.to - seen.from;
  return (
    <div id={`m-${message.id}`}>
      {piecesOf(message).map((piece, at) => (
        <PieceView key={pieceKey(piece, at)} piece={piece} ms={ms} message={message} results={results} />
      ))}
      {message.status === 'interrupted' && <p className="t12 t3 mt-1">{t('chat.interrupted')}</p>}
    </div>
  );
}

/** Characters from which an answer is folded: reading on is a choice, and a window with all of it would be slow. */
const FOLD_FROM = 24_000;

type PieceProps = {
  readonly piece: Piece;
  readonly ms: number | null;
  readonly message: Message;
  readonly results: readonly Message[];
};

function PieceView({ piece, ms, message, results }: PieceProps): JSX.Element {
  switch (piece.kind) {
    case 'reasoning':
      return <Thought text={piece.text} ms={ms} />;
    case 'text':
      return (
        <div className="body said">
          <LongText text={piece.text} from={FOLD_FROM}>
            {(shown) => <Markdown text={shown} />}
          </LongText>
        </div>
      );
    case 'call':
      return <CallPiece call={piece.call} message={message} results={results} />;
  }
}

function DraftPieces({ draft }: { readonly draft: Draft }): JSX.Element {
  const seen = useTalk((state) => state.thinking[draft.message_id]);
  const ms = seen === undefined ? null : seen.to - seen.from;
  return (
    <>
      {draft.reasoning !== '' && <Thought text={draft.reasoning} ms={draft.text === '' ? null : ms} />}
      {draft.text === '' ? (
        <span className="caret" aria-hidden="true" />
      ) : (
        <div className="body said" aria-hidden="true">
          <Markdown text={draft.text} live />
        </div>
      )}
    </>
  );
}

function Thought({ text, ms }: { readonly text: string; readonly ms: number | null }): JSX.Element {
  const [open, setOpen] = useState(false);
  const seconds = ms === null ? null : Math.max(1, Math.round(ms / 1000));
  return (
    <div>
      <button type="button" className="step" aria-expanded={open} onClick={() => setOpen(!open)}>
        <Icon icon={open ? ChevronDown : ChevronRight} size={14} />
        <span className="cut">
          {seconds === null ? t('chat.thoughtShort') : t('chat.thought', { seconds })}
        </span>
      </button>
      {open && <div className="thought">{text}</div>}
    </div>
  );
}

function pieceKey(piece: Piece, at: number): string {
  return piece.kind === 'call' ? piece.call.tool_call_id : `${piece.kind}${at}`;
}
