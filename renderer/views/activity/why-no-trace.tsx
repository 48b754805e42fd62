import { FileX2, LoaderCircle, type LucideIcon } from 'lucide-react';
import { useEffect, useState, type JSX } from 'react';
import type { Settings } from '../../../shared/contract/settings.ts';
import type { Step } from '../../../shared/contract/steps.ts';
import { t } from '../../messages/t.ts';
import { attemptQuietly } from '../../state/attempt.ts';
import { useStores } from '../../state/stores.ts';
import { Empty } from '../../ui/empty.tsx';

const DAY_MS = 86_400_000;

/** Why a step has no request to show: it is under way, it was cut before, or it is no longer kept. */
export function WhyNoTrace({ step }: { readonly step: Step }): JSX.Element {
  const stores = useStores();
  const [settings, setSettings] = useState<Settings | null>(null);
  useEffect(() => {
    attemptQuietly(stores, async () => setSettings(await stores.client.call('settings.get', {})));
  }, [stores]);
  const [icon, words] = reasonOf(step, settings);
  return (
    <div className="act-body">
      <Empty
        icon={icon}
        fact={t(`activity.noTrace.${words}`)}
        why={t(`activity.noTrace.${words}.why`, {
          days: t('activity.noTrace.days', { count: settings?.trace_days ?? 0 }),
        })}
      />
    </div>
  );
}

function reasonOf(
  step: Step,
  settings: Settings | null,
): [LucideIcon, 'underWay' | 'tooOld' | 'cut' | 'none'] {
  if (step.state !== 'closed') return [LoaderCircle, 'underWay'];
  const days = settings?.trace_days ?? null;
  if (days !== null && Date.parse(step.created_at) < Date.now() - days * DAY_MS) return [FileX2, 'tooOld'];
  return [FileX2, step.usage === null ? 'cut' : 'none'];
}
