import { useEffect } from 'react';
import { useStores } from '../../state/stores.ts';
import { focusable, focusComposer } from './panes.ts';
import type { Route } from './route.ts';

const OPEN = '.cols > .side[data-drawer="open"]';
const NARROW = '(max-width: 899px)';

/** What to give back when a drawer closes. */
type Origin = { readonly element: Element | null; readonly conversationId: string | null };

/**
 * In narrow windows a side column opens as a drawer over the page: the focus goes into it, Tab stays in it, Esc closes
 * it, and the focus returns to where it was, or to the composer of the conversation that was chosen.
 */
export function useDrawerFocus(route: Route): void {
  const { conversations } = useStores();
  useEffect(() => {
    const columns = document.querySelector('.cols');
    if (columns === null) return undefined;
    let origin: Origin | null = null;
    const selected = (): string | null => conversations.getState().selected_id;
    const follow = (): void => {
      const drawer = openDrawer();
      if (drawer !== null && origin === null) {
        origin = { element: document.activeElement, conversationId: selected() };
        enter(drawer);
      } else if (drawer === null && origin !== null) {
        leave(origin, selected());
        origin = null;
      }
    };
    const observer = new MutationObserver(follow);
    observer.observe(columns, { attributes: true, attributeFilter: ['data-drawer'], subtree: true });
    // A column that was closed comes with its drawer: only the children tell. One observer follows a node once.
    const arrivals = new MutationObserver(follow);
    arrivals.observe(columns, { childList: true });
    const ends = [followKeys(), followWidth()];
    return () => {
      observer.disconnect();
      arrivals.disconnect();
      for (const end of ends) end();
    };
  }, [route, conversations]);
}

function openDrawer(): HTMLElement | null {
  return matchMedia(NARROW).matches ? document.querySelector<HTMLElement>(OPEN) : null;
}

function enter(drawer: HTMLElement): void {
  if (drawer.contains(document.activeElement)) return;
  (drawer.querySelector<HTMLElement>('[aria-current]') ?? focusable(drawer)[0])?.focus();
}

function leave(origin: Origin, conversationId: string | null): void {
  const active = document.activeElement;
  const held = active !== null && active !== document.body && active.checkVisibility();
  if (held) return;
  const back = origin.element instanceof HTMLElement && origin.element.checkVisibility();
  if (back && origin.conversationId === conversationId) (origin.element as HTMLElement).focus();
  else focusComposer();
}

/** Tab and Esc while a drawer is open. First in line, as Esc would also stop the answer. */
function followKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    const drawer = openDrawer();
    if (drawer === null || document.querySelector('[role="dialog"],[role="menu"]') !== null) return;
    if (event.key === 'Tab') keepInside(drawer, event);
    if (event.key === 'Escape' && !(event.target instanceof HTMLInputElement)) {
      event.preventDefault();
      closeDrawer();
    }
  };
  addEventListener('keydown', onKey, { capture: true });
  return () => removeEventListener('keydown', onKey, { capture: true });
}

function keepInside(drawer: HTMLElement, event: KeyboardEvent): void {
  const stops = focusable(drawer);
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (drawer.contains(document.activeElement) && document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

/** A drawer of a window that has become wide again is a column, and no longer in the way. */
function followWidth(): () => void {
  const narrow = matchMedia(NARROW);
  const onChange = (): void => {
    if (!narrow.matches) closeDrawer();
  };
  narrow.addEventListener('change', onChange);
  return () => narrow.removeEventListener('change', onChange);
}

function closeDrawer(): void {
  document.querySelector<HTMLElement>('.cols > .scrim')?.click();
}
