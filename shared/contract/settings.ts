import { z } from 'zod';
import { method } from './method.ts';

/** What holds for the whole of Memoir, whoever looks. How the window looks is kept by each window itself. */
export const settings = z.object({
  /**
   * Days for which the exact requests and answers of steps are kept; `null`: for ever. Steps keep what they cost, and
   * the talk keeps what was said, in any case.
   */
  trace_days: z.number().int().min(1).max(36_500).nullable(),
  /** Hours a call waits for an answer before it counts as denied; `null`: for ever. */
  approval_hours: z.number().min(0.01).max(876_000).nullable(),
});

/** The methods of settings. */
export const settings_methods = {
  'settings.get': method({
    summary: 'Reads the settings.',
    input: z.object({}),
    output: settings,
    errors: [],
  }),
  'settings.update': method({
    summary:
      'Changes settings; what is left out stays. Requests that are too old by then are deleted at once.',
    input: settings.partial(),
    output: settings,
    errors: [],
  }),
};

export type Settings = z.infer<typeof settings>;
