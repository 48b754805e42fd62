import { z } from 'zod';
import { method } from './method.ts';
import { memory_tools } from './providers.ts';

/** A model that can be chosen. */
export const model = z.object({
  handle: z.string(),
  name: z.string(),
  provider: z.string(),
  /** Tokens. */
  context_window: z.number().int(),
  /** False when its provider has no key or address here. */
  available: z.boolean(),
  /** What `models.probe` found; `null` when it was not asked. */
  memory_tools: memory_tools.nullable(),
});

/** A tool that can be attached to an agent. */
export const tool_summary = z.object({
  name: z.string(),
  description: z.string(),
  json_schema: z.record(z.string(), z.unknown()),
});

/** What a store can be when it does not open, each with its own screen. */
export const store_state = z.enum(['ready', 'corrupt', 'newer', 'locked', 'full']);

/** The methods of system. */
export const system_methods = {
  'system.info': method({
    summary: 'Says who answers: version, data folder, whether the store is sound, where the last backup is.',
    input: z.object({}),
    output: z.object({
      version: z.string(),
      boot_id: z.string(),
      data_dir: z.string(),
      store: store_state,
      /** Cause and cure when `store` is not `ready`. */
      message: z.string().nullable(),
      last_backup: z.object({ path: z.string(), at: z.string(), bytes: z.number() }).nullable(),
    }),
    errors: [],
  }),
  'models.list': method({
    summary: 'Lists the models at hand. Asks no other computer.',
    input: z.object({}),
    output: z.object({ models: z.array(model), default_model: z.string() }),
    errors: [],
  }),
  'tools.list': method({
    summary: 'Lists the built-in tools.',
    input: z.object({}),
    output: z.object({ tools: z.array(tool_summary) }),
    errors: [],
  }),
};

export type ModelInfo = z.infer<typeof model>;
export type ToolSummary = z.infer<typeof tool_summary>;
export type StoreState = z.infer<typeof store_state>;
