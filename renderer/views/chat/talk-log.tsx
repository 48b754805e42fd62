import { memo, useMemo, useState, type JSX } from 'react';
import { dayName, exactTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { useTalk } from '../../state/stores.ts';
import type { Draft, Message, Run } from '../../../shared/contract/conversations.ts';
import { Time } from '../../ui/time.tsx';
import { useNow } from '../../ui/use-now.ts';
import { AgentTurn } from './agent-turn.tsx';
import { LongText } from './long-text.tsx';
import { PastTrouble, usePastTroubles } from './past-trouble.tsx';
import { RunNotice, RunWaits } from './run-notice.tsx';
import { sameTurns, turnsOf, type Turn } from './turns.ts';

/** The talk as people read it: who said what, with the steps of each answer and the memory they changed. */
export function TalkLog(): JSX.Element {
  const messages = useTalk((state) => state.messages);
  const draft = useTalk((state) => state.draft);
  const run = useTalk((state) => state.run);
  const turns = useTurns(messages);
  const today = useToday();
  const troubles = usePastTroubles();
  const last = turns.at(-1);
  const runs = run?.state === 'running';
  const continues = last?.role === 'agent' && last.run_id === run?.id;
  return (
    <div role="log" aria-label={t('chat.log')} aria-busy={runs}>
      {turns.map((turn, at) => (
        <TurnRow
          key={turn.id}
          turn={turn}
          before={turns[at - 1]?.at ?? null}
          today={today}
          draft={turn === last && continues ? draft : null}
          live={turn === last && continues && runs}
          trouble={troubles.get(turn.messages.at(-1)?.id ?? '') ?? null}
        />
      ))}
      <RunNotice />
      <OutgoingMessages />
      {runs && !continues && (
        <div className="turn">
          <AgentTurn messages={NONE} at={run.started_at} draft={draft} live run_id={run.id} />
        </div>
      )}
      <RunWaits />
    </div>
  );
}

/** The turns of the talk; those that did not change stay the same objects, and so are not drawn again. */
function useTurns(messages: readonly Message[]): readonly Turn[] {
  const [known] = useState(() => new Map<string, Turn>());
  return useMemo(() => sameTurns(known, turnsOf(messages)), [known, messages]);
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
};

const TurnRow = memo(function TurnRow({ turn, before, today, draft, live, trouble }: RowProps): JSX.Element {
  return (
    <div className="turn">
      <DayDivider at={turn.at} before={before} today={today} />
      <TurnView turn={turn} draft={draft} live={live} />
      {trouble !== null && <PastTrouble run={trouble} messages={turn.messages} />}
    </div>
  );
});

const NONE: readonly Message[] = [];

/** Characters from which what a person said is folded: pasted texts would push the talk away. */
const FOLD_FROM = 4000;

type TurnProps = { readonly turn: Turn; readonly draft: Draft | null; readonly live: boolean };

function TurnView({ turn, draft, live }: TurnProps): JSX.Element {
  if (turn.role === 'agent') {
    return <AgentTurn messages={turn.messages} at={turn.at} draft={draft} live={live} run_id={turn.run_id} />;
  }
  const text = turn.messages.map((message) => message.text).join('\n\n');
  if (turn.role === 'user')
    return <UserMessage id={turn.id} text={text} at={turn.at} name={turn.messages[0]?.name ?? null} />;
  return <Notice id={turn.id} kind={turn.role} text={text} at={turn.at} />;
}

type UserMessageProps = {
  readonly id: string;
  readonly text: string;
  readonly at: string;
  readonly name: string | null;
};

function UserMessage({ id, text, at, name }: UserMessageProps): JSX.Element {
  return (
    <article className="msg user" aria-label={name ?? t('chat.you')} id={id} title={exactTime(at)}>
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
};

function Notice({ id, kind, text, at }: NoticeProps): JSX.Element {
  const name = t(kind === 'system' ? 'chat.system' : 'chat.summary');
  return (
    <article className="msg notice" aria-label={name} id={id}>
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
        <article key={each.otid} className="msg user wait turn" aria-label={t('chat.you')}>
          <LongText text={each.text} from={FOLD_FROM}>
            {(shown) => <div className="body wrap whitespace-pre-wrap">{shown}</div>}
          </LongText>
          <span className="t11 t3">{t('chat.sending')}</span>
        </article>
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
