import type { JSX } from 'react';
import type { CheckId } from '../../../shared/contract/diagnosis.ts';
import { t } from '../../messages/t.ts';
import { useAgents } from '../../state/stores.ts';
import { addressHref, routeHref } from '../frame/route.ts';
import './troubles.css';

/** Props of {@link TroubleLink}: the row of the troubleshooting it leads to. */
export type TroubleLinkProps = { readonly row: CheckId };

/** Where a trouble shows itself: the way to its cause and cure. */
export function TroubleLink({ row }: TroubleLinkProps): JSX.Element {
  const agent_id = useAgents((state) => state.selected_id);
  const href =
    agent_id === null ? routeHref('settings') : addressHref({ page: 'settings', agent_id, item_id: row });
  return (
    <a className="link t12" href={href} aria-label={t('trouble.link.name', { row: t(`trouble.${row}`) })}>
      {t('trouble.link')}
    </a>
  );
}

/** The row that tells about a failure, by its code. */
export function rowOfError(code: string | undefined): CheckId {
  if (code === 'model_overflow') return 'context_exceeded';
  if (code === 'tool_failed') return 'tool_failures';
  return code?.startsWith('store_') === true ? 'memory_not_kept' : 'no_answer';
}
