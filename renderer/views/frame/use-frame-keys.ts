import { useEffect } from 'react';
import { attempt } from '../../state/attempt.ts';
import { inListOrder } from '../../state/branches.ts';
import { openConversation } from '../../state/navigation.ts';
import { useStores, type Stores } from '../../state/stores.ts';
import { lastParting, takeWay } from '../branches/branch-acts.ts';
import { focusPane, paneAfterFocus, visiblePanes } from './panes.ts';
import { routeHref, type Route } from './route.ts';

/**
 * Keys of the frame: F6 and Shift+F6 go from pane to pane, Alt+Up and Alt+Down from conversation to conversation,
 * Alt+Left and Alt+Right from branch to branch where there are any, Ctrl or Cmd+L to the composer from any page, with I to
 * what fills the context window, with Shift+Y to what waits for review.
 */
export function useFrameKeys(route: Route): void {
  const stores = useStores();
  useEffect(() => {
    const lastFocus = new WeakMap<HTMLElement, HTMLElement>();
    const onFocus = ({ target }: FocusEvent): void => {
      const pane = visiblePanes().find((each) => target instanceof HTMLElement && each.contains(target));
      if (pane !== undefined) lastFocus.set(pane, target as HTMLElement);
    };
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || isCovered()) return;
      const action = actionOf(event, route, stores);
      if (action === null) return;
      event.preventDefault();
      if (action.kind === 'pane') movePane(action.step, lastFocus);
      // The composer takes the focus when its page comes.
      else if (action.kind === 'page') location.assign(routeHref(action.route));
      else attempt(stores, action.open);
    };
    addEventListener('focusin', onFocus);
    addEventListener('keydown', onKey);
    return () => {
      removeEventListener('focusin', onFocus);
      removeEventListener('keydown', onKey);
    };
  }, [stores, route]);
}

type Action =
  | { readonly kind: 'pane'; readonly step: 1 | -1 }
  | { readonly kind: 'page'; readonly route: Route }
  | { readonly kind: 'talk'; readonly open: () => Promise<void> };

function actionOf(event: KeyboardEvent, route: Route, stores: Stores): Action | null {
  const talking = route === 'chat';
  const name = combination(event);
  switch (name) {
    case 'F6':
      return { kind: 'pane', step: 1 };
    case 'Shift+F6':
      return { kind: 'pane', step: -1 };
    case 'Alt+ArrowDown':
      return talking ? { kind: 'talk', open: () => step(stores, 1) } : null;
    case 'Alt+ArrowUp':
      return talking ? { kind: 'talk', open: () => step(stores, -1) } : null;
    case 'Alt+ArrowLeft':
    case 'Alt+ArrowRight':
      return talking ? branchAction(event, stores) : null;
    default: {
      const to = PAGES[name];
      // A page that is open has its key itself.
      return to === undefined || to === route ? null : { kind: 'page', route: to };
    }
  }
}

const PAGES: Readonly<Record<string, Route>> = {
  'Ctrl+l': 'chat',
  'Ctrl+i': 'context',
  'Ctrl+Shift+y': 'review',
};

function branchAction(event: KeyboardEvent, stores: Stores): Action | null {
  const parting = lastParting(stores);
  // Without branches these keys are the browser's.
  if (parting === null || movesByWord(event)) return null;
  return { kind: 'talk', open: () => takeWay(stores, parting, stepOf(event)) };
}

function movePane(places: 1 | -1, lastFocus: WeakMap<HTMLElement, HTMLElement>): void {
  const pane = paneAfterFocus(places);
  if (pane !== undefined) focusPane(pane, lastFocus.get(pane));
}

/** The key with its modifiers, Cmd as Ctrl: `Ctrl+Shift+k`. */
function combination(event: KeyboardEvent): string {
  const parts = [
    event.ctrlKey || event.metaKey ? 'Ctrl' : '',
    event.altKey ? 'Alt' : '',
    event.shiftKey ? 'Shift' : '',
    event.key.length === 1 ? event.key.toLowerCase() : event.key,
  ];
  return parts.filter((part) => part !== '').join('+');
}

/** On a Mac this key goes a word on in what was written. */
function movesByWord({ target }: KeyboardEvent): boolean {
  const isField = target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement;
  return isField && target.value !== '' && navigator.platform.startsWith('Mac');
}

function stepOf({ key }: KeyboardEvent): 1 | -1 {
  const forward = document.dir === 'rtl' ? 'ArrowLeft' : 'ArrowRight';
  return key === forward ? 1 : -1;
}

/** Opens the conversation `places` further down the list; the ends hold. */
async function step(stores: Stores, places: 1 | -1): Promise<void> {
  const { conversations, selected_id } = stores.conversations.getState();
  const listed = inListOrder(conversations.filter(({ archived_at }) => archived_at === null));
  const current = listed.findIndex(({ conversation }) => conversation.id === selected_id);
  const next = listed[current + places];
  if (current !== -1 && next !== undefined) await openConversation(stores, next.conversation.id);
}

/** A drawer, a dialog or a menu over the page keeps its keys. */
function isCovered(): boolean {
  const over = '[role="dialog"],[role="menu"],.cols > .side[data-drawer="open"]';
  return [...document.querySelectorAll(over)].some((each) => each.checkVisibility());
}
