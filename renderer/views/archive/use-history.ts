import { useEffect, useState } from 'react';
import type { Passage } from '../../../shared/contract/archive.ts';
import type { MemoryChange } from '../../../shared/contract/blocks.ts';
import type { Client } from '../../../shared/client.ts';
import { toWire } from '../../../shared/errors.ts';

/** The versions of an entry, newest first, once read; or why they could not be. */
export type EntryHistory =
  | { readonly kind: 'reading' }
  | { readonly kind: 'read'; readonly changes: readonly MemoryChange[] }
  | { readonly kind: 'failed'; readonly message: string };

const READING: EntryHistory = { kind: 'reading' };

/** How long a selection must stand before its history is read, in milliseconds: arrows pass many entries. */
const PAUSE_MS = 120;

/** Reads the history of an entry, and again with each new version of it. */
export function useEntryHistory(
  client: Client,
  { id, version }: Pick<Passage, 'id' | 'version'>,
): EntryHistory {
  const [answer, setAnswer] = useState<{ readonly of: string; readonly history: EntryHistory }>();
  useEffect(() => {
    let isWanted = true;
    const keep = (history: EntryHistory): void => {
      if (isWanted) setAnswer({ of: id, history });
    };
    const timer = setTimeout(() => {
      client.call('archive.history', { passage_id: id }).then(
        ({ changes }) => keep({ kind: 'read', changes }),
        (error: unknown) => keep({ kind: 'failed', message: toWire(error).message }),
      );
    }, PAUSE_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [client, id, version]);
  return answer?.of === id ? answer.history : READING;
}
