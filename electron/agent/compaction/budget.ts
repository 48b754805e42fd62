import type { ModelSettings } from '../../../shared/contract/agents.ts';

/** How a window is shared out, in tokens of a whole request. */
export type Budget = {
  /** What the model holds. */
  readonly window: number;
  /** A request above this is compacted before it is sent. */
  readonly trigger: number;
  /** What a compaction aims at, far enough below the trigger that the next one is many turns away. */
  readonly target: number;
  /** A request above this is not sent: the answer would have no room. */
  readonly most: number;
  /** System prompt, tools and memory above this leave too little room for a talk. */
  readonly floor_limit: number;
  /** The longest a summary may be. */
  readonly summary: number;
};

const TRIGGER_SHARE = 0.85;
const TARGET_SHARE = 0.55;
const MOST_SHARE = 0.95;
const FLOOR_SHARE = 0.6;
const SUMMARY_SHARE = 0.1;
const LONGEST_SUMMARY = 4000;

/**
 * Shares out a window of so many tokens. Providers count an answer that may be long against the window before it is
 * written, so its room is kept free, up to half of the window.
 */
export function shareWindow(window: number, settings: AnswerRoom): Budget {
  const asked = Math.max(settings.max_output_tokens ?? 0, settings.thinking_budget ?? 0);
  const left = window - Math.min(asked, Math.floor(window / 2));
  const trigger = Math.floor(Math.min(window * TRIGGER_SHARE, left));
  return {
    window,
    trigger,
    target: Math.floor((trigger * TARGET_SHARE) / TRIGGER_SHARE),
    most: Math.floor(Math.min(window * MOST_SHARE, left)),
    floor_limit: Math.floor(Math.min(window * FLOOR_SHARE, left)),
    summary: Math.min(LONGEST_SUMMARY, Math.floor(window * SUMMARY_SHARE)),
  };
}

type AnswerRoom = Pick<ModelSettings, 'max_output_tokens' | 'thinking_budget'>;
