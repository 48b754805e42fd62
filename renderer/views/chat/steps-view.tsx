import { Fragment, type JSX } from 'react';
import type { Message } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { useAgent, useTalk } from '../../state/stores.ts';
import { Time } from '../../ui/time.tsx';
import { CodeBlock } from './code-block.tsx';
import { LongText } from './long-text.tsx';
import { PastTrouble, usePastTroubles } from './past-trouble.tsx';
import { RunNotice } from './run-notice.tsx';

/** Every message in the order the model saw it: roles, thoughts, requests and answers of tools in full. */
export function StepsView(): JSX.Element {
  const messages = useTalk((state) => state.messages);
  const run = useTalk((state) => state.run);
  const troubles = usePastTroubles();
  return (
    <div role="log" aria-label={t('chat.log')} className="steps-view">
      {messages.map((message) => {
        const run = troubles.get(message.id);
        return (
          <Fragment key={message.id}>
            <Step message={message} />
            {run !== undefined && <PastTrouble run={run} messages={[message]} />}
          </Fragment>
        );
      })}
      <RunNotice />
      {run !== null && run.usage.total_tokens > 0 && (
        <p className="t12 t3 num">
          {t('steps.usage', {
            prompt: t('steps.tokens', { count: run.usage.prompt_tokens }),
            completion: run.usage.completion_tokens,
          })}
        </p>
      )}
    </div>
  );
}

/** Characters from which a message is folded. */
const FOLD_FROM = 8000;

function Step({ message }: { readonly message: Message }): JSX.Element {
  const agent = useAgent()?.name ?? '';
  const speaker =
    message.role === 'assistant'
      ? agent
      : (message.name ?? (message.role === 'user' ? t('chat.you') : message.role));
  return (
    <article className="raw" aria-label={speaker} id={message.id}>
      <div className="row t12 t3">
        <span className="num mono">{message.seq}</span>
        <span className="em text-text">{speaker}</span>
        <span className="mono cut">{message.role}</span>
        <span className="grow" />
        <span className="num">{t('steps.tokens', { count: message.token_count })}</span>
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
  );
}
