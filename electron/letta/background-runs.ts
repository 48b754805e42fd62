import type { Run } from '../../shared/contract/conversations.ts';
import { toWire } from '../../shared/errors.ts';
import type { Framer } from './frames.ts';
import type { RunEvent } from './run-events.ts';

/** A frame of a stream; `seq` is its number, `null` for those at the end, which have none. */
export type RecordedFrame = { readonly seq: number | null; readonly text: string };

/** The stream of a run as it was written so far: what its readers read, each from where it wants. */
export type Recording = {
  readonly frames: () => readonly RecordedFrame[];
  readonly isWhole: () => boolean;
  /** `null` until the run has begun. */
  readonly runId: () => string | null;
  /** The run as it ended or began to wait; `null` while it goes on. */
  readonly end: () => Run | null;
  /** Resolves when more was written, or all was. At once when all is. */
  readonly more: () => Promise<void>;
};

/** The streams of runs that go on without a reader. */
export type BackgroundRuns = {
  /** Writes down a run to its end, whoever reads it; the recording there is, while that is being written. */
  readonly record: (events: AsyncGenerator<RunEvent>, framer: Framer) => Recording;
  /** The recording of a run; `null` when there is none, or no longer. */
  readonly find: (run_id: string) => Recording | null;
};

// Each holds an answer piece by piece; a reader that comes later than these gets the messages from the store.
const MOST_ENDED = 32;

/** Makes an empty {@link BackgroundRuns}. */
export function createBackgroundRuns(): BackgroundRuns {
  const recordings = new Map<string, Recording>();
  const tidy = (): void => {
    const ended = [...recordings].filter(([, each]) => each.isWhole());
    for (const [run_id] of ended.slice(0, -MOST_ENDED)) recordings.delete(run_id);
  };
  const begin = (run_id: string, recording: Recording): Recording => {
    const known = recordings.get(run_id);
    if (known?.isWhole() === false) return known;
    recordings.delete(run_id);
    recordings.set(run_id, recording);
    return recording;
  };
  return {
    record: (events, framer) => recordRun({ events, framer }, { begin, tidy }),
    find: (run_id) => recordings.get(run_id) ?? null,
  };
}

/** The number of the last frame of a recording that has one; 0 for none. */
export function lastNumber(recording: Recording | null): number {
  return recording?.frames().findLast(({ seq }) => seq !== null)?.seq ?? 0;
}

type Shelf = {
  /** Puts a recording in its place and answers with the one to read: a client that repeats itself finds its first one. */
  readonly begin: (run_id: string, recording: Recording) => Recording;
  readonly tidy: () => void;
};

function recordRun(
  { events, framer }: { readonly events: AsyncGenerator<RunEvent>; readonly framer: Framer },
  { begin, tidy }: Shelf,
): Recording {
  const own = createRecord();
  let source: Recording = own.recording;
  const recording: Recording = {
    frames: () => source.frames(),
    isWhole: () => source.isWhole(),
    runId: () => source.runId(),
    end: () => source.end(),
    more: () => source.more(),
  };
  const run = async (): Promise<void> => {
    try {
      for await (const event of events) {
        if (event.kind === 'started') source = begin(event.run_id, own.recording);
        if (source !== own.recording) break;
        own.write(framer.write(event), event);
      }
    } catch (error) {
      const { code, message } = toWire(error);
      own.write(framer.fail(code, message), null);
    } finally {
      own.close();
      tidy();
    }
  };
  void run();
  return recording;
}

/** A recording and how it is written. */
function createRecord(): {
  readonly recording: Recording;
  readonly write: (text: string, event: RunEvent | null) => void;
  readonly close: () => void;
} {
  const frames: RecordedFrame[] = [];
  let is_whole = false;
  let run_id: string | null = null;
  let end: Run | null = null;
  let news = Promise.withResolvers<undefined>();
  return {
    recording: {
      frames: () => frames,
      isWhole: () => is_whole,
      runId: () => run_id,
      end: () => end,
      more: async () => (is_whole ? undefined : news.promise),
    },
    write: (text, event) => {
      if (event?.kind === 'started') run_id = event.run_id;
      if (event?.kind === 'finished') end = event.run;
      frames.push(...framesOf(text));
      news.resolve(undefined);
      news = Promise.withResolvers();
    },
    close: () => {
      is_whole = true;
      news.resolve(undefined);
    },
  };
}

function framesOf(text: string): RecordedFrame[] {
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
