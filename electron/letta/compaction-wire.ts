import { randomUUID } from 'node:crypto';
import type { Summary, SummaryStats } from '../../shared/contract/summaries.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import { part, wireBase } from './message-base.ts';
import { type Wire, wireDate } from './wire.ts';

/** Letta's words for what called for a compaction. */
const TRIGGERS: Readonly<Record<SummaryStats['trigger'], string>> = {
  window_full: 'post_step_context_check',
  provider_overflow: 'context_window_exceeded',
  manual: 'manual',
};

/** V1's message that a window is about to be compacted. */
export function wireCompacting(event: Extract<MemoirEvent, { type: 'run.compacting' }>): Wire {
  const { run_id, trigger, window, effect } = event;
  const date = wireDate(new Date().toISOString());
  return {
    ...wireBase({ id: randomUUID(), date, message_type: 'event_message', run_id }),
    event_type: 'compaction',
    event_data: {
      trigger: TRIGGERS[trigger],
      context_token_estimate: effect.tokens_before,
      context_window: window,
    },
  };
}

/** V1's message with the summary that took the place of what left a window. */
export function wireSummary({ id, run_id, text, stats, created_at }: Summary): Wire {
  const message_id = `message-${id.slice(id.indexOf('-') + 1)}`;
  return {
    ...wireBase({
      id: message_id,
      date: wireDate(created_at),
      message_type: 'summary_message',
      otid: part(message_id, 0),
      run_id,
    }),
    summary: text,
    compaction_stats: {
      trigger: TRIGGERS[stats.trigger],
      context_tokens_before: stats.tokens_before,
      context_tokens_after: stats.tokens_after,
      context_window: stats.window,
      messages_count_before: stats.messages_before,
      messages_count_after: stats.messages_after,
    },
  };
}
