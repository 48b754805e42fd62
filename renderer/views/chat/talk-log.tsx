import { memo, useMemo, useState, type JSX } from 'react';
import { dayName, exactTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { partingsOf, type Parting } from '../../state/branches.ts';
import { useConversations, useTalk } from '../../state/stores.ts';
import type { Draft, Message, Run } from '../../../shared/contract/conversations.ts';
import type { Summary } from '../../../shared/contract/summaries.ts';
import { Time } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { AgainForm, formId, MessageEditor, useBranchTask } from '../branches/branch-form.tsx';
import { MessageActions } from '../branches/message-actions.tsx';
import { AgentTurn } from './agent-turn.tsx';
import { LongText } from './long-text.tsx';
import { CompactionLine, CompactionUnderWay, useCompactionLines } from './compaction-line.tsx';
import { PastTrouble, usePastTroubles } from './past-trouble.tsx';
import { RunNotice, RunWaits } from './run-notice.tsx';
import { RunPaused } from './run-paused.tsx';
import { guessHeight, type MessageNumber, numberOf } from './message-row.ts';
import type { TalkPlace, TalkRow } from './talk-place.ts';
import { TalkRows } from './talk-rows.tsx';
import { sameTurns, turnsOf, type Turn } from './turns.ts';

/** Props of {@link TalkLog} and of the other views: where the reader is. */
export type TalkViewProps = { readonly place: TalkPlace };

/** The talk as people read it: who said what, with the steps of each answer and the memory they changed. */
export function TalkLog({ place }: TalkViewProps): JSX.Element {
  const messages = useTalk((state) => state.messages);
  const draft = useTalk((state) => state.draft);
  const run = useTalk((state) => state.run);
  const rows = useRows(messages);
  const today = useToday();
  const troubles = usePastTroubles();
  const compactions = useCompactionLines();
  const partings = usePartings();
  const last = rows.at(-1)?.turn;
  const runs = run?.state === 'running';
  const continues = last?.role === 'agent' && last.run_id === run?.id;
  const of = messages.at(-1)?.seq ?? 0;
  return (
    <TalkRows
      view="chat"
      place={place}
      rows={rows}
      busy={runs}
      draw={({ turn }, at) => (
        <TurnRow
          turn={turn}
          of={of}
          today={today}
          draft={turn === last && continues ? draft : null}
          live={turn === last && continues && runs}
          trouble={troubles.get(turn.messages.at(-1)?.id ?? '') ?? null}
          compaction={compactions.get(turn.id) ?? null}
          {...placeOf(rows, at)}
          parting={partings.get(turn.messages[0]?.seq ?? 0) ?? null}
        />
      )}
    >
      <RunNotice />
      <RunPaused />
      <OutgoingMessages />
      {runs && !continues && (
        <div className="turn">
          <AgentTurn messages={NONE} at={run.started_at} draft={draft} live run_id={run.id} of={null} />
        </div>
      )}
      <RunWaits />
      <CompactionUnderWay />
    </TalkRows>
  );
}

/** A turn as a row. */
type LogRow = TalkRow & { readonly turn: Turn };

/** The turns of the talk; those that did not change stay the same objects, and so are not drawn again. */
function useRows(messages: readonly Message[]): readonly LogRow[] {
  const [known] = useState(() => new Map<string, Turn>());
  return useMemo(() => sameTurns(known, turnsOf(messages)).map(rowOf), [known, messages]);
}

function rowOf(turn: Turn): LogRow {
  const asks = formId(turn.id);
  const has = (name: string): boolean => name === asks || turn.messages.some(({ id }) => id === name);
  return { key: turn.id, guess: guessHeight(turn.messages), has, turn };
}

/** What a turn follows: when the one before it was, and the message of a person that it is or answers. */
function placeOf(rows: readonly LogRow[], at: number): Pick<RowProps, 'before' | 'asked'> {
  const isSaid = ({ turn }: LogRow): boolean => turn.role === 'user' || turn.role === 'system';
  const from = rows.findLastIndex((row, index) => index <= at && isSaid(row));
  return { before: rows[at - 1]?.turn.at ?? null, asked: rows[from]?.turn.messages[0] ?? null };
}

/** Where other talks part from the open one, by the number of the first message they do not share. */
function usePartings(): ReadonlyMap<number, Parting> {
  const conversations = useConversations((state) => state.conversations);
  const open = useTalk((state) => state.conversation_id);
  return useMemo(() => {
    const partings = open === null ? [] : partingsOf(conversations, open);
    return new Map(partings.map((parting) => [parting.after_seq + 1, parting]));
  }, [conversations, open]);
}

/** When this day began, in ms. */
function useToday(): number {
  return new Date(useNow()).setHours(0, 0, 0, 0);
}

type RowProps = TurnProps & {
  /** When the turn before it was. */
  readonly before: string | null;
  readonly today: number;
  readonly trouble: Run | null;
  /** The newest summary that was made when the turn was the last one. */
  readonly compaction: Summary | null;
  /** The message of a person that the turn is or answers. */
  readonly asked: Message | null;
  readonly parting: Parting | null;
};

const TurnRow = memo(function TurnRow({
  turn,
  of,
  before,
  today,
  draft,
  live,
  trouble,
  compaction,
  asked,
  parting,
}: RowProps): JSX.Element {
  const task = useBranchTask(turn.id);
  const acts = task === null && !live && turn.role !== 'summary';
  return (
    <>
      <DayDivider at={turn.at} before={before} today={today} />
      {task?.kind === 'edit' ? (
        <MessageEditor task={task} />
      ) : (
        <TurnView turn={turn} of={of} draft={draft} live={live} />
      )}
      {acts && <MessageActions messages={turn.messages} asked={asked} parting={parting} />}
      {task?.kind === 'again' && <AgainForm task={task} />}
      {trouble !== null && <PastTrouble run={trouble} messages={turn.messages} />}
      {compaction !== null && <CompactionLine summary={compaction} />}
    </>
  );
});

const NONE: readonly Message[] = [];

/** Characters from which what a person said is folded: pasted texts would push the talk away. */
const FOLD_FROM = 4000;

type TurnProps = {
  readonly turn: Turn;
  /** Number of the newest message of the talk. */
  readonly of: number;
  readonly draft: Draft | null;
  readonly live: boolean;
};

function TurnView({ turn, of, draft, live }: TurnProps): JSX.Element {
  const { id, messages, at, run_id } = turn;
  const number = numberOf(messages[0], of);
  if (turn.role === 'agent') {
    return <AgentTurn messages={messages} at={at} draft={draft} live={live} run_id={run_id} of={of} />;
  }
  const text = messages.map((message) => message.text).join('\n\n');
  if (turn.role !== 'user') return <Notice id={id} kind={turn.role} text={text} at={at} number={number} />;
  return (
    <article
      className="msg user"
      aria-label={messages[0]?.name ?? t('chat.you')}
      id={id}
      title={exactTime(at)}
      {...number}
    >
      <LongText text={text} from={FOLD_FROM}>
        {(shown) => <div className="body wrap whitespace-pre-wrap">{shown}</div>}
      </LongText>
    </article>
  );
}

type NoticeProps = {
  readonly id: string;
  readonly kind: 'system' | 'summary';
  readonly text: string;
  readonly at: string;
  readonly number: MessageNumber;
};

function Notice({ id, kind, text, at, number }: NoticeProps): JSX.Element {
  const name = t(kind === 'system' ? 'chat.system' : 'chat.summary');
  return (
    <article className="msg notice" aria-label={name} id={id} {...number}>
      <details open={kind === 'system' && text.length < 400}>
        <summary className="step">
          <span className="em">{name}</span>
          <Time at={at} clock className="num t12 t3" />
        </summary>
        <div className="thought">{text}</div>
      </details>
    </article>
  );
}

/** Messages on their way; `system` ones as quietly as they will stand. */
function OutgoingMessages(): JSX.Element {
  const outgoing = useTalk((state) => state.outgoing);
  return (
    <>
      {outgoing.map((each) => (
        <div key={each.otid} className="turn">
          <article className="msg user wait" aria-label={t('chat.you')}>
            <LongText text={each.text} from={FOLD_FROM}>
              {(shown) => <div className="body wrap whitespace-pre-wrap">{shown}</div>}
            </LongText>
            <span className="t11 t3">{t('chat.sending')}</span>
          </article>
        </div>
      ))}
    </>
  );
}

type DayProps = { readonly at: string; readonly before: string | null; readonly today: number };

function DayDivider({ at, before, today }: DayProps): JSX.Element | null {
  const day = dayName(at, today);
  if (before !== null && dayName(before, today) === day) return null;
  return <div className="day">{day}</div>;
}
