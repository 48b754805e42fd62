import type { JSX } from 'react';
import type { Check, CurePlace } from '../../../shared/contract/diagnosis.ts';
import { t } from '../../messages/t.ts';
import { attempt } from '../../state/attempt.ts';
import { openConversation } from '../../state/navigation.ts';
import { useStores, type Stores } from '../../state/stores.ts';
import { Button } from '../../ui/button.tsx';
import { CopyButton } from '../archive/copy-button.tsx';
import { routeHref } from '../frame/route.ts';
import { showBlocks } from '../state-pane/show-blocks.ts';

/** Props of {@link CureButton}: `log_path` is shown where the cure is in the log. */
export type CureButtonProps = {
  readonly action: NonNullable<Check['action']>;
  readonly title: string;
  readonly log_path: string | null;
};

/** Leads to the place of a cure; of the log its path, to be copied. */
export function CureButton({ action, title, log_path }: CureButtonProps): JSX.Element | null {
  const stores = useStores();
  const { place, item_id } = action;
  if (place === 'log') {
    return log_path === null ? null : (
      <span className="row strip">
        <span className="t12 t2">{t('trouble.log')}</span>
        <span className="mono t12 wrap">{log_path}</span>
        <CopyButton text={log_path} />
      </span>
    );
  }
  const words = t(`trouble.place.${place}`);
  return (
    <Button
      size="s"
      aria-label={`${words}: ${title}`}
      onClick={() => attempt(stores, async () => GO[place](stores, item_id))}
    >
      {words}
    </Button>
  );
}

type Go = (stores: Stores, item_id: string | null) => void | Promise<void>;

const GO: Readonly<Record<Exclude<CurePlace, 'log'>, Go>> = {
  connect_model: ({ providers }, provider) => providers.getState().openCard(provider ?? undefined),
  model_settings: () => showSection('model'),
  tool_settings: () => showSection('tools'),
  memory: showBlocks,
  archive: () => location.assign(routeHref('archive')),
  conversation: async (stores, item_id) => {
    if (item_id !== null) await openConversation(stores, item_id);
    location.assign(routeHref('chat'));
  },
};

function showSection(name: string): void {
  const section = document.querySelector<HTMLElement>(`#settings-${name}`);
  section?.scrollIntoView({ block: 'start' });
  section?.focus({ preventScroll: true });
}
