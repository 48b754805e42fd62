import type { JSX } from 'react';
import type { Message } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { useAgent, useTalk } from '../../state/stores.ts';
import { Time } from '../../ui/time.tsx';
import { CodeBlock } from './code-block.tsx';

/** Every message in the order the model saw it: roles, thoughts, requests and answers of tools in full. */
export function StepsView(): JSX.Element {
  const messages = useTalk((state) => state.messages);
  const run = useTalk((state) => state.run);
  return (
    <div role="log" aria-label={t('chat.log')} className="steps-view">
      {messages.map((message) => (
        <Step key={message.id} message={message} />
      ))}
      {run !== null && run.usage.total_tokens > 0 && (
        <p className="t12 t3 num">
          {t('steps.usage', { prompt: run.usage.prompt_tokens, completion: run.usage.completion_tokens })}
        </p>
      )}
    </div>
  );
}

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
      {message.text !== '' && <p className="wrap whitespace-pre-wrap mt-1">{message.text}</p>}
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
