import type { Draft, Run } from '../../shared/contract/conversations.ts';
import type { MemoirEvent } from '../../shared/events.ts';
import type { ModelRegistry } from '../models/model.ts';
import type { Timers } from '../models/timers.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import type { KnownMessages } from '../store/window-messages.ts';
import type { ToolRegistry } from '../tools/registry.ts';
import type { Wording } from './pairing.ts';

/** What a runtime is made with. */
export type RuntimeOptions = {
  readonly database: Database;
  readonly models: ModelRegistry;
  readonly tools: ToolRegistry;
  readonly clock: Clock;
  /** Tells every subscriber; called only after a commit. */
  readonly emit: (event: MemoirEvent) => void;
  /** Takes one line without personal content. */
  readonly log: (line: string) => void;
  /** This process among those that use or used the data folder. */
  readonly instance_id: string;
  /** For trying again what the store refused. Default: real time. */
  readonly timers?: Timers;
};

/** What the parts of a runtime work with. */
export type RuntimeDeps = RuntimeOptions & {
  /** One for all requests: it keeps the formats of the time zones it met. */
  readonly wording: Wording;
  /** What was read of the windows of runs. */
  readonly known: KnownMessages;
};

/** A run at work. */
export type ActiveRun = {
  readonly run: Run;
  readonly controller: AbortController;
  /** Hears when calls of it were asked for. */
  readonly onAsked: () => void;
  draft: Draft | null;
  /** Its window is being made smaller before it goes on. */
  compacts: boolean;
};
