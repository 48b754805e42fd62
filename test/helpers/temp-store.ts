import { onTestFinished } from 'vitest';
import type { Clock } from '../../electron/store/clock.ts';
import type { Database } from '../../electron/store/database.ts';
import { toTimestamp } from '../../electron/store/encoding.ts';
import { openStore } from '../../electron/store/open.ts';
import { systemClock } from '../../electron/store/clock.ts';
import { tempDir } from './temp-dir.ts';

/** A real store in a folder of its own; closed and gone when the test ends. */
export async function tempStore(): Promise<Database> {
  const folder = tempDir();
  const { database } = await openStore(folder);
  onTestFinished(() => database.close());
  return database;
}

/** A clock that moves on by one second each time it is asked, from 2026-01-01; its ids are random. */
export function steppingClock(start = '2026-01-01T00:00:00Z'): Clock {
  let milliseconds = Date.parse(start);
  return {
    now: () => {
      milliseconds += 1000;
      return toTimestamp(new Date(milliseconds));
    },
    newId: systemClock.newId,
  };
}

/** Makes an agent row, enough for memory to belong to it. Answers its id. */
export async function insertTestAgent(
  database: Database,
  options: { readonly name?: string; readonly timezone?: string } = {},
): Promise<string> {
  const id = systemClock.newId('agent');
  const now = systemClock.now();
  await database.transaction((tx) =>
    tx
      .insertInto('agent')
      .values({
        id,
        name: options.name ?? 'Ada',
        agent_type: 'letta_v1_agent',
        description: null,
        system: '',
        model: 'memoir/offline',
        model_settings: '{}',
        context_window_limit: null,
        compaction: '{}',
        policies: '{}',
        tools: '[]',
        tags: '[]',
        timezone: options.timezone ?? 'UTC',
        metadata: '{}',
        foreign_fields: '{}',
        version: 1,
        created_at: now,
        updated_at: now,
        last_run_at: null,
        deleted_at: null,
      })
      .execute(),
  );
  return id;
}
