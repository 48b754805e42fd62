import { useEffect, useReducer, useState } from 'react';
import type { ContextOverview, ContextPart, RequestComparison } from '../../../shared/contract/context.ts';
import { toWire, type WireError } from '../../../shared/errors.ts';
import { readContext } from '../../state/navigation.ts';
import { attemptQuietly } from '../../state/attempt.ts';
import { useAgents, useStores } from '../../state/stores.ts';

/** What a conversation's page knows of its window. */
export type ContextFacts = {
  /** `null` until it was read. */
  readonly overview: ContextOverview | null;
  /** `null` until it was read. */
  readonly comparison: RequestComparison | null;
  /** Why it could not be read. */
  readonly failure: WireError | null;
  readonly again: () => void;
};

/** Of which talk. */
export type TalkPlaceName = { readonly agent_id: string; readonly conversation_id: string };

/** Messages are added faster than a person reads: the window is read anew this long after the last, in ms. */
const CALM_MS = 250;

/** Reads what fills the window and what of it the last request had, and follows the talk and its memory. */
export function useContextFacts(place: TalkPlaceName, part: ContextPart['kind'] | null): ContextFacts {
  const stores = useStores();
  const { agent_id, conversation_id } = place;
  const overview = useAgents((state) => state.context);
  const [comparison, setComparison] = useState<RequestComparison | null>(null);
  const [failure, setFailure] = useState<WireError | null>(null);
  const [asked, again] = useReducer((count: number) => count + 1, 0);
  useEffect(() => followMessages(stores, conversation_id), [stores, conversation_id]);
  useEffect(() => {
    if (asked > 0) attemptQuietly(stores, () => readContext(stores));
  }, [stores, asked]);
  useEffect(() => {
    let left = false;
    const input = { agent_id, conversation_id, ...(part === null ? {} : { part }) };
    stores.client.call('agents.compare_request', input).then(
      (read) => {
        if (left) return;
        setComparison(read);
        setFailure(null);
      },
      (error: unknown) => {
        if (!left) setFailure(toWire(error));
      },
    );
    return () => {
      left = true;
    };
    // What fills the window is a new object whenever it may have changed.
  }, [stores, agent_id, conversation_id, part, overview, asked]);
  return { overview, comparison, failure, again };
}

/** Reads the window anew once messages have come; what else changes it is read by those who follow all events. */
function followMessages(stores: ReturnType<typeof useStores>, conversation_id: string): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const listener: Parameters<typeof stores.listeners.add>[0] = (event) => {
    if (event.type !== 'message.added' || event.message.conversation_id !== conversation_id) return;
    clearTimeout(timer);
    timer = setTimeout(() => attemptQuietly(stores, () => readContext(stores)), CALM_MS);
  };
  stores.listeners.add(listener);
  return () => {
    clearTimeout(timer);
    stores.listeners.delete(listener);
  };
}
