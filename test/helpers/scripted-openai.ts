import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pairingFault } from '../../electron/agent/pairing-fault.ts';

/** A message of a request, as far as scripts look at it. */
export type ScriptedMessage = {
  readonly role: string;
  readonly content: string | null;
  readonly tool_calls?: readonly {
    readonly id: string;
    readonly function: { readonly name: string; readonly arguments: string };
  }[];
  readonly tool_call_id?: string;
};

/** A request the server got. */
export type ScriptedRequest = {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Exact text. */
  readonly body: string;
  readonly model: string;
  readonly messages: readonly ScriptedMessage[];
  readonly tools: readonly { readonly function: { readonly name: string } }[];
};

/** A call to answer with. `arguments` as text goes out as it is, malformed or not. */
export type ScriptedCall = {
  readonly id?: string;
  readonly name: string;
  readonly arguments: string | object;
};

/** One piece of a stream; `after` holds it back until the promise settles. */
export type ScriptedChunk = { readonly text: string; readonly after?: Promise<unknown> };

/** What the server does with one request. */
export type ScriptedAnswer =
  | {
      readonly kind: 'text';
      readonly text: string;
      readonly reasoning?: string;
      readonly finish_reason?: string | null;
    }
  /** Held back piece by piece. */
  | { readonly kind: 'chunks'; readonly chunks: readonly ScriptedChunk[] }
  /** Calls in parallel, with text before them when given. */
  | { readonly kind: 'calls'; readonly calls: readonly ScriptedCall[]; readonly text?: string }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly message?: string;
      readonly code?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** `this model's maximum context length is ...`. */
  | { readonly kind: 'overflow'; readonly limit: number; readonly used: number }
  /** Never sends headers; with `first`, sends that text and then nothing more. */
  | { readonly kind: 'hang'; readonly first?: string }
  /** A comment that keeps the connection warm, then silence. */
  | { readonly kind: 'heartbeat' }
  /** Sends the text, then destroys the socket; without text, before headers. */
  | { readonly kind: 'cut'; readonly first?: string }
  | { readonly kind: 'html' }
  /** An error object inside the stream, after `first` when given. */
  | {
      readonly kind: 'stream_error';
      readonly message: string;
      readonly code?: string;
      readonly first?: string;
    }
  /** One line of about so many bytes. */
  | { readonly kind: 'huge_line'; readonly bytes: number }
  /** Ends cleanly without `finish_reason` and `[DONE]`. */
  | { readonly kind: 'unfinished'; readonly text: string }
  /** The body as given: any bytes, any type; then its end, or silence, or a broken line. */
  | {
      readonly kind: 'raw';
      readonly body: string | readonly Uint8Array[];
      readonly content_type?: string;
      readonly headers?: Readonly<Record<string, string>>;
      readonly ends?: 'hang' | 'cut';
    };

/** Answers in order (the last one not repeated), or a function of the request and its number from 0. */
export type Script =
  | readonly ScriptedAnswer[]
  | ((request: ScriptedRequest, index: number) => ScriptedAnswer);

/** How strict a server is, and how much it remembers. */
export type ScriptedOptions = {
  /** Why a request is refused with 400; `null`: it is not. Default: the rules of pairing alone. */
  readonly refuses?: (request: ScriptedRequest) => string | null;
  /** Whether `requests` keeps them. Default true; a long proof would run out of memory. */
  readonly keeps?: boolean;
};

/** A running server. */
export type ScriptedModel = {
  /** `http://127.0.0.1:<port>/v1`. */
  readonly base_url: string;
  /** All requests so far, refused ones included. */
  readonly requests: readonly ScriptedRequest[];
  /** Why requests were refused with 400; empty in a sound run. */
  readonly refusals: readonly string[];
  /** Resolves when so many requests have come in. */
  readonly received: (count: number) => Promise<void>;
  readonly close: () => Promise<void>;
};

/**
 * Starts a real HTTP server that speaks chat completions by a script. It is strict about pairing: orphan, duplicate,
 * missing or misplaced tool messages are answered with 400, as OpenAI does. A script that ran out answers 500.
 */
export async function startScriptedModel(
  script: Script,
  { refuses = ({ messages }) => pairingFault(messages), keeps = true }: ScriptedOptions = {},
): Promise<ScriptedModel> {
  const requests: ScriptedRequest[] = [];
  const refusals: string[] = [];
  const waiting = new Set<() => void>();
  let count = 0;
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      // Only questions about its models have none; it has no list of them.
      if (body === '') return sendStatus(response, { kind: 'status', status: 404 });
      const request = readRequest(incoming, body);
      if (keeps) requests.push(request);
      const index = count;
      count += 1;
      for (const wake of waiting) wake();
      const refusal = refuses(request);
      if (refusal !== null) {
        refusals.push(refusal);
        sendStatus(response, { kind: 'status', status: 400, message: refusal });
        return undefined;
      }
      const answer = typeof script === 'function' ? script(request, index) : script[index];
      return send(response, answer ?? { kind: 'status', status: 500, message: 'the script has ended' });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base_url: `http://127.0.0.1:${port}/v1`,
    requests,
    refusals,
    received: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (requests.length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The text of one streamed chunk with a delta. */
export function deltaFrame(delta: object, finish_reason: string | null = null): string {
  return frame({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    choices: [{ index: 0, delta, finish_reason }],
  });
}

/** The text of one server-sent event. */
export function frame(data: unknown): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}

/** The last event of a stream, with usage before it. */
export function endFrames(): string {
  const usage = { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 };
  return `${frame({ id: 'chatcmpl-1', choices: [], usage })}data: [DONE]\n\n`;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function readRequest(incoming: IncomingMessage, body: string): ScriptedRequest {
  const parsed = JSON.parse(body) as Partial<ScriptedRequest>;
  return {
    headers: incoming.headers,
    body,
    model: parsed.model ?? '',
    messages: parsed.messages ?? [],
    tools: parsed.tools ?? [],
  };
}

async function send(response: ServerResponse, answer: ScriptedAnswer): Promise<void> {
  if (isStreamed(answer)) {
    await sendStream(response, answer);
    return;
  }
  switch (answer.kind) {
    case 'status':
      sendStatus(response, answer);
      return;
    case 'overflow':
      sendStatus(response, {
        kind: 'status',
        status: 400,
        code: 'context_length_exceeded',
        message: `This model's maximum context length is ${answer.limit} tokens. However, your messages resulted in ${answer.used} tokens.`,
      });
      return;
    case 'html':
      response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Sign in</title>');
      return;
    case 'raw':
      await sendRaw(response, answer);
      return;
    case 'hang':
      if (answer.first !== undefined) openStream(response).write(deltaFrame({ content: answer.first }));
      return;
    case 'heartbeat':
      openStream(response).write(': ping\n\n');
      return;
    case 'cut':
      await sendCut(response, answer.first);
      return;
  }
}

function isStreamed(answer: ScriptedAnswer): answer is Streamed {
  return ['text', 'chunks', 'calls', 'stream_error', 'huge_line', 'unfinished'].includes(answer.kind);
}

function sendStatus(response: ServerResponse, answer: Extract<ScriptedAnswer, { kind: 'status' }>): void {
  const error = {
    message: answer.message ?? `status ${answer.status}`,
    type: 'error',
    code: answer.code ?? null,
  };
  response
    .writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers })
    .end(JSON.stringify({ error }));
}

async function sendRaw(
  response: ServerResponse,
  answer: Extract<ScriptedAnswer, { kind: 'raw' }>,
): Promise<void> {
  response.writeHead(200, {
    'content-type': answer.content_type ?? 'text/event-stream',
    ...answer.headers,
  });
  response.flushHeaders();
  const parts = typeof answer.body === 'string' ? [answer.body] : answer.body;
  for (const part of parts) {
    if (response.destroyed) return;
    if (part.length > 0) await written(response, part);
  }
  if (answer.ends === 'cut') response.destroy();
  else if (answer.ends === undefined) response.end();
}

async function sendCut(response: ServerResponse, first: string | undefined): Promise<void> {
  if (first !== undefined) await written(openStream(response), deltaFrame({ content: first }));
  response.destroy();
}

type Streamed = Extract<
  ScriptedAnswer,
  { kind: 'text' | 'chunks' | 'calls' | 'stream_error' | 'huge_line' | 'unfinished' }
>;

async function sendStream(response: ServerResponse, answer: Streamed): Promise<void> {
  openStream(response);
  if (answer.kind === 'chunks') {
    for (const chunk of answer.chunks) {
      await chunk.after;
      response.write(deltaFrame({ content: chunk.text }));
    }
    response.end(deltaFrame({}, 'stop') + endFrames());
    return;
  }
  for (const part of framesOf(answer)) response.write(part);
  response.end();
}

function framesOf(answer: Exclude<Streamed, { kind: 'chunks' }>): string[] {
  switch (answer.kind) {
    case 'text':
      return [
        ...(answer.reasoning === undefined ? [] : [deltaFrame({ reasoning_content: answer.reasoning })]),
        ...(answer.text.match(/\s*\S+|\s+$/gu) ?? []).map((word) => deltaFrame({ content: word })),
        deltaFrame({}, answer.finish_reason === undefined ? 'stop' : answer.finish_reason) + endFrames(),
      ];
    case 'calls':
      return [
        ...(answer.text === undefined ? [] : [deltaFrame({ content: answer.text })]),
        ...callFrames(answer.calls),
        deltaFrame({}, 'tool_calls') + endFrames(),
      ];
    case 'stream_error':
      return [
        ...(answer.first === undefined ? [] : [deltaFrame({ content: answer.first })]),
        frame({ error: { message: answer.message, code: answer.code ?? null } }),
      ];
    case 'huge_line':
      return [deltaFrame({ content: 'x'.repeat(answer.bytes) }, 'stop') + endFrames()];
    case 'unfinished':
      return [deltaFrame({ content: answer.text })];
  }
}

/** Ids are unique in the process, as a provider's are; a conversation refuses an id twice. */
const next_call = { number: 1 };

function callFrames(calls: readonly ScriptedCall[]): string[] {
  return calls.flatMap((call, index) => {
    const text = typeof call.arguments === 'string' ? call.arguments : JSON.stringify(call.arguments);
    const id = call.id ?? `call_scripted_${next_call.number}`;
    next_call.number += 1;
    const half = Math.ceil(text.length / 2);
    const open = {
      index,
      id,
      type: 'function',
      function: { name: call.name, arguments: text.slice(0, half) },
    };
    return [
      deltaFrame({ tool_calls: [open] }),
      deltaFrame({ tool_calls: [{ index, function: { arguments: text.slice(half) } }] }),
    ];
  });
}

function openStream(response: ServerResponse): ServerResponse {
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  response.flushHeaders();
  return response;
}

function written(response: ServerResponse, part: string | Uint8Array): Promise<void> {
  return new Promise((resolve) => {
    response.write(part, () => resolve());
  });
}
