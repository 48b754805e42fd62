import { provider_records, type ProviderMemory } from '../models/provider-records.ts';
import type { Database } from '../store/database.ts';
import { fromJson, toJson } from '../store/encoding.ts';
import { readSetting, writeSetting } from '../store/settings.ts';

const KEY = 'providers';

/** Keeps in the store what is known of providers; keys are never among it. */
export function providerMemory(database: Database): ProviderMemory {
  return {
    read: async () => {
      const text = await readSetting(database.read, KEY);
      const parsed = provider_records.safeParse(text === null ? null : fromJson(text));
      // What an older or newer Memoir kept in another form is only a convenience: it is learned anew.
      return parsed.success ? parsed.data : { providers: {}, probes: {} };
    },
    write: (records) => database.transaction((tx) => writeSetting(tx, KEY, toJson(records))),
  };
}
