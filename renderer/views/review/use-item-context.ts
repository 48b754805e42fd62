import { useEffect, useState } from 'react';
import type { Message } from '../../../shared/contract/conversations.ts';
import { attemptQuietly } from '../../state/attempt.ts';
import type { ReviewItem } from '../../state/review.ts';
import { useStores } from '../../state/stores.ts';

/** Where something to be reviewed comes from. */
export type ItemContext = {
  /** What a person said last before it. */
  readonly said: Message | null;
  /** What the agent thought or said while it called. */
  readonly reason: string | null;
};

const UNKNOWN: ItemContext = { said: null, reason: null };

/** Messages that are looked through for it, from the newest. */
const LOOKED_AT = 100;

/** Reads where something comes from, as far as it stands among the newest messages of its talk. */
export function useItemContext(item: ReviewItem): ItemContext {
  const stores = useStores();
  const [found, setFound] = useState<{ readonly id: string; readonly context: ItemContext } | null>(null);
  const { conversation_id, message_id } = item.kind === 'call' ? item.call : item.edit;
  useEffect(() => {
    if (conversation_id === null) return undefined;
    let stale = false;
    attemptQuietly(stores, async () => {
      const page = { conversation_id, limit: LOOKED_AT };
      const { messages } = await stores.client.call('messages.list', page);
      if (!stale) setFound({ id: item.id, context: contextIn(messages, message_id) });
    });
    return () => {
      stale = true;
    };
  }, [stores, item.id, conversation_id, message_id]);
  return found?.id === item.id ? found.context : UNKNOWN;
}

function contextIn(messages: readonly Message[], message_id: string | null): ItemContext {
  const at = messages.findIndex(({ id }) => id === message_id);
  if (at === -1) return UNKNOWN;
  const said = messages.slice(0, at + 1).findLast(({ role }) => role === 'user') ?? null;
  return { said, reason: reasonIn(messages[at]) };
}

function reasonIn(message: Message | undefined): string | null {
  if (message?.role !== 'assistant') return null;
  const thought = message.content
    .flatMap((part) => ('reasoning' in part && typeof part.reasoning === 'string' ? [part.reasoning] : []))
    .join('\n')
    .trim();
  const words = thought === '' ? message.text.trim() : thought;
  return words === '' ? null : words.length > QUOTE ? `${words.slice(0, QUOTE)}…` : words;
}

/** Characters of a reason that are quoted. */
const QUOTE = 300;
