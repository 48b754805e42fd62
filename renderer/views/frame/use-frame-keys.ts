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
 * what fills the context window.
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
      const action = actionOf(event, route);
      if (action === null) return;
      const parting = action.kind === 'branch' ? lastParting(stores) : null;
      // Without branches these keys are the browser's.
      if (action.kind === 'branch' && parting === null) return;
      event.preventDefault();
      if (action.kind === 'pane') {
        const pane = paneAfterFocus(action.step);
        if (pane !== undefined) focusPane(pane, lastFocus.get(pane));
      } else if (action.kind === 'branch') {
        if (parting !== null) attempt(stores, () => takeWay(stores, parting, action.step));
      } else if (action.kind === 'conversation') attempt(stores, () => step(stores, action.step));
      else if (action.kind === 'context') location.assign(routeHref('context'));
      // The composer takes the focus when its page comes.
      else location.assign(routeHref('chat'));
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
  | { readonly kind: 'conversation'; readonly step: 1 | -1 }
  | { readonly kind: 'branch'; readonly step: 1 | -1 }
  | { readonly kind: 'talk' }
  | { readonly kind: 'context' };

function actionOf(event: KeyboardEvent, route: Route): Action | null {
  const talking = route === 'chat';
  switch (combination(event)) {
    case 'F6':
      return { kind: 'pane', step: 1 };
    case 'Shift+F6':
      return { kind: 'pane', step: -1 };
    case 'Alt+ArrowDown':
      return talking ? { kind: 'conversation', step: 1 } : null;
    case 'Alt+ArrowUp':
      return talking ? { kind: 'conversation', step: -1 } : null;
    case 'Ctrl+l':
      // The chat page has this key itself.
      return talking ? null : { kind: 'talk' };
    case 'Ctrl+i':
      return route === 'context' ? null : { kind: 'context' };
    default:
      return talking ? branchAction(event) : null;
  }
}

function branchAction(event: KeyboardEvent): Action | null {
  const name = combination(event);
  if (name !== 'Alt+ArrowLeft' && name !== 'Alt+ArrowRight') return null;
  return movesByWord(event) ? null : { kind: 'branch', step: stepOf(event) };
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
