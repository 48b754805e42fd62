import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useAgents, useMemory, useTalk } from '../../state/stores.ts';
import { Time } from '../../ui/time.tsx';
import { MessageLink } from '../chat/change-why.tsx';

/** Characters of the message that are quoted. */
const QUOTE = 80;

/** Why the newest words of a block are there: "Changed 12 s ago, because you said ... Go to message". */
export function BlockCause({ changeId }: { readonly changeId: string }): JSX.Element | null {
  const change = useMemory((state) => state.changes[changeId]);
  const said = useTalk(
    (state) => state.messages.find((each) => each.id === change?.message_id)?.text ?? null,
  );
  const agent = useAgents((state) => state.agents.find((each) => each.id === change?.agent_id)?.name ?? null);
  if (change === undefined) return null;
  return (
    <p className="cap">
      {t('block.changed')} <Time at={change.created_at} />
      {said === null ? (
        <> {agent !== null && t('block.changedBy', { name: agent })}</>
      ) : (
        <>
          , {t('block.because')} <q>{shorten(said)}</q>.
        </>
      )}{' '}
      {change.message_id !== null && (
        <MessageLink
          place={{ message_id: change.message_id, conversation_id: change.conversation_id }}
          words={t('block.goTo')}
        />
      )}
    </p>
  );
}

/** The first words of a text, cut at a space. */
function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  if (line.length <= QUOTE) return line.replace(/[.!?]$/, '');
  const space = line.lastIndexOf(' ', QUOTE);
  return `${line.slice(0, space > 0 ? space : QUOTE)}…`;
}
