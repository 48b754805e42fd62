import type { MethodName } from '../../shared/contract/index.ts';
import { toTimestamp } from '../store/encoding.ts';
import { readSettings, writeSettings } from '../store/settings.ts';
import { deleteTraces } from '../store/step-list.ts';
import type { ApiDeps } from './deps.ts';
import type { Handlers } from './dispatch.ts';

type SettingsMethod = Extract<MethodName, `settings.${string}`>;

const DAY_MS = 86_400_000;

/** What holds for the whole of Memoir. */
export function settingsHandlers(deps: ApiDeps): Pick<Handlers, SettingsMethod> {
  const { database } = deps;
  return {
    'settings.get': () => readSettings(database.read),
    'settings.update': async ({ trace_days, approval_hours }) => {
      const settings = await database.transaction(async (tx) => {
        const current = await readSettings(tx);
        const changed = {
          trace_days: trace_days === undefined ? current.trace_days : trace_days,
          approval_hours: approval_hours === undefined ? current.approval_hours : approval_hours,
        };
        await writeSettings(tx, changed);
        return changed;
      });
      await forgetOldTraces(deps);
      return settings;
    },
  };
}

/** Deletes the requests and answers that are older than the settings keep them; says how many. */
export async function forgetOldTraces({
  database,
  clock,
}: Pick<ApiDeps, 'database' | 'clock'>): Promise<number> {
  const { trace_days } = await readSettings(database.read);
  if (trace_days === null) return 0;
  const before = toTimestamp(new Date(Date.parse(clock.now()) - trace_days * DAY_MS));
  return database.transaction((tx) => deleteTraces(tx, before));
}
