import { useEffect, useState, type JSX } from 'react';
import { useAgent, useStores } from '../../state/stores.ts';

/**
 * Says each answer aloud, once, when it is finished: neither while it is written nor when older ones are read back.
 * Nobody sees it.
 */
export function SpokenAnswers(): JSX.Element {
  const { talk } = useStores();
  const name = useAgent()?.name ?? '';
  const [spoken, setSpoken] = useState('');
  useEffect(() => {
    let last = talk.getState().messages.at(-1)?.seq ?? 0;
    return talk.subscribe(({ loaded, messages }, before) => {
      if (messages === before.messages) return;
      const fresh = messages.filter(({ seq }) => seq > last);
      last = messages.at(-1)?.seq ?? last;
      // The first reading brings what was said before; what is said while it is under way is heard.
      if (loaded && !before.loaded) return;
      const words = fresh
        .filter(({ role, text }) => role === 'assistant' && text !== '')
        .map(({ text }) => text);
      if (words.length > 0) setSpoken(words.join('\n'));
      // The words of the person end it: a screen reader that goes through the page finds an answer once.
      else if (fresh.some(({ role }) => role === 'user')) setSpoken('');
    });
  }, [talk]);
  return (
    <div className="sr" aria-live="polite" aria-atomic="true" data-spoken>
      {spoken === '' ? '' : `${name}: ${spoken}`}
    </div>
  );
}
