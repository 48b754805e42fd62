import type { Clock } from '../store/clock.ts';
import type { BackupRows } from '../store/import.ts';
import type { Pause } from '../store/pause.ts';

/** How to import. */
export type ImportOptions = {
  /** Name for the agent; with several agents in the file only the first takes it. */
  readonly name?: string | undefined;
  /** Handle that replaces the one in the file, for every agent. */
  readonly model?: string | undefined;
  readonly strip_messages: boolean;
  readonly clock: Clock;
  /** Copies the store as it is; called before the first write. With none given, no copy is made. */
  readonly takeSnapshot?: (() => Promise<unknown>) | undefined;
  /** Names of the tools that run here; with none given, nothing is said about tools. */
  readonly known_tools?: ReadonlySet<string> | undefined;
  /** What is missing for a model to answer, in a sentence; `null` when nothing is. With none given, nothing is said. */
  readonly whyModelMissing?: ((handle: string) => string | null) | undefined;
};

/** New rows of a file and which id of it became which. */
export type ImportPlan = {
  readonly agent_ids: readonly string[];
  readonly rows: BackupRows;
  readonly ids: ReadonlyMap<string, string>;
  /** What had to be mended, in sentences. */
  readonly repairs: readonly string[];
};

/** How to plan: what an import is told, and when to let others go first. */
export type PlanOptions = ImportOptions & { readonly pause: Pause };
