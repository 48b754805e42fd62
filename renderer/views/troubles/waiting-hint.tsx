import { Hourglass } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import { t } from '../../messages/t.ts';
import { useTalk } from '../../state/stores.ts';
import { Icon } from '../../ui/icon.tsx';
import { TroubleLink } from './trouble-link.tsx';

/** Silence after which a person wonders whether anything happens, in seconds. */
const PATIENCE_S = 10;

/** While nothing comes from the model for long: for how long, and the way to what can be done. */
export function WaitingHint(): JSX.Element | null {
  const step = useTalk((state) =>
    state.run?.state === 'running' && state.draft === null && state.waiting === null
      ? `${state.run.id} ${state.messages.length}`
      : null,
  );
  return step === null ? null : <Waiting key={step} />;
}

/** Counts from when it is first shown: what is waited for began then. */
function Waiting(): JSX.Element | null {
  const seconds = useSeconds();
  if (seconds < PATIENCE_S) return null;
  return (
    <div className="trouble">
      <Icon icon={Hourglass} />
      <span className="sr" role="status">
        {t('trouble.waiting.short')}
      </span>
      <span className="grow wrap num" aria-hidden="true">
        {t('trouble.waiting', { seconds })}
      </span>
      <TroubleLink row="slow_answers" />
    </div>
  );
}

function useSeconds(): number {
  const [from] = useState(() => Date.now());
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setSeconds(Math.floor((Date.now() - from) / 1000)), 1000);
    return () => clearInterval(timer);
  }, [from]);
  return seconds;
}
