import { formatNumber, t, type MessageKey } from '../../messages/t.ts';
import type { Step } from '../../../shared/contract/steps.ts';

/** Milliseconds as people read them: "1.9 s", "0.8 s", "40 ms". */
export function secondsWords(ms: number): string {
  if (ms < 100) return t('tool.ms', { count: ms });
  return t('activity.seconds', { seconds: formatNumber(Number((ms / 1000).toFixed(ms < 9_950 ? 1 : 0))) });
}

const ENDS: Partial<Record<NonNullable<Step['stop_reason']>, MessageKey>> = {
  end_turn: 'activity.end.end_turn',
  max_steps: 'activity.end.max_steps',
  tool_rule: 'activity.end.tool_rule',
  requires_approval: 'activity.end.requires_approval',
  max_tokens_exceeded: 'activity.end.max_tokens_exceeded',
  cancelled: 'activity.end.cancelled',
  interrupted: 'activity.end.interrupted',
};

/** What a step ended with, in a word or two. */
export function endWords({ stop_reason, tools, state, error }: Step): string {
  if (state !== 'closed') return t('activity.underWay');
  if (error !== null) return t('activity.end.error');
  const known = stop_reason === null ? undefined : ENDS[stop_reason];
  if (known !== undefined) return t(known);
  return t(tools.length > 0 ? 'activity.end.tools' : 'activity.end.end_turn');
}

/** The share of the tokens in that the provider had in its cache, in percent; `null` when it told of none. */
export function cachedPercent({ usage }: Step): number | null {
  if (usage === null || usage.prompt_tokens === 0 || usage.cached_input_tokens === 0) return null;
  return Math.round((usage.cached_input_tokens / usage.prompt_tokens) * 100);
}
