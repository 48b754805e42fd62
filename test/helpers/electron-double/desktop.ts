import type * as electron from 'electron';
import type { Page } from 'playwright-core';

/** The module `electron` of the main process. */
export type ElectronModule = typeof electron;

/** How a desktop app is started. */
export type StartOptions = {
  /** The one data folder. */
  readonly data_dir: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Files the system opens with the app. */
  readonly files?: readonly string[];
};

/** A running desktop app, over the double or a real binary; the same spec drives either. */
export type Desktop = {
  /**
   * Runs a function in the main process with the module `electron`. It is sent as text, so it sees nothing of the test
   * but its argument, which crosses as JSON does, as its result.
   */
  readonly evaluate: <Result, Argument = undefined>(
    run: (electron: ElectronModule, argument: Argument) => Result | Promise<Result>,
    argument?: Argument,
  ) => Promise<Result>;
  /** The pages of its windows, oldest first. */
  readonly windows: () => readonly Page[];
  /** Starts the app once more beside this one, perhaps with files; resolves to its exit code. */
  readonly startAgain: (files?: readonly string[]) => Promise<number | null>;
  /** Resolves to the exit code when the app has ended; `null` after a signal. */
  readonly ended: Promise<number | null>;
  /** SIGKILL, and waits until all of it is gone. */
  readonly kill: () => Promise<void>;
  /** What it printed on stderr so far. */
  readonly printed: () => string;
};

/** Starts one kind of desktop app. Rejects with what it printed when it ends before it is ready. */
export type StartDesktop = (options: StartOptions) => Promise<Desktop>;

/** What an app printed, for a message: its stack lines would lead vitest into bundles, which take it minutes to show. */
export function quotePrinted(printed: string): string {
  return printed.replaceAll(/^(\s*)at /gm, '$1from ');
}
