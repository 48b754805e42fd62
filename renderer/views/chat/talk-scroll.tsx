import { ArrowDown } from 'lucide-react';
import {
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
  type JSX,
  type ReactNode,
  type RefObject,
} from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores, useTalk } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';

/** Pixels from the end that still count as being there. */
const AT_END = 48;
/** Pixels from the start at which older messages are fetched. */
const NEAR_START = 400;

/** The scroller of the talk: stays at the end only when it was there, and fetches older messages near the start. */
export function TalkScroll({ children }: { readonly children: ReactNode }): JSX.Element {
  const stores = useStores();
  const scroller = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const [atEnd, setAtEnd] = useState(true);
  const loadingOlder = useTalk((state) => state.loading_older);
  useStickToEnd(scroller, atEnd);
  useKeepPlace(scroller);
  useEffect(
    () =>
      stores.talk.subscribe((now, before) => {
        // Whoever sends something wants to see it.
        if (now.outgoing.length > before.outgoing.length) setAtEnd(true);
      }),
    [stores],
  );
  const onScroll = (): void => {
    const box = scroller.current;
    if (box === null) return;
    const near = box.scrollHeight - box.scrollTop - box.clientHeight < AT_END;
    // The talk may have grown since this event was due: only going up means that the reader left the end.
    if (near) setAtEnd(true);
    else if (box.scrollTop < lastTop.current) setAtEnd(false);
    lastTop.current = box.scrollTop;
    if (box.scrollTop < NEAR_START) attempt(stores, stores.talk.getState().loadOlder);
  };
  const toEnd = (): void => {
    scroller.current?.scrollTo({ top: scroller.current.scrollHeight });
    setAtEnd(true);
  };
  return (
    <div className="talk" ref={scroller} onScroll={onScroll} tabIndex={-1}>
      <div>
        {loadingOlder && <p className="t12 t3 text-center">{t('chat.older')}</p>}
        {children}
        {!atEnd && (
          <Button size="s" className="to-end" onClick={toEnd}>
            <Icon icon={ArrowDown} size={14} />
            {t('chat.toEnd')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** Follows the growing talk while the reader is at its end. */
function useStickToEnd(scroller: RefObject<HTMLDivElement | null>, atEnd: boolean): void {
  useEffect(() => {
    const box = scroller.current;
    const inside = box?.firstElementChild;
    if (box === null || inside === null || inside === undefined || !atEnd) return undefined;
    const follow = (): void => box.scrollTo({ top: box.scrollHeight });
    follow();
    const observer = new ResizeObserver(follow);
    observer.observe(inside);
    observer.observe(box);
    return () => observer.disconnect();
  }, [scroller, atEnd]);
}

/** Keeps the message under the reader's eyes where it is when older ones come in above it. */
function useKeepPlace(scroller: RefObject<HTMLDivElement | null>): void {
  const firstSeq = useTalk((state) => state.messages[0]?.seq ?? 0);
  const before = useRef({ seq: firstSeq, height: 0 });
  useLayoutEffect(() => {
    const box = scroller.current;
    if (box === null) return;
    if (firstSeq < before.current.seq) box.scrollBy({ top: box.scrollHeight - before.current.height });
    before.current = { seq: firstSeq, height: box.scrollHeight };
  });
}
