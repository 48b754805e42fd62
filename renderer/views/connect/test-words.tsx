import { Check, TriangleAlert } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import type { Provider } from '../../../shared/contract/providers.ts';
import { formatNumber, t } from '../../messages/t.ts';
import { placeOf } from '../../state/providers-standing.ts';
import type { TestOutcome } from '../../state/providers.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import type { ProviderTest } from './use-test.ts';

/** Props of {@link TestWords}: `title` stands over a failure. */
export type TestWordsProps = {
  readonly provider: Provider;
  readonly test: ProviderTest;
  readonly title?: string;
};

/** How a test goes: asking, with a way to stop waiting; how fast it answered; or cause and cure. */
export function TestWords({ test, title }: TestWordsProps): JSX.Element {
  const { state } = test;
  return (
    <>
      <div role="status">
        {state.kind === 'asking' && <Asking place={placeOf(state.base_url)} onStop={test.reset} />}
        {state.kind === 'told' && state.outcome.ok && <Answered outcome={state.outcome} />}
      </div>
      {state.kind === 'told' && state.outcome.problem !== null && (
        <Trouble
          {...(title === undefined ? {} : { title })}
          cause={state.outcome.problem.cause}
          cure={state.outcome.problem.cure}
        />
      )}
      {state.kind === 'failed' && <Trouble cause={state.message} cure="" />}
    </>
  );
}

const SLOW_MS = 3000;

/** Props of {@link Asking}: whom, and what to do when nobody wants to wait any more. */
export type AskingProps = { readonly place: string; readonly onStop: () => void };

/** Says who is asked, and after a while that it is slow. */
export function Asking({ place, onStop }: AskingProps): JSX.Element {
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), SLOW_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div className="row t12 t2">
      <span className="cut">{t(slow ? 'connect.asking.slow' : 'connect.asking', { place })}</span>
      <Button kind="ghost" size="s" onClick={onStop}>
        {t('connect.stop')}
      </Button>
    </div>
  );
}

function Answered({ outcome }: { readonly outcome: TestOutcome }): JSX.Element {
  const ms = formatNumber(outcome.latency_ms);
  return (
    <p className="row g1 t12 ok">
      <Icon icon={Check} size={14} />
      {outcome.models === null
        ? t('connect.test.okPlain', { ms })
        : t('connect.test.ok', { ms, count: outcome.models })}
    </p>
  );
}

/** Props of {@link Trouble}: what happened and what helps, with a few words over both. */
export type TroubleProps = { readonly title?: string; readonly cause: string; readonly cure: string };

/** Why a provider did not answer, and what helps. */
export function Trouble({ title, cause, cure }: TroubleProps): JSX.Element {
  return (
    <div className="note warn" role="alert">
      <Icon icon={TriangleAlert} />
      <div className="grow wrap">
        {title !== undefined && <b>{title}</b>}
        <p>{cause}</p>
        {cure !== '' && <p className="t2">{cure}</p>}
      </div>
    </div>
  );
}
