import { t } from '../../messages/t.ts';
import type { ActivityFilter, DayCount } from './activity-state.ts';

/** What a day held, as far as the filter asks for it; nothing while words are looked for, since those are not counted. */
export function dayWords(count: DayCount | undefined, { show, query }: ActivityFilter): string {
  if (count === undefined || query.trim() !== '') return '';
  const steps = t('activity.steps', { count: count.steps });
  const changes = t('activity.changes', { count: count.changes });
  switch (show) {
    case 'all':
      return t('activity.day', { steps, changes });
    case 'changes':
      return changes;
    case 'steps':
      return steps;
    case 'errors':
      return t('activity.failures', { count: count.failures });
  }
}
