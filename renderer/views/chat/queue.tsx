import { X } from 'lucide-react';
import type { JSX } from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores, useTalk } from '../../state/stores.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/icon-button.tsx';

/** Characters of a message that hovering shows. */
const MOST_HOVERED = 500;

/** Messages that wait for the answer before them, each with a way to take it back. */
export function Queue(): JSX.Element | null {
  const stores = useStores();
  const queue = useTalk((state) => state.queue);
  const waits = useTalk((state) => state.run?.state === 'waiting');
  if (queue.length === 0) return null;
  return (
    <>
      <p className="queue-why t12 t2">{t(waits ? 'composer.queuedWaits' : 'composer.queuedWhy')}</p>
      <ul className="queue" aria-label={t('composer.queued')}>
        {queue.map((waiting) => (
          <li key={waiting.id}>
            {waiting.role === 'system' && <Badge tone="line">{t('composer.system')}</Badge>}
            <span className="cut grow" dir="auto" title={waiting.text.slice(0, MOST_HOVERED)}>
              {waiting.text}
            </span>
            <IconButton
              icon={X}
              iconSize={14}
              label={t('composer.unsend', { text: waiting.text.slice(0, 40) })}
              onClick={() => attempt(stores, () => stores.talk.getState().unsend(waiting.id))}
            />
          </li>
        ))}
      </ul>
    </>
  );
}
