import { useEffect, useState, type JSX } from 'react';
import { attempt } from './state/attempt.ts';
import { reload } from './state/navigation.ts';
import { useConnection, useStores, useToast } from './state/stores.ts';
import { followEvents } from './state/sync.ts';
import { ErrorBoundary } from './ui/error-boundary.tsx';
import { ToastView } from './ui/toast.tsx';
import { ArchivePage } from './views/archive/archive-page.tsx';
import { ChatPage } from './views/chat/chat-page.tsx';
import { FailurePage } from './views/failure/failure-page.tsx';
import { Rail } from './views/frame/rail.tsx';
import { useRoute, type Route } from './views/frame/route.ts';
import { TopBar } from './views/frame/top-bar.tsx';
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
  useEffect(() => {
    attempt(stores, () => reload(stores));
    return followEvents(stores);
  }, [stores]);
  if (kind === 'starting') return null;
  if (store !== 'ready') return <FailurePage />;
  return <Frame />;
}

function Frame(): JSX.Element {
  const route = useRoute();
  const [dialog, setDialog] = useState<FrameDialog>(null);
  const close = (open: boolean): void => {
    if (!open) setDialog(null);
  };
  return (
    <div className="app">
      <TopBar onImport={() => setDialog('import')} onExport={() => setDialog('export')} />
      <Rail route={route} />
      <ErrorBoundary key={route}>
        <Page route={route} onImport={() => setDialog('import')} onExport={() => setDialog('export')} />
      </ErrorBoundary>
      <ImportDialog open={dialog === 'import'} onOpenChange={close} />
      <ExportDialog open={dialog === 'export'} onOpenChange={close} />
      <ToastHost />
    </div>
  );
}

type PageProps = { readonly route: Route; readonly onImport: () => void; readonly onExport: () => void };

function Page({ route, onImport, onExport }: PageProps): JSX.Element {
  switch (route) {
    case 'chat':
      return <ChatPage onImport={onImport} onExport={onExport} />;
    case 'archive':
      return <ArchivePage />;
    case 'settings':
      return <SettingsPage />;
  }
}

function ToastHost(): JSX.Element {
  const toast = useToast((state) => state.toast);
  const dismiss = useToast((state) => state.dismiss);
  return (
    <div role="status" aria-live="polite">
      {toast !== null && (
        <ToastView
          key={toast.id}
          text={toast.text}
          tone={toast.tone}
          action={toast.action}
          onDismiss={dismiss}
        />
      )}
    </div>
  );
}
