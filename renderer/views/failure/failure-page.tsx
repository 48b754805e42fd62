import { Copy, DatabaseZap, RotateCw } from 'lucide-react';
import { useEffect, useRef, useState, type JSX } from 'react';
import type { WireError } from '../../../shared/errors.ts';
import { exactTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import type { SystemInfo } from '../../state/connection.ts';
import { reload } from '../../state/navigation.ts';
import { useConnection, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { CopyButton } from '../archive/copy-button.tsx';
import { Logo } from '../frame/logo.tsx';

/** Full-window page when the store does not open or the backend does not answer: cause, place, what was kept, Retry. */
export function FailurePage(): JSX.Element {
  const info = useConnection((state) => state.info);
  const error = useConnection((state) => state.error);
  const silent = useConnection((state) => state.kind) === 'silent';
  const cause = silent || info === null || info.store === 'ready' ? 'silent' : info.store;
  return (
    <div className="err">
      <header className="top">
        <div className="row" style={{ gap: 0 }}>
          <Logo />
          <span className="crumb">
            <b>{t('app')}</b>
          </span>
        </div>
      </header>
      <main>
        <div className="in" role="alert">
          <div className="row lead">
            <Icon icon={DatabaseZap} size={20} className="danger" />
            <div>
              <h1>{t(`failure.${cause}`)}</h1>
              <p className="t2">{adviceOf(cause, info, error)}</p>
            </div>
          </div>
          <Facts cause={cause} info={info} />
          <Actions diagnostics={{ cause, info, error }} />
          {info !== null && (
            <p className="t12 t3 version">{t('failure.version', { version: info.version })}</p>
          )}
        </div>
      </main>
    </div>
  );
}

/** The page tries again by itself this often. */
const RETRY_MS = 5000;

type Cause = 'silent' | 'corrupt' | 'newer' | 'locked' | 'full';

function Facts({ cause, info }: { readonly cause: Cause; readonly info: SystemInfo | null }): JSX.Element {
  const backup = info?.last_backup ?? null;
  return (
    <dl className="kv">
      <dt>{t('failure.cause')}</dt>
      <dd className="em">{t(`failure.cause.${cause}`)}</dd>
      {info !== null && (
        <>
          <dt>{t('failure.folder')}</dt>
          <dd className="row">
            <span className="mono wrap">{info.data_dir}</span>
            <CopyButton text={info.data_dir} />
          </dd>
        </>
      )}
      <dt>{t('failure.kept')}</dt>
      <dd>{t(cause === 'silent' ? 'failure.kept.silent' : 'failure.kept.text')}</dd>
      {cause !== 'silent' && (
        <>
          <dt>{t('failure.then')}</dt>
          <dd>{t('failure.then.text')}</dd>
        </>
      )}
      {backup !== null && (
        <>
          <dt>{t('failure.backup')}</dt>
          <dd>
            {exactTime(backup.at)} <span className="mono t2">{backup.path}</span>
          </dd>
        </>
      )}
    </dl>
  );
}

/** What to do, in the words of whoever knows best. */
function adviceOf(cause: Cause, info: SystemInfo | null, error: WireError | null): string {
  const words = cause === 'silent' ? error?.message : info?.message;
  return words ?? t('failure.do.silent');
}

function Actions({ diagnostics }: { readonly diagnostics: object }): JSX.Element {
  const stores = useStores();
  const [trying, setTrying] = useState(false);
  const [copied, setCopied] = useState(false);
  const first = useRef<HTMLButtonElement>(null);
  useEffect(() => first.current?.focus(), []);
  useEffect(() => {
    const timer = setInterval(() => attempt(stores, () => reload(stores)), RETRY_MS);
    return () => clearInterval(timer);
  }, [stores]);
  const retry = async (): Promise<void> => {
    setTrying(true);
    await reload(stores).finally(() => setTrying(false));
  };
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(
      JSON.stringify({ ...diagnostics, at: new Date().toISOString() }, null, 2),
    );
    setCopied(true);
  };
  return (
    <div className="row flex-wrap">
      <Button ref={first} kind="prim" size="l" disabled={trying} onClick={() => attempt(stores, retry)}>
        <Icon icon={RotateCw} />
        {trying ? t('failure.trying') : t('failure.retry')}
      </Button>
      <Button size="l" onClick={() => attempt(stores, copy)}>
        <Icon icon={Copy} />
        {copied ? t('failure.copied') : t('failure.copy')}
      </Button>
    </div>
  );
}
