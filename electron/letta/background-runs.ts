import { toWire } from '../../shared/errors.ts';
import type { Framer } from './frames.ts';
import type { RunEvent } from './run-events.ts';

/** The stream of a run as it was written so far: what its readers read, each from where it wants. */
export type Recording = {
  /** Frames that were written, in order; `seq` is the number of a frame, `null` for those at the end, which have none. */
  readonly frames: readonly { readonly seq: number | null; readonly text: string }[];
  readonly isWhole: () => boolean;
  /** `null` until the run has begun. */
  readonly runId: () => string | null;
  /** Resolves when more was written, or all was. At once when all is. */
  readonly more: () => Promise<void>;
};

/** The streams of runs that go on without a reader. */
export type BackgroundRuns = {
  /** Writes down a run to its end, whoever reads it. */
  readonly record: (events: AsyncGenerator<RunEvent>, framer: Framer) => Recording;
  /** The recording of a run; `null` when there is none, or no longer. */
  readonly find: (run_id: string) => Recording | null;
};

// Each holds an answer piece by piece; a reader that comes later than these gets the messages from the store.
const MOST = 32;

/** Makes an empty {@link BackgroundRuns}. */
export function createBackgroundRuns(): BackgroundRuns {
  const recordings = new Map<string, Recording>();
  const keep = (run_id: string, recording: Recording): void => {
    recordings.delete(run_id);
    recordings.set(run_id, recording);
    const oldest = [...recordings].find(([, each]) => each.isWhole());
    if (recordings.size > MOST && oldest !== undefined) recordings.delete(oldest[0]);
  };
  return {
    record: (events, framer) => recordRun({ events, framer }, keep),
    find: (run_id) => recordings.get(run_id) ?? null,
  };
}

function recordRun(
  { events, framer }: { readonly events: AsyncGenerator<RunEvent>; readonly framer: Framer },
  onStart: (run_id: string, recording: Recording) => void,
): Recording {
  const frames: { seq: number | null; text: string }[] = [];
  let is_whole = false;
  let run_id: string | null = null;
  let news = Promise.withResolvers<undefined>();
  const recording: Recording = {
    frames,
    isWhole: () => is_whole,
    runId: () => run_id,
    more: async () => (is_whole ? undefined : news.promise),
  };
  const write = (text: string): void => {
    frames.push(...framesOf(text));
    news.resolve(undefined);
    news = Promise.withResolvers();
  };
  const run = async (): Promise<void> => {
    try {
      for await (const event of events) {
        if (event.kind === 'started') {
          run_id = event.run_id;
          onStart(run_id, recording);
        }
        write(framer.write(event));
      }
    } catch (error) {
      const { code, message } = toWire(error);
      write(framer.fail(code, message));
    } finally {
      is_whole = true;
      news.resolve(undefined);
    }
  };
  void run();
  return recording;
}

function framesOf(text: string): { seq: number | null; text: string }[] {
  return text
    .split(/(?<=\n\n)/u)
    .filter((frame) => frame !== '')
    .map((frame) => ({ seq: seqOf(frame), text: frame }));
}

function seqOf(frame: string): number | null {
  if (!frame.startsWith('data: {')) return null;
  const { seq_id } = JSON.parse(frame.slice('data: '.length)) as { readonly seq_id?: unknown };
  return typeof seq_id === 'number' ? seq_id : null;
}
