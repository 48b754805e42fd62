import { ArrowDown } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type JSX, type ReactNode, type RefObject } from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores, useTalk } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { answerReveals } from './reveal.ts';
import type { TalkPlace } from './talk-place.ts';

/** Pixels from the start at which older messages are fetched. */
const NEAR_START = 800;

/** Props of {@link TalkScroll}: the place of the reader in it. */
export type TalkScrollProps = { readonly place: TalkPlace; readonly children: ReactNode };

/** The scroller of the talk: fetches older messages near the start, and offers the way back to the end. */
export function TalkScroll({ place, children }: TalkScrollProps): JSX.Element {
  const stores = useStores();
  const scroller = useRef<HTMLDivElement>(null);
  const [{ at, far }, setAt] = useState({ at: 'end', far: false });
  const loadingOlder = useTalk((state) => state.loading_older);
  const firstSeq = useTalk((state) => state.messages[0]?.seq ?? 0);
  useEffect(() => place.listen({ onPlace: (now, isFar) => setAt({ at: now, far: isFar }) }), [place]);
  useEffect(() => {
    if (scroller.current === null) return undefined;
    return answerReveals(scroller.current, (id) => place.goTo(id));
  }, [place]);
  useEffect(
    () =>
      stores.talk.subscribe((now, before) => {
        // Whoever sends something wants to see it.
        if (now.outgoing.length > before.outgoing.length) place.toEnd();
      }),
    [stores, place],
  );
  const readOn = useCallback(() => {
    if ((scroller.current?.scrollTop ?? NEAR_START) < NEAR_START) {
      attempt(stores, stores.talk.getState().loadOlder);
    }
  }, [stores]);
  useReach(scroller, place);
  // A page that does not fill the view is followed by the next one.
  useEffect(readOn, [readOn, firstSeq]);
  return (
    <div
      className="talk"
      ref={scroller}
      data-place={at}
      role="group"
      aria-label={t('chat.log')}
      // Who has but the keyboard scrolls what was said with it, also where nothing in it can be pressed.
      tabIndex={0}
      onScroll={() => {
        place.follow();
        readOn();
      }}
    >
      <div>
        {loadingOlder && <p className="older t12 t3">{t('chat.older')}</p>}
        {children}
        {far && (
          <Button size="s" className="to-end" onClick={() => place.toEnd()}>
            <Icon icon={ArrowDown} size={14} />
            {t('chat.toEnd')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** By wheel, finger, key or scrollbar. */
const REACHES = ['wheel', 'touchmove', 'keydown', 'pointerdown'] as const;

const SCROLL_KEYS = /^(?:Arrow|Page|Home|End| $)/u;

/** A press on the box itself is one on its scrollbar. */
function isReach(event: Event): boolean {
  if (event instanceof KeyboardEvent) return SCROLL_KEYS.test(event.key);
  return event.type !== 'pointerdown' || event.target === event.currentTarget;
}

/** Tells the place when a person scrolls, since the browser scrolls a talk that grows shorter as well. */
function useReach(scroller: RefObject<HTMLElement | null>, place: TalkPlace): void {
  useEffect(() => {
    const box = scroller.current;
    if (box === null) return undefined;
    const over = new AbortController();
    const options = { signal: over.signal, passive: true };
    const reach = (event: Event): void => {
      if (isReach(event)) place.reach(true);
    };
    for (const name of REACHES) box.addEventListener(name, reach, options);
    box.addEventListener('scrollend', () => place.reach(false), options);
    return () => over.abort();
  }, [scroller, place]);
}
