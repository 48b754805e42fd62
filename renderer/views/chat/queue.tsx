import { X } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores, useTalk } from '../../state/stores.ts';
import { IconButton } from '../../ui/icon-button.tsx';

/** Messages that wait for the answer before them, each with a way to take it back. */
export function Queue(): JSX.Element | null {
  const stores = useStores();
  const queue = useTalk((state) => state.queue);
  if (queue.length === 0) return null;
  return (
    <ul className="queue" aria-label={t('composer.queued')}>
      {queue.map((waiting) => (
        <li key={waiting.id}>
          <span className="cut grow">{waiting.text}</span>
          <IconButton
            icon={X}
            iconSize={14}
            label={t('composer.unsend', { text: waiting.text.slice(0, 40) })}
            onClick={() => attempt(stores, () => stores.talk.getState().unsend(waiting.id))}
          />
        </li>
      ))}
    </ul>
  );
}
