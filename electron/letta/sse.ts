import { toWire } from '../../shared/errors.ts';
import { type Framer, writeError } from './frames.ts';
import type { RunEvent } from './run-follow.ts';

/** Milliseconds of silence after which a stream says it still lives; Python clients give up after 60 s. */
const SILENCE_MS = 20_000;

/** What a client waits for: the events of a run, the writer of its frames, and how to stop listening. */
export type StreamSource = {
  readonly events: AsyncGenerator<RunEvent>;
  readonly framer: Framer;
  readonly stop: () => void;
};

/**
 * Streams a run. Frames are made when the reader asks, so a slow reader slows nothing else; when it goes away, listening
 * stops and the run goes on.
 */
export function streamRun({ events, framer, stop }: StreamSource): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let next = events.next();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      for (;;) {
        const text = await orSilence(next);
        if (text === null) {
          const ping = framer.ping();
          if (ping === '') continue;
          return controller.enqueue(encoder.encode(ping));
        }
        if ('failure' in text) {
          controller.enqueue(encoder.encode(failure(text.failure)));
          return controller.close();
        }
        if (text.result.done === true) return controller.close();
        next = events.next();
        const frames = framer.write(text.result.value);
        if (frames !== '') return controller.enqueue(encoder.encode(frames));
      }
    },
    cancel: stop,
  });
}

type Outcome = { readonly result: IteratorResult<RunEvent> } | { readonly failure: unknown };

/** The next event, or `null` after a while of silence. */
async function orSilence(next: Promise<IteratorResult<RunEvent>>): Promise<Outcome | null> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), SILENCE_MS);
  });
  const outcome = next.then(
    (result) => ({ result }),
    (error: unknown) => ({ failure: error }),
  );
  try {
    return await Promise.race([outcome, silence]);
  } finally {
    clearTimeout(timer);
  }
}

function failure(error: unknown): string {
  const { code, message } = toWire(error);
  return writeError(null, code, message);
}
