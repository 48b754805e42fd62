import type { EventHub } from '../api/event-hub.ts';

/** What an event stream needs. */
export type EventStreamOptions = {
  readonly subscribe: EventHub['subscribe'];
  /** Ends the stream, e.g. when the server closes. */
  readonly signal: AbortSignal;
  /** Whether the reader may still listen; asked before each keep-alive comment, and when not, the stream ends. */
  readonly isAllowed: () => boolean;
  /** Milliseconds between keep-alive comments. */
  readonly pingMs: number;
  /** Characters that may wait for a slow reader before it is cut off. */
  readonly maxWaiting: number;
};

/**
 * Streams every event as `data: {envelope}\n\n`, with `: ping` comments between. A reader that falls too far behind is
 * cut off; it reconnects and reads the state again. Unsubscribes when the reader goes.
 */
export function streamEvents(options: EventStreamOptions): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const waiting: string[] = [];
  let size = 0;
  let stop = (): void => undefined;

  return new ReadableStream<Uint8Array>(
    {
      start: (controller) => {
        const flush = (): void => {
          while (waiting.length > 0 && (controller.desiredSize ?? 0) > 0) {
            const text = waiting.splice(0).join('');
            size = 0;
            controller.enqueue(encoder.encode(text));
          }
        };
        const send = (text: string): void => {
          waiting.push(text);
          size += text.length;
          if (size > options.maxWaiting) end();
          else flush();
        };
        const end = (): void => {
          stop();
          controller.close();
        };
        const unsubscribe = options.subscribe((envelope) => send(`data: ${JSON.stringify(envelope)}\n\n`));
        const ping = (): void => (options.isAllowed() ? send(': ping\n\n') : end());
        const timer = setInterval(ping, options.pingMs);
        options.signal.addEventListener('abort', end, { once: true });
        stop = () => {
          unsubscribe();
          clearInterval(timer);
          options.signal.removeEventListener('abort', end);
        };
        // Sends the headers at once, so that the reader knows it is listening.
        send(': listening\n\n');
        if (options.signal.aborted) end();
      },
      pull: (controller) => {
        if (waiting.length === 0) return;
        size = 0;
        controller.enqueue(encoder.encode(waiting.splice(0).join('')));
      },
      cancel: () => stop(),
    },
    { highWaterMark: 16 },
  );
}
