import type { Check, CheckId, Fact, FactName } from '../../shared/contract/diagnosis.ts';
import type { StoreState } from '../../shared/contract/system.ts';
import type { Runtime } from '../agent/runtime.ts';
import type { ConfiguredModelRegistry } from '../models/registry.ts';
import type { AgentRecord } from '../store/agents.ts';
import type { Clock } from '../store/clock.ts';
import type { Database } from '../store/database.ts';
import type { RecentCall, RecentRun, RecentStep } from '../store/recent-work.ts';
import type { ToolRegistry } from '../tools/registry.ts';

/** A port of this process. */
export type OwnPort = {
  /** Base URL without a slash at its end. */
  readonly url: string;
  /** Whether connections are taken there now. */
  readonly is_open: boolean;
};

/** What a diagnosis knows of the process it runs in. */
export type HostFacts = {
  readonly version: string;
  readonly data_dir: string;
  readonly store: () => { readonly state: StoreState; readonly message: string | null };
  /** Where programs reach this process; `null` when it listens nowhere, as in the desktop window. */
  readonly address: () => OwnPort | null;
  /** The log file; `null` when none is kept. */
  readonly log_path: string | null;
  /** Takes keys and the name of the home folder out of a text. */
  readonly redact: (text: string) => string;
};

/** What a diagnosis works with. */
export type DiagnosisDeps = {
  readonly database: Database;
  readonly clock: Clock;
  readonly models: ConfiguredModelRegistry;
  readonly tools: ToolRegistry;
  readonly runtime: Pick<Runtime, 'windows'>;
};

/** What the agent did lately, the newest first. */
export type RecentWork = {
  readonly runs: readonly RecentRun[];
  readonly steps: readonly RecentStep[];
  readonly calls: readonly RecentCall[];
};

/** What every row of an agent is judged by. */
export type AgentLook = {
  readonly deps: DiagnosisDeps;
  readonly agent: AgentRecord;
  readonly work: RecentWork;
  /** UTC text of fixed width. */
  readonly now: string;
};

/** What a row found, before it is one. */
export type Finding = Omit<Check, 'id' | 'facts' | 'action'> & {
  readonly facts: readonly Fact[];
  readonly place?: NonNullable<Check['action']>['place'];
  readonly item_id?: string | null;
};

/** A finding as the row it belongs to. */
export function toCheck(id: CheckId, { place, item_id = null, facts, ...finding }: Finding): Check {
  return {
    id,
    ...finding,
    facts: [...facts],
    action: place === undefined ? null : { place, item_id },
  };
}

/** A row of which nothing is wrong. */
export function fine(cause: string, facts: readonly Fact[]): Finding {
  return { state: 'ok', reason: 'fine', cause, cure: null, facts };
}

/** Facts by name; what is `undefined` is left out. */
export function factsOf(values: Partial<Record<FactName, Fact['value'] | undefined>>): Fact[] {
  return Object.entries(values).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: name as FactName, value, is_private: false }],
  );
}

/** A fact that may hold what people or agents wrote. */
export function privateFact(name: FactName, value: string): Fact {
  return { name, value, is_private: true };
}

/** The middle of numbers, rounded; 0 of none. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((one, other) => one - other);
  const upper = Math.floor(sorted.length / 2);
  const pair = sorted.length % 2 === 1 ? [sorted[upper]] : [sorted[upper - 1], sorted[upper]];
  return Math.round(((pair[0] ?? 0) + (pair.at(-1) ?? 0)) / 2);
}

/** A count as it stands in a sentence: `1 step`, `1,200 steps`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
}

/** A share in whole percent. */
export function percent(part: number, whole: number): number {
  return whole === 0 ? 0 : Math.round((part / whole) * 100);
}
