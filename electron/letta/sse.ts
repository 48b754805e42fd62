import { toWire } from '../../shared/errors.ts';
import type { Framer } from './frames.ts';
import type { RunEvent } from './run-events.ts';

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
  const ask = (): Promise<Outcome> => outcomeOf(events.next());
  let next = ask();
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
          const { code, message } = toWire(text.failure);
          controller.enqueue(encoder.encode(framer.fail(code, message)));
          return controller.close();
        }
        if (text.result.done === true) return controller.close();
        next = ask();
        const frames = framer.write(text.result.value);
        if (frames !== '') return controller.enqueue(encoder.encode(frames));
      }
    },
    cancel: stop,
  });
}

type Outcome = { readonly result: IteratorResult<RunEvent> } | { readonly failure: unknown };

/** Never rejects: a failure may come while a slow reader asks for nothing, and then nobody would hear it. */
function outcomeOf(next: Promise<IteratorResult<RunEvent>>): Promise<Outcome> {
  return next.then(
    (result) => ({ result }),
    (error: unknown) => ({ failure: error }),
  );
}

/** The next event, or `null` after a while of silence. */
async function orSilence(next: Promise<Outcome>): Promise<Outcome | null> {
  let timer: NodeJS.Timeout | undefined;
  const silence = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), SILENCE_MS);
  });
  try {
    return await Promise.race([next, silence]);
  } finally {
    clearTimeout(timer);
  }
}
