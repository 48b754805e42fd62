import { memo, useMemo, type JSX } from 'react';
import type { Message, Run } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { useAgent, useTalk } from '../../state/stores.ts';
import { Time } from '../../ui/time.tsx';
import { CodeBlock } from './code-block.tsx';
import { addressHref } from '../frame/route.ts';
import { LongText } from './long-text.tsx';
import { guessHeight, messageRows, numberOf } from './message-row.ts';
import { PastTrouble, usePastTroubles } from './past-trouble.tsx';
import { RunNotice } from './run-notice.tsx';
import { RunPaused } from './run-paused.tsx';
import type { TalkViewProps } from './talk-log.tsx';
import { TalkRows } from './talk-rows.tsx';

/** Every message in the order the model saw it: roles, thoughts, requests and answers of tools in full. */
export function StepsView({ place }: TalkViewProps): JSX.Element {
  const messages = useTalk((state) => state.messages);
  const run = useTalk((state) => state.run);
  const agent = useAgent()?.name ?? '';
  const troubles = usePastTroubles();
  const rows = useMemo(() => messageRows(messages, guess), [messages]);
  const of = messages.at(-1)?.seq ?? 0;
  return (
    <TalkRows
      view="steps"
      place={place}
      rows={rows}
      busy={run?.state === 'running'}
      className="steps-view"
      draw={({ message }) => (
        <Step message={message} agent={agent} of={of} trouble={troubles.get(message.id) ?? null} />
      )}
    >
      <RunNotice />
      <RunPaused />
      {run !== null && run.usage.total_tokens > 0 && (
        <p className="t12 t3 num">
          {t('steps.usage', {
            prompt: t('steps.tokens', { count: run.usage.prompt_tokens }),
            completion: run.usage.completion_tokens,
          })}
        </p>
      )}
    </TalkRows>
  );
}

function guess(message: Message): number {
  return 24 + guessHeight([message]) + message.tool_calls.length * 16;
}

/** Characters from which a message is folded. */
const FOLD_FROM = 8000;

type StepProps = {
  readonly message: Message;
  readonly agent: string;
  /** Number of the newest message of the talk. */
  readonly of: number;
  readonly trouble: Run | null;
};

/** Leads to the exact request and answer behind a message. */
function StepLink({ step_id }: { readonly step_id: string }): JSX.Element {
  return (
    <a className="link" href={addressHref({ page: 'activity', agent_id: null, item_id: step_id })}>
      {t('steps.open')}
    </a>
  );
}

const Step = memo(function Step({ message, agent, of, trouble }: StepProps): JSX.Element {
  const speaker =
    message.role === 'assistant'
      ? agent
      : (message.name ?? (message.role === 'user' ? t('chat.you') : message.role));
  return (
    <>
      <article className="raw" aria-label={speaker} id={message.id} {...numberOf(message, of)}>
        <div className="row t12 t3">
          <span className="num mono">{message.seq}</span>
          <span className="em text-text cut" dir="auto" title={speaker}>
            {speaker}
          </span>
          <span className="mono">{message.role}</span>
          <span className="grow" />
          {message.role === 'assistant' && message.step_id !== null && <StepLink step_id={message.step_id} />}
          <span className="num whitespace-nowrap">{t('steps.tokens', { count: message.token_count })}</span>
          <Time at={message.created_at} clock className="num" />
        </div>
        {message.content.map((part, at) =>
          'reasoning' in part && typeof part.reasoning === 'string' ? (
            <div key={`${message.id}-${at}`} className="thought">
              {part.reasoning}
            </div>
          ) : null,
        )}
        {message.text !== '' && (
          <LongText text={message.text} from={FOLD_FROM}>
            {(shown) => <p className="wrap whitespace-pre-wrap mt-1">{shown}</p>}
          </LongText>
        )}
        {message.tool_calls.map((call) => (
          <div
            key={call.tool_call_id}
            className="mt-1"
            role="group"
            aria-label={t('tool.name', { name: call.name })}
          >
            <CodeBlock sign="→" label={t('tool.request')} text={`${call.name} ${call.arguments}`} />
          </div>
        ))}
      </article>
      {trouble !== null && <PastTrouble run={trouble} messages={[message]} />}
    </>
  );
});
