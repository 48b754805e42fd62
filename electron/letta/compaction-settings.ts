import { z } from 'zod';
import { type Agent, type Compaction, compaction } from '../../shared/contract/agents.ts';
import { readCompaction } from '../../shared/compaction-settings.ts';
import type { Wire } from './wire.ts';

/** `CompactionSettings` of V1. */
export const compaction_settings = z.looseObject({
  model: z.string().nullish(),
  model_settings: z.record(z.string(), z.unknown()).nullish(),
  prompt: z.string().nullish(),
  prompt_acknowledgement: z.boolean().nullish(),
  clip_chars: z.number().int().nullish(),
  mode: compaction.shape.mode.nullish(),
  sliding_window_percentage: z.number().nullish(),
});

type Settings = z.output<typeof compaction_settings>;

/** What Memoir acts on. */
export function compactionOf(settings: Settings): Partial<Compaction> {
  return readCompaction(settings);
}

/** What it keeps and gives back without acting on it. */
export function keptCompaction({ model_settings, prompt_acknowledgement }: Settings): Wire {
  return {
    model_settings: model_settings ?? null,
    prompt_acknowledgement: prompt_acknowledgement ?? false,
  };
}

/** The settings of an agent as V1 sends them. */
export function wireCompaction({ compaction: settings, foreign }: Agent): Wire {
  const kept = foreign['compaction_settings'];
  const { model_settings = null, prompt_acknowledgement = false } =
    typeof kept === 'object' && kept !== null ? (kept as Wire) : {};
  return { ...settings, model_settings, prompt_acknowledgement };
}
