import type { Summary } from '../../../shared/contract/summaries.ts';
import { t } from '../../messages/t.ts';

/** Which messages a summary stands for. */
export function rangeOf({ covers_from_seq: from, covers_to_seq: to }: Summary): string {
  return t('context.summary.range', { from, to });
}

/** Who wrote a summary, and how it was asked for. */
export function writtenBy({ model, mode, stats }: Summary): string {
  const by = model === null ? t('context.summary.quoted') : t('context.summary.by', { model });
  return `${by}, ${t(`context.mode.${mode}`)}, ${t(`context.trigger.${stats.trigger}`)}`;
}
