import { useCallback } from 'react';
import { useStore } from 'zustand';
import { useStores, type Stores } from './stores.ts';

/** Unsaved words of one place, and how to keep them. */
export type Draft<Value> = {
  /** `null` when nothing is kept for this place. */
  readonly value: Value | null;
  readonly keep: (value: Value) => void;
  readonly drop: () => void;
};

/**
 * The draft of a place, which outlives its view and a reload of the window. `isValue` refuses what an earlier version
 * of the app may have left there.
 */
export function useDraft<Value>(place: string, isValue: (kept: unknown) => kept is Value): Draft<Value> {
  const { drafts } = useStores();
  const kept = useStore(drafts, (state) => state.drafts[place]);
  const keep = useCallback((value: Value) => drafts.getState().keep(place, value), [drafts, place]);
  const drop = useCallback(() => drafts.getState().drop(place), [drafts, place]);
  return { value: isValue(kept) ? kept : null, keep, drop };
}

/** Where the unsent words of a conversation are kept. */
export function messagePlace(conversationId: string | null): string {
  return `message:${conversationId ?? ''}`;
}

/** Whether a kept draft is plain words. */
export function isText(kept: unknown): kept is string {
  return typeof kept === 'string';
}

/** Puts words that were not sent back in their box, before what was typed meanwhile. */
export function bringBack({ drafts }: Stores, conversationId: string | null, words: string): void {
  const place = messagePlace(conversationId);
  const { drafts: known, keep } = drafts.getState();
  const typed = known[place];
  keep(place, isText(typed) && typed !== '' ? `${words}\n${typed}` : words);
}
