/** One small question to a server of models. */
export type JsonQuestion = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON by POST; left out, the question is a GET. */
  readonly body?: unknown;
  readonly wait_ms: number;
  readonly fetch: typeof fetch;
};

/** Why a question got no usable answer. Holds no word of the server, which may quote a key. */
export class AskFailure extends Error {
  override readonly name = 'AskFailure';
  readonly kind: 'unreachable' | 'timeout' | 'status' | 'not_json';
  readonly status: number | null;

  constructor(kind: AskFailure['kind'], status: number | null = null) {
    super(status === null ? kind : `${kind} ${status}`);
    this.kind = kind;
    this.status = status;
  }
}

const MAX_BYTES = 8 * 1024 * 1024;

/** Asks and reads the answer, at most 8 MiB and `wait_ms`. Follows no redirect. Throws {@link AskFailure}. */
export async function askJson({ url, headers, body, wait_ms, fetch }: JsonQuestion): Promise<unknown> {
  const signal = AbortSignal.timeout(wait_ms);
  try {
    const response = await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { accept: 'application/json', 'content-type': 'application/json', ...headers },
      redirect: 'manual',
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) {
      void response.body?.cancel().catch(() => undefined);
      throw new AskFailure('status', response.status);
    }
    return parse(await readAll(response));
  } catch (error) {
    if (error instanceof AskFailure) throw error;
    throw new AskFailure(signal.aborted ? 'timeout' : 'unreachable');
  }
}

async function readAll(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  let bytes = 0;
  if (response.body === null) return text;
  for await (const part of response.body as ReadableStream<Uint8Array>) {
    bytes += part.length;
    if (bytes > MAX_BYTES) throw new AskFailure('not_json');
    text += decoder.decode(part, { stream: true });
  }
  return text;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // What came instead is not repeated: it may hold anything.
    throw new AskFailure('not_json');
  }
}

/** The fields of a value read from a wire; none when it is no object. */
export function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** The objects of a list read from a wire; none when it is no list. */
export function rowsOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.map(fieldsOf) : [];
}

/** A text read from a wire; empty when it is none. */
export function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** A count of tokens read from a wire; `null` when it is none. */
export function tokensOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) && value > 0 && value < 1e9 ? value : null;
}
