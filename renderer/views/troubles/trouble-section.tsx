import { ClipboardCopy, RotateCw, TriangleAlert } from 'lucide-react';
import { useEffect, useSyncExternalStore, type JSX } from 'react';
import type { Diagnosis } from '../../../shared/contract/diagnosis.ts';
import { AppError } from '../../../shared/errors.ts';
import { exactTime } from '../../messages/time.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useAgent, useStores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Empty } from '../../ui/empty.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { parseAddress } from '../frame/route.ts';
import { SectionFrame } from '../settings/section-frame.tsx';
import { CheckRow, rowElementId } from './check-row.tsx';
import { useDiagnosis } from './use-diagnosis.ts';

/** Troubleshooting: each usual trouble with its state, cause and cure, for the chosen agent; give it a key by agent. */
export function TroubleSection(): JSX.Element {
  const agent = useAgent();
  const { diagnosis, busy, failure, check } = useDiagnosis(agent?.id ?? null);
  useShownRow(diagnosis !== null);
  const why = agent === null ? t('trouble.whyNobody') : t('trouble.why', { name: agent.name });
  const again = (
    <Button size="s" disabled={busy} onClick={check}>
      <Icon icon={RotateCw} size={14} />
      {t(busy ? 'trouble.checking' : 'trouble.again')}
    </Button>
  );
  return (
    <SectionFrame
      id="settings-troubles"
      title={t('settings.troubles')}
      aside={
        <>
          {diagnosis !== null && <CopyReport report={diagnosis.report} />}
          {again}
        </>
      }
    >
      <p className="t12 t2">{why}</p>
      {failure !== null && (
        <Empty icon={TriangleAlert} fact={t('trouble.failed')} why={failure} action={undefined} />
      )}
      {failure === null && diagnosis === null && <Skeleton lines={7} />}
      {failure === null && diagnosis !== null && <Rows diagnosis={diagnosis} busy={busy} />}
    </SectionFrame>
  );
}

function Rows({ diagnosis, busy }: { readonly diagnosis: Diagnosis; readonly busy: boolean }): JSX.Element {
  const { checks, at } = diagnosis;
  const log = checks.flatMap(({ facts }) => facts.filter(({ name }) => name === 'log_path'))[0]?.value;
  const count = checks.filter(({ state }) => state !== 'ok').length;
  const summary = count === 0 ? t('trouble.summary.ok') : t('trouble.summary.some', { count });
  return (
    <>
      <p className="t12 t2" role="status">
        {summary} {t('trouble.at', { when: exactTime(at) })}
      </p>
      <ul className="findings" aria-label={t('settings.troubles')} aria-busy={busy}>
        {checks.map((check) => (
          <CheckRow key={check.id} check={check} log_path={typeof log === 'string' ? log : null} />
        ))}
      </ul>
    </>
  );
}

function CopyReport({ report }: { readonly report: string }): JSX.Element {
  const stores = useStores();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(report);
    } catch (cause) {
      throw new AppError('unsupported', t('trouble.copyFailed'), { cause });
    }
    stores.toast.getState().show(t('trouble.copied'));
  };
  return (
    <Button kind="ghost" size="s" title={t('trouble.copy.why')} onClick={() => attempt(stores, copy)}>
      <Icon icon={ClipboardCopy} size={14} />
      {t('trouble.copy')}
    </Button>
  );
}

/** Brings the row the address names into view once the rows are there, each time another one is named. */
function useShownRow(ready: boolean): void {
  const row = useSyncExternalStore(onAddress, rowOfAddress);
  useEffect(() => {
    if (!ready || row === null) return;
    const element = document.getElementById(rowElementId(row));
    element?.scrollIntoView({ block: 'center' });
    element?.focus({ preventScroll: true });
  }, [ready, row]);
}

function rowOfAddress(): string | null {
  const address = parseAddress(location.hash);
  return address?.page === 'settings' ? address.item_id : null;
}

function onAddress(onChange: () => void): () => void {
  addEventListener('hashchange', onChange);
  return () => removeEventListener('hashchange', onChange);
}
