import { useCallback, useEffect, useRef, useState, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { startConversation } from '../../state/navigation.ts';
import { useAgents, usePreferences, useStores } from '../../state/stores.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { editLast, regenerateLast } from '../branches/branch-acts.ts';
import { AgentsColumn } from '../agents/agents-column.tsx';
import { StatePane } from '../state-pane/state-pane.tsx';
import { Starters } from '../welcome/starters.tsx';
import { Talk } from './talk.tsx';

/** Props of {@link ChatPage}: how to open the frame's dialogs. */
export type ChatPageProps = { readonly onImport: () => void; readonly onExport: () => void };

/** The side column that is open as a drawer in a narrow window. */
type DrawerSide = 'left' | 'right' | null;

const NARROW = '(max-width: 899px)';

/** Three columns: agents and conversations, the talk, the state of the agent. */
export function ChatPage({ onImport, onExport }: ChatPageProps): JSX.Element {
  const loaded = useAgents((state) => state.loaded);
  const none = useAgents((state) => state.loaded && state.agents.length === 0);
  const left = usePreferences((state) => state.left_open);
  const right = usePreferences((state) => state.right_open);
  const [drawer, setDrawer] = useState<DrawerSide>(null);
  const toggle = useToggle(setDrawer);
  useShortcuts(toggle);
  const close = useCallback(() => setDrawer(null), []);
  return (
    <div
      className="cols"
      data-left={left ? 'open' : 'closed'}
      data-right={right && !none ? 'open' : 'closed'}
    >
      {(left || drawer === 'left') && (
        <AgentsColumn drawer={drawer === 'left'} onChosen={close} onExport={onExport} />
      )}
      <main className="page">
        <ErrorBoundary>
          {none && <Starters onImport={onImport} />}
          {loaded && !none && <Talk onImport={onImport} onToggle={toggle} />}
        </ErrorBoundary>
      </main>
      {!none && (right || drawer === 'right') && (
        <StatePane drawer={drawer === 'right'} onHide={() => toggle('right')} />
      )}
      <button type="button" className="scrim" aria-label={t('close')} onClick={close} />
    </div>
  );
}

/** Shows or hides a side column: its drawer in a narrow window, the column itself in a wide one. */
function useToggle(
  setDrawer: (change: (side: DrawerSide) => DrawerSide) => void,
): (side: 'left' | 'right') => void {
  const { preferences } = useStores();
  return useCallback(
    (side) => {
      if (matchMedia(NARROW).matches) {
        setDrawer((open) => (open === side ? null : side));
        return;
      }
      const { left_open, right_open, change } = preferences.getState();
      change(side === 'left' ? { left_open: !left_open } : { right_open: !right_open });
    },
    [preferences, setDrawer],
  );
}

/** Ctrl or Cmd with N, B, J, L, E, R; Esc closes nothing here, it belongs to the composer. */
function useShortcuts(toggle: (side: 'left' | 'right') => void): void {
  const stores = useStores();
  const actions = useRef<Record<string, () => void>>({});
  useEffect(() => {
    actions.current = {
      n: () => attempt(stores, () => startConversation(stores)),
      b: () => toggle('left'),
      j: () => toggle('right'),
      e: () => attempt(stores, () => editLast(stores)),
      r: () => attempt(stores, () => regenerateLast(stores)),
      l: () => document.querySelector<HTMLElement>('#composer')?.focus(),
    };
  }, [stores, toggle]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      const action = actions.current[event.key.toLowerCase()];
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  }, []);
}
