import { useEffect, useState } from 'react';
import type { Client } from '../../../shared/client.ts';
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

/** Messages read at once, and how often at most. */
const PAGE = 200;
const MOST_PAGES = 50;

/** Reads where something comes from, back through its talk. */
export function useItemContext(item: ReviewItem): ItemContext {
  const stores = useStores();
  const [found, setFound] = useState<{ readonly id: string; readonly context: ItemContext } | null>(null);
  const { conversation_id, message_id } = item.kind === 'call' ? item.call : item.edit;
  useEffect(() => {
    if (conversation_id === null) return undefined;
    let stale = false;
    attemptQuietly(stores, async () => {
      const place = { conversation_id, message_id };
      const context = await readContext(stores.client, place, () => stale);
      if (!stale) setFound({ id: item.id, context });
    });
    return () => {
      stale = true;
    };
  }, [stores, item.id, conversation_id, message_id]);
  return found?.id === item.id ? found.context : UNKNOWN;
}

type Place = { readonly conversation_id: string; readonly message_id: string | null };

async function readContext(
  client: Client,
  { conversation_id, message_id }: Place,
  isStale: () => boolean,
): Promise<ItemContext> {
  let own: Message | undefined;
  let before_seq: number | null = null;
  for (let pages = 0; pages < MOST_PAGES && !isStale(); pages += 1) {
    const from: { before_seq?: number } = before_seq === null ? {} : { before_seq };
    const page = await client.call('messages.list', { conversation_id, limit: PAGE, ...from });
    const { messages } = page;
    const at = own === undefined ? messages.findIndex(({ id }) => id === message_id) : messages.length - 1;
    own ??= messages[at];
    const said = messages.slice(0, at + 1).findLast(({ role }) => role === 'user');
    if (said !== undefined) return { said, reason: reasonIn(own) };
    if (!page.has_more) break;
    before_seq = messages[0]?.seq ?? null;
  }
  return { said: null, reason: reasonIn(own) };
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
