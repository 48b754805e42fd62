import type { JSX } from 'react';
import type { Run } from '../../../shared/contract/conversations.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { useStores, type Stores } from '../../state/stores.ts';
import { addressHref, writeAddress } from '../frame/route.ts';

/** Leads from a run that failed to the step it failed in; to the run itself when it failed before its first. */
export function FailedStepLink({ run }: { readonly run: Run }): JSX.Element {
  const stores = useStores();
  return (
    <a
      className="link t12 whitespace-nowrap"
      href={hrefOf(run.id)}
      onClick={(event) => {
        event.preventDefault();
        attempt(stores, () => openFailedStep(stores, run));
      }}
    >
      {t('run.details')}
    </a>
  );
}

async function openFailedStep({ client }: Stores, run: Run): Promise<void> {
  const { steps } = await client.call('steps.list', { run_id: run.id, failed: true, limit: 1 });
  writeAddress(hrefOf(steps[0]?.id ?? run.id), 'push');
}

function hrefOf(item_id: string): string {
  return addressHref({ page: 'activity', agent_id: null, item_id });
}
