import type { Browser, Page } from 'playwright-core';
import { p99 } from './figures.ts';

/** What the main thread of a page was busy with: tasks of the browser's scheduler, in ms of wall time. */
export type MainThread = {
  readonly worst: number;
  readonly p99: number;
  /** The most the thread itself computed in one task: without what other programs took of its time. */
  readonly worst_cpu: number;
  /** Tasks of more than 50 ms. */
  readonly long: readonly number[];
  readonly tasks: number;
  /** How long the work took, in ms. */
  readonly took: number;
};

/** Makes an empty page work a little in every frame, so that it meets the interruptions a page at work meets. */
export async function beatEmptyPage(page: Page): Promise<void> {
  await page.evaluate(`{
    const beat = () => {
      for (const end = performance.now() + 5; performance.now() < end; );
      requestAnimationFrame(beat);
    };
    beat();
  }`);
}

/**
 * Records every task of the main thread of the busiest page of a browser while `work` goes on; with `driven` also those
 * in which the driver of this program does something in the page.
 */
export async function recordMainThread(
  browser: Browser,
  page: Page,
  work: () => Promise<unknown>,
  options: { readonly driven?: boolean } = {},
): Promise<MainThread> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  const start = performance.now();
  await work();
  const took = performance.now() - start;
  const trace = JSON.parse((await browser.stopTracing()).toString()) as { traceEvents: TraceEvent[] };
  const events = busiestOf(trace.traceEvents, options.driven === true);
  const tasks = events.map(({ dur = 0 }) => dur / 1000);
  return {
    worst: greatest(tasks),
    worst_cpu: greatest(events.map(({ tdur = 0 }) => tdur / 1000)),
    p99: p99(tasks),
    long: tasks.filter((each) => each > 50),
    tasks: tasks.length,
    took,
  };
}

/** The figures in words. */
export function toldTasks({ worst, worst_cpu, p99: most, long, tasks }: MainThread): string {
  return `worst ${worst.toFixed(1)} ms, worst by processor time ${worst_cpu.toFixed(1)} ms, p99 ${most.toFixed(2)} ms, ${long.length} of ${tasks} tasks over 50 ms`;
}

type TraceEvent = {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Start, duration and processor time in microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly args: {
    readonly name?: string;
    readonly chrome_mojo_event_info?: { readonly mojo_interface_tag?: string };
  };
};

const DRIVER = 'blink.mojom.DevToolsSession';

/**
 * The tasks of the main thread that worked most: a browser keeps a spare one ready for the next page. Those in which the
 * driver of this program looks into the page are left out unless `driven`.
 */
function busiestOf(events: readonly TraceEvent[], driven: boolean): readonly TraceEvent[] {
  const threads = events.filter(
    (event) => event.name === 'thread_name' && event.args.name === 'CrRendererMain',
  );
  const tasks = threads.map(({ pid, tid }) =>
    pageTasks(
      events.filter((event) => event.pid === pid && event.tid === tid),
      driven,
    ),
  );
  const [busiest] = tasks.toSorted((left, right) => total(right) - total(left));
  if (busiest === undefined) throw new Error('The recording holds no main thread of a page.');
  return busiest;
}

function pageTasks(events: readonly TraceEvent[], withDriven: boolean): readonly TraceEvent[] {
  const driven = withDriven
    ? []
    : events.filter(({ args }) => args.chrome_mojo_event_info?.mojo_interface_tag === DRIVER);
  return events.filter(
    ({ name, ts, dur = 0 }) =>
      name.endsWith('::RunTask') && !driven.some((each) => each.ts >= ts && each.ts <= ts + dur),
  );
}

function total(events: readonly TraceEvent[]): number {
  return events.reduce((sum, { dur = 0 }) => sum + dur, 0);
}

function greatest(figures: readonly number[]): number {
  return figures.reduce((most, each) => Math.max(most, each), 0);
}
