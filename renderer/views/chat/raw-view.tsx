import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useTalk } from '../../state/stores.ts';
import { CodeBlock } from './code-block.tsx';

/** Every message as the JSON it is stored as. */
export function RawView(): JSX.Element {
  const messages = useTalk((state) => state.messages);
  return (
    <div role="log" aria-label={t('chat.log')} className="grid gap-2">
      {messages.map((message) => (
        <article key={message.id} id={message.id} aria-label={message.name ?? message.role}>
          <CodeBlock label={message.id} text={JSON.stringify(message, null, 2)} />
        </article>
      ))}
    </div>
  );
}
