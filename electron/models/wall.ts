import { AppError } from '../../shared/errors.ts';
import { badResponse, clean, type Endpoint } from './faults.ts';
import type { ModelLimits } from './limits.ts';
import { cancelledError, type Timers } from './timers.ts';

/** A guarded `fetch` for one request, and what it saw. */
export type Wall = {
  readonly fetch: typeof fetch;
  /** Why it ended the request, if it did. */
  readonly fault: () => AppError | null;
  /** The exact body sent. */
  readonly sent: () => string;
  /** The stream as received so far. */
  readonly received: () => string;
  /** Tells that the answer goes on; it gets as much patience again as between two pieces. */
  readonly alive: () => void;
};

/** What the wall works with. */
export type WallOptions = {
  readonly fetch: typeof fetch;
  readonly endpoint: Endpoint;
  readonly limits: ModelLimits;
  readonly timers: Timers;
  readonly signal: AbortSignal;
  /**
   * `pieces`: all but comments is a sign of life. `events`: only `alive` is, where a provider keeps the line warm with
   * events of its own. Default `pieces`.
   */
  readonly renews?: 'pieces' | 'events';
};

const COMMENT = 58;
const NEWLINE = 10;
const RETURN = 13;
const STREAM_TYPE = /^(?:text\/event-stream|text\/plain|application\/octet-stream)\b/iu;

/**
 * Puts a wall around `fetch`: limits on the time to the first data, on silence, on the
 * size of an answer and of a line; a check of the content type; no redirect; and a stop that works at any moment.
 * Comments that keep a connection warm do not count as data.
 */
export function createWall(options: WallOptions): Wall {
  const { endpoint, limits, timers, signal } = options;
  const stop = new AbortController();
  const decoder = new TextDecoder();
  let fault: AppError | null = null;
  let sent = '';
  let received = '';
  let callOff = (): void => undefined;
  const end = (error: AppError): void => {
    fault ??= error;
    stop.abort(fault);
    callOff();
  };
  const expect = (wait_ms: number, late: () => AppError): void => {
    callOff();
    callOff = timers.after(wait_ms, () => end(late()));
  };
  signal.addEventListener('abort', () => end(cancelledError()), { once: true, signal: stop.signal });
  const alive = (): void => expect(limits.idle_ms, () => silence(limits.idle_ms, endpoint));
  const scan = createLineScan(limits.line_bytes);
  let total = 0;
  const take = (bytes: Uint8Array): void => {
    total += bytes.length;
    const { data, too_long } = scan(bytes);
    if (total > limits.answer_bytes || too_long) {
      end(tooMuch(total > limits.answer_bytes ? limits.answer_bytes : limits.line_bytes, endpoint));
      return;
    }
    received += decoder.decode(bytes, { stream: true });
    if (data && options.renews !== 'events') alive();
  };
  const wallFetch: typeof fetch = async (input, init) => {
    sent = typeof init?.body === 'string' ? init.body : '';
    expect(limits.first_byte_ms, () => noAnswer(limits.first_byte_ms, endpoint));
    // The talk, and with some providers the key, would go along to wherever the answer points.
    const response = await options.fetch(input, { ...init, redirect: 'manual', signal: stop.signal });
    const type = response.headers.get('content-type') ?? '';
    if (response.ok && type !== '' && !STREAM_TYPE.test(type)) {
      void response.body?.cancel().catch(() => undefined);
      const error = wrongType(type, endpoint);
      end(error);
      throw error;
    }
    const body =
      response.body === null
        ? null
        : guard(response.body, { take, stop: stop.signal, close: () => callOff() });
    return new Response(body, {
      status: response.status,
      statusText: response.statusText,
      headers: response.headers,
    });
  };
  if (signal.aborted) end(cancelledError());
  return { fetch: wallFetch, fault: () => fault, sent: () => sent, received: () => received, alive };
}

type Guard = {
  readonly take: (bytes: Uint8Array) => void;
  readonly stop: AbortSignal;
  readonly close: () => void;
};

/** Passes bytes on one piece at a time, and breaks off as soon as `stop` aborts, even while a read hangs. */
function guard(body: ReadableStream<Uint8Array>, { take, stop, close }: Guard): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  const stopped = new Promise<never>((_, reject) => {
    const fail = (): void => reject(stop.reason instanceof Error ? stop.reason : cancelledError());
    if (stop.aborted) fail();
    stop.addEventListener('abort', fail, { once: true });
  });
  // The race below may be over before the stop comes; then nobody waits for it, which is fine.
  stopped.catch(() => undefined);
  const release = (): void => {
    close();
    void reader.cancel().catch(() => undefined);
  };
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await Promise.race([reader.read(), stopped]);
        if (done) {
          close();
          controller.close();
          return;
        }
        take(value);
        stop.throwIfAborted();
        controller.enqueue(value);
      } catch (error) {
        release();
        controller.error(error);
      }
    },
    cancel: release,
  });
}

/** Follows lines across pieces: whether a piece holds data (more than blank lines and comments), and overlong lines. */
function createLineScan(line_bytes: number): (bytes: Uint8Array) => { data: boolean; too_long: boolean } {
  let length = 0;
  let comment = false;
  return (bytes) => {
    let data = false;
    let too_long = false;
    for (const byte of bytes) {
      if (byte === NEWLINE || byte === RETURN) {
        length = 0;
        continue;
      }
      if (length === 0) comment = byte === COMMENT;
      length += 1;
      data ||= !comment;
      too_long ||= length > line_bytes;
    }
    return { data, too_long };
  };
}

function noAnswer(wait_ms: number, endpoint: Endpoint): AppError {
  return new AppError(
    'model_timeout',
    `${endpoint.host} did not begin to answer within ${seconds(wait_ms)}. Your message is kept; it may still be loading the model: try again in a while.`,
    { details: { host: endpoint.host, wait_ms } },
  );
}

function silence(wait_ms: number, endpoint: Endpoint): AppError {
  return new AppError(
    'model_timeout',
    `${endpoint.host} fell silent for ${seconds(wait_ms)} in the middle of the answer. What had arrived is kept; try again to go on.`,
    { details: { host: endpoint.host, wait_ms } },
  );
}

function tooMuch(limit: number, endpoint: Endpoint): AppError {
  return badResponse(
    `${endpoint.host} sent more than ${Math.round(limit / 1024)} KiB where an answer was expected, so it was cut off. What had arrived is kept.`,
    endpoint,
  );
}

function wrongType(type: string, endpoint: Endpoint): AppError {
  const what = /html/iu.test(type) ? 'a web page' : `"${clean(type.split(';')[0] ?? type, endpoint)}"`;
  return badResponse(
    `${endpoint.base_url} answered with ${what} instead of a model's stream. Check ${endpoint.url_env}: it must be the address of a model's API, usually ending in /v1.`,
    endpoint,
  );
}

function seconds(wait_ms: number): string {
  return wait_ms < 1000 ? `${wait_ms} ms` : `${Math.round(wait_ms / 1000)} s`;
}
