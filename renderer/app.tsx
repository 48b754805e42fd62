import { Direction } from 'radix-ui';
import { useCallback, useEffect, useState, type JSX } from 'react';
import { useConnection, usePreferences, useStores, useToast } from './state/stores.ts';
import { followEvents } from './state/sync.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { ToastView } from './ui/toast.tsx';
import { ActivityPage } from './views/activity/activity-page.tsx';
import { ArchivePage } from './views/archive/archive-page.tsx';
import { ContextPage } from './views/context/context-page.tsx';
import { ChatPage } from './views/chat/chat-page.tsx';
import { FailurePage } from './views/failure/failure-page.tsx';
import { ConnectDialog } from './views/connect/connect-dialog.tsx';
import { Columns } from './views/frame/columns.tsx';
import { beginAtAddress, followAddress } from './views/frame/follow-address.ts';
import { Rail } from './views/frame/rail.tsx';
import { useRoute, type Route } from './views/frame/route.ts';
import { SkipLink } from './views/frame/skip-link.tsx';
import { TopBar } from './views/frame/top-bar.tsx';
import { useDrawerFocus } from './views/frame/use-drawer-focus.ts';
import { useFrameKeys } from './views/frame/use-frame-keys.ts';
import { useShellCommands } from './views/frame/use-shell-commands.ts';
import { ReviewPage } from './views/review/review-page.tsx';
import { useWindowTitle } from './views/review/use-waiting-count.ts';
import { SettingsPage } from './views/settings/settings-page.tsx';
import { ExportDialog } from './views/transfer/export-dialog.tsx';
import { ImportDialog } from './views/transfer/import-dialog.tsx';

/** Which dialog of the frame is open. */
type FrameDialog = 'import' | 'export' | null;

/** The window: the frame with the page of the hash route, or the full-window failure page. */
export function App(): JSX.Element | null {
  const stores = useStores();
  const kind = useConnection((state) => state.kind);
  const store = useConnection((state) => state.info?.store ?? null);
  // Everything below is drawn anew, not made anew, so that what is being written stays.
  usePreferences((state) => state.language);
  useEffect(() => {
    beginAtAddress(stores);
    return followEvents(stores);
  }, [stores]);
  if (kind === 'starting') return null;
  // Menus and dialogs turn their keys and their place around with it.
  return (
    <Direction.Provider dir={document.dir === 'rtl' ? 'rtl' : 'ltr'}>
      {store === 'ready' ? <Frame /> : <FailurePage />}
    </Direction.Provider>
  );
}

function Frame(): JSX.Element {
  const stores = useStores();
  const route = useRoute();
  useEffect(() => followAddress(stores), [stores]);
  const [dialog, setDialog] = useState<FrameDialog>(null);
  useFrameKeys(route);
  useWindowTitle();
  const openImport = useCallback(() => setDialog('import'), []);
  const openExport = useCallback(() => setDialog('export'), []);
  useShellCommands({ onImport: openImport, onExport: openExport });
  useDrawerFocus(route);
  const close = (open: boolean): void => {
    if (!open) setDialog(null);
  };
  return (
    <Columns>
      <SkipLink route={route} />
      <TopBar onImport={openImport} onExport={openExport} />
      <Rail route={route} />
      <ErrorBoundary key={route}>
        <Page route={route} onImport={openImport} onExport={openExport} />
      </ErrorBoundary>
      <ImportDialog open={dialog === 'import'} onOpenChange={close} />
      <ExportDialog open={dialog === 'export'} onOpenChange={close} />
      <ConnectDialog />
      <ToastHost />
    </Columns>
  );
}

type PageProps = { readonly route: Route; readonly onImport: () => void; readonly onExport: () => void };

function Page({ route, onImport, onExport }: PageProps): JSX.Element {
  switch (route) {
    case 'chat':
      return <ChatPage onImport={onImport} onExport={onExport} />;
    case 'context':
      return <ContextPage />;
    case 'archive':
      return <ArchivePage />;
    case 'activity':
      return <ActivityPage />;
    case 'review':
      return <ReviewPage />;
    case 'settings':
      return <SettingsPage />;
  }
}

function ToastHost(): JSX.Element {
  const { toast: store } = useStores();
  const toast = useToast((state) => state.toast);
  // Its action may already have put the next toast in its place, which stays.
  const dismiss = (id: number): void => {
    const { toast: current, dismiss: clear } = store.getState();
    if (current?.id === id) clear();
  };
  return (
    <div role="status" aria-live="polite">
      {toast !== null && (
        <ToastView
          key={toast.id}
          text={toast.text}
          tone={toast.tone}
          action={toast.action}
          onDismiss={() => dismiss(toast.id)}
        />
      )}
    </div>
  );
}
