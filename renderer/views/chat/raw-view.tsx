import { memo, useMemo, type JSX } from 'react';
import type { Message } from '../../../shared/contract/conversations.ts';
import { useTalk } from '../../state/stores.ts';
import { CodeBlock } from './code-block.tsx';
import { messageRows, numberOf } from './message-row.ts';
import type { TalkViewProps } from './talk-log.tsx';
import { TalkRows } from './talk-rows.tsx';

/** Every message as the JSON it is stored as. */
export function RawView({ place }: TalkViewProps): JSX.Element {
  const messages = useTalk((state) => state.messages);
  const busy = useTalk((state) => state.run?.state === 'running');
  const rows = useMemo(() => messageRows(messages, () => HIGHEST), [messages]);
  const of = messages.at(-1)?.seq ?? 0;
  return (
    <TalkRows
      view="raw"
      place={place}
      rows={rows}
      busy={busy}
      className="raw-view"
      draw={({ message }) => <RawMessage message={message} of={of} />}
    />
  );
}

/** Pixels that most messages take: the code scrolls from there on. */
const HIGHEST = 328;

type RawMessageProps = { readonly message: Message; readonly of: number };

const RawMessage = memo(function RawMessage({ message, of }: RawMessageProps): JSX.Element {
  return (
    <article id={message.id} aria-label={message.name ?? message.role} {...numberOf(message, of)}>
      <CodeBlock label={message.id} text={JSON.stringify(message, null, 2)} />
    </article>
  );
});
