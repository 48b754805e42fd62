import { CircleAlert, CircleStop, Hourglass, Repeat } from 'lucide-react';
import type { JSX } from 'react';
import type { Run } from '../../../shared/contract/conversations.ts';
import { t, type MessageKey } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useAgent, useStores, useTalk } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { Icon } from '../../ui/icon.tsx';
import { FloorCure } from '../context/floor-cure.tsx';
import { FailedStepLink } from './failed-step-link.tsx';
import { rowOfError, TroubleLink } from '../troubles/trouble-link.tsx';
import { WaitingHint } from '../troubles/waiting-hint.tsx';
import { troubleOf, type RunTrouble } from './turns.ts';

/** Under the answer that is written: that its run waits, for how long and why. */
export function RunWaits(): JSX.Element | null {
  const running = useTalk((state) => state.run?.state === 'running');
  const waiting = useTalk((state) => state.waiting);
  if (waiting === null || !running) return <WaitingHint />;
  return (
    <div className="trouble" role="status">
      <Icon icon={Hourglass} />
      <span className="grow wrap">
        {t('run.waiting', { seconds: Math.ceil(waiting.wait_ms / 1000), reason: waiting.reason })}
      </span>
    </div>
  );
}

/** Under the newest message or its answer: why its run did not end well, and how to go on. */
export function RunNotice(): JSX.Element | null {
  const run = useTalk((state) => state.run);
  const trouble = run === null ? null : troubleOf(run);
  return run === null || trouble === null ? null : <Trouble run={run} trouble={trouble} />;
}

const ICONS = {
  failed: CircleAlert,
  interrupted: CircleStop,
  cancelled: CircleStop,
  maxSteps: CircleStop,
  loop: Repeat,
} as const satisfies Record<RunTrouble['kind'], typeof CircleAlert>;

/** What goes on is told apart from what is asked anew. */
const RESUMES = {
  failed: 'run.again',
  interrupted: 'run.resume',
  cancelled: 'run.resume',
  maxSteps: 'run.goOn',
  loop: 'run.again',
} as const satisfies Record<RunTrouble['kind'], MessageKey>;

type WhyProps = { readonly trouble: RunTrouble; readonly name: string; readonly steps: number };

/** Why it ended so, in words of its own where the reason is known, else in those of the backend. */
function Why({ trouble, name, steps }: WhyProps): JSX.Element | null {
  if (trouble.kind === 'maxSteps')
    return <span className="block t2">{t('run.maxSteps.why', { name, count: steps })}</span>;
  if (trouble.kind === 'loop') return <span className="block t2">{t('run.loop.why', { name })}</span>;
  return trouble.message === null ? null : <span className="block t2">{trouble.message}</span>;
}

function Trouble({ run, trouble }: { readonly run: Run; readonly trouble: RunTrouble }): JSX.Element {
  const stores = useStores();
  const name = useAgent()?.name ?? '';
  const failed = trouble.kind === 'failed';
  return (
    <div className={`trouble ${failed ? 'failed' : ''}`} role={failed ? 'alert' : 'status'}>
      <Icon icon={ICONS[trouble.kind]} />
      <span className="grow wrap">
        <span className="em">{t(`run.${trouble.kind}`)}</span>
        <Why trouble={trouble} name={name} steps={run.step_count} />
        {run.error?.code === 'model_overflow' && <FloorCure />}
        {failed && <WaysOut run={run} />}
      </span>
      {trouble.kind !== 'cancelled' && (
        <Button size="s" onClick={() => attempt(stores, () => stores.talk.getState().resume(run.id))}>
          {t(RESUMES[trouble.kind])}
        </Button>
      )}
    </div>
  );
}

/** What can be done about a failure, and what was sent. */
function WaysOut({ run }: { readonly run: Run }): JSX.Element {
  return (
    <span className="row g3">
      <TroubleLink row={rowOfError(run.error?.code)} />
      <FailedStepLink run={run} />
    </span>
  );
}
