import type { Context } from 'hono';
import { toWire } from '../../shared/errors.ts';
import type { Recording } from './background-runs.ts';
import { type Framer, writePing } from './frames.ts';
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

/** Where a reader of a recorded run begins, and whether it wants to hear in silence that the stream lives. */
export type Reading = { readonly after: number; readonly include_pings: boolean };

/** Streams a recorded run from behind the frame numbered `after` to its end. A reader that goes away changes nothing. */
export function streamRecording(
  recording: Recording,
  { after, include_pings }: Reading,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let at = 0;
  let is_left = false;
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      while (!is_left) {
        const frame = recording.frames()[at];
        at += frame === undefined ? 0 : 1;
        if (frame !== undefined && (frame.seq === null || frame.seq > after)) {
          return controller.enqueue(encoder.encode(frame.text));
        }
        if (frame === undefined && recording.isWhole()) return controller.close();
        if (frame !== undefined || (await orSilence(recording.more())) !== null) continue;
        if (include_pings) return controller.enqueue(encoder.encode(writePing(recording.runId())));
      }
    },
    cancel: () => {
      is_left = true;
    },
  });
}

/** Answers with a stream of frames. */
export function answerFrames(context: Context, frames: ReadableStream<Uint8Array>): Response {
  return context.body(frames, 200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
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

/** What comes next, or `null` after a while of silence. */
async function orSilence<Value>(next: Promise<Value>): Promise<Value | null> {
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
