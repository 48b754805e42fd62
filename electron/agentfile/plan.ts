import type { Clock } from '../store/clock.ts';
import type { BackupRows } from '../store/import.ts';

/** How to import. */
export type ImportOptions = {
  /** Name for the agent; with several agents in the file only the first takes it. */
  readonly name?: string | undefined;
  /** Handle that replaces the one in the file, for every agent. */
  readonly model?: string | undefined;
  readonly strip_messages: boolean;
  readonly clock: Clock;
};

/** New rows of a file and which id of it became which. */
export type ImportPlan = {
  readonly agent_ids: readonly string[];
  readonly rows: BackupRows;
  readonly ids: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
};
