import { z } from 'zod';
import { probe_result, remote_model } from '../../shared/contract/providers.ts';

/** What is remembered of one provider. Its key is not among it. */
export const provider_record = z.object({
  /** Whether a person chose to use it. */
  connected: z.boolean(),
  /** Address a person gave; `null` for the provider's own or that of the environment. */
  base_url: z.string().nullable(),
  /** Whether a key may go to `base_url`: only one that was given together with it. */
  with_key: z.boolean(),
  models: z.array(remote_model),
  listed_at: z.string().nullable(),
});

/** What is remembered of all providers, and of models by handle. */
export const provider_records = z.object({
  providers: z.record(z.string(), provider_record),
  probes: z.record(z.string(), probe_result),
});

/** One of {@link provider_record}. */
export type ProviderRecord = z.infer<typeof provider_record>;
/** One of {@link provider_records}. */
export type ProviderRecords = z.infer<typeof provider_records>;

/** Where the records are kept between starts. */
export type ProviderMemory = {
  readonly read: () => Promise<ProviderRecords>;
  readonly write: (records: ProviderRecords) => Promise<void>;
};

/** What is remembered of a provider nobody touched. */
export const NO_RECORD: ProviderRecord = {
  connected: false,
  base_url: null,
  with_key: false,
  models: [],
  listed_at: null,
};

/** Memory that lasts as long as the process. */
export function forgetfulMemory(): ProviderMemory {
  return {
    read: () => Promise.resolve({ providers: {}, probes: {} }),
    write: () => Promise.resolve(),
  };
}
