import { ArrowUp } from 'lucide-react';
import type { JSX } from 'react';
import { t, type MessageKey } from '../../messages/t.ts';
import { TOUR_STEPS } from '../../state/preferences.ts';
import { useAgent, usePreferences } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

const TITLES: readonly MessageKey[] = ['tour.1.title', 'tour.2.title', 'tour.3.title', 'tour.4.title'];
const TEXTS: readonly MessageKey[] = ['tour.1.text', 'tour.2.text', 'tour.3.text', 'tour.4.text'];

/** The current step of the tour, below the part of the state pane it speaks of; nothing when it is over. */
export function TourNote(): JSX.Element | null {
  const step = usePreferences((state) => state.tour_step);
  const change = usePreferences((state) => state.change);
  const name = useAgent()?.name ?? '';
  const title = TITLES[step - 1];
  const text = TEXTS[step - 1];
  if (title === undefined || text === undefined) return null;
  const last = step === TOUR_STEPS;
  return (
    <div className="note acc tour" role="note">
      <Icon icon={ArrowUp} size={14} />
      <div className="grow">
        <span className="em">{t(title, { name })}</span>
        <br />
        <span className="t12 t2">{t(text)}</span>
        <div className="row mt-2 flex-wrap">
          <Button size="s" onClick={() => change({ tour_step: last ? 0 : step + 1 })}>
            {t(last ? 'tour.done' : 'tour.next')}
          </Button>
          {!last && (
            <Button kind="ghost" size="s" onClick={() => change({ tour_step: 0 })}>
              {t('tour.skip')}
            </Button>
          )}
          <span className="grow" />
          <span className="t12 t2 num whitespace-nowrap">{t('tour.of', { step, count: TOUR_STEPS })}</span>
        </div>
      </div>
    </div>
  );
}
