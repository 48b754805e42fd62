import { useCallback } from 'react';
import { attempt } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { bringBack } from '../../state/use-draft.ts';

/** Says something in the open talk in place of the person; what could not be sent waits in the composer. */
export function useSay(): (words: string) => void {
  const stores = useStores();
  return useCallback(
    (words) =>
      attempt(stores, async () => {
        const { conversation_id, send } = stores.talk.getState();
        if (!(await send(words, 'user'))) bringBack(stores, conversation_id, words);
      }),
    [stores],
  );
}
