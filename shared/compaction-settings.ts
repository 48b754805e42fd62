import { type Compaction, compaction } from './contract/agents.ts';

const LEAST_CHARS = 500;
const MOST_CHARS = 200_000;

/**
 * Reads Letta's `compaction_settings` as far as Memoir acts on them. Numbers beyond its bounds become the nearest within;
 * what it can't read keeps its default.
 */
export function readCompaction(settings: Readonly<Record<string, unknown>>): Partial<Compaction> {
  const { model, prompt } = settings;
  const mode = compaction.shape.mode.safeParse(settings['mode']).data;
  const share = numberIn(settings['sliding_window_percentage'], 0.05, 0.95);
  const clip = settings['clip_chars'] === null ? MOST_CHARS : settings['clip_chars'];
  const clip_chars = numberIn(clip, LEAST_CHARS, MOST_CHARS);
  return {
    ...(mode === undefined ? {} : { mode }),
    ...(typeof model === 'string' || model === null ? { model } : {}),
    ...(typeof prompt === 'string' || prompt === null ? { prompt: prompt?.slice(0, 20_000) ?? null } : {}),
    ...(clip_chars === null ? {} : { clip_chars: Math.round(clip_chars) }),
    ...(share === null ? {} : { sliding_window_percentage: share }),
  };
}

function numberIn(value: unknown, least: number, most: number): number | null {
  if (typeof value !== 'number' || !Number.isFinite(value)) return null;
  return Math.min(most, Math.max(least, value));
}
