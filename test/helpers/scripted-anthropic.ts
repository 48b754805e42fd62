import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

type Block = Readonly<Record<string, unknown>> & { readonly type: string };

/** A request of the Messages API, as far as scripts look at it. */
export type AnthropicRequest = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Exact text. */
  readonly body: string;
  readonly model: string;
  readonly max_tokens: number;
  readonly system?: readonly Block[];
  readonly messages: readonly { readonly role: string; readonly content: readonly Block[] }[];
  readonly tools?: readonly Record<string, unknown>[];
  readonly thinking?: { readonly type: string; readonly budget_tokens?: number };
};

/** What the server does with one request. */
export type AnthropicAnswer =
  | {
      readonly kind: 'blocks';
      readonly blocks: readonly Block[];
      readonly stop_reason?: string | null;
      readonly usage?: Readonly<Record<string, number>>;
    }
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly type: string;
      readonly message: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** An error event inside the stream, after `first` when given. */
  | { readonly kind: 'stream_error'; readonly type: string; readonly first?: string }
  /** Never sends headers; with `first`, sends that text and then nothing more. */
  | { readonly kind: 'hang'; readonly first?: string }
  /** Begins, then sends a ping every few milliseconds and nothing else. */
  | { readonly kind: 'pings' }
  /** Sends the text, then destroys the socket. */
  | { readonly kind: 'cut'; readonly first: string }
  /** Ends cleanly in the middle of the answer. */
  | { readonly kind: 'unfinished'; readonly text: string }
  | {
      readonly kind: 'raw';
      readonly body: string;
      readonly content_type?: string;
      readonly ends?: 'hang' | 'cut';
    };

/** Answers in order (the last one not repeated), or a function of the request. */
export type AnthropicScript = readonly AnthropicAnswer[] | ((request: AnthropicRequest) => AnthropicAnswer);

/** A running server. */
export type ScriptedAnthropic = {
  /** `http://127.0.0.1:<port>/v1`. */
  readonly base_url: string;
  readonly requests: readonly AnthropicRequest[];
  /** Why requests were refused with 400 by the rules of the API; empty in a sound run. */
  readonly refusals: readonly string[];
  readonly close: () => Promise<void>;
};

/**
 * Starts a real HTTP server that speaks the Messages API by a script. It is as strict as the API about turns, calls and
 * their results, empty texts, cache marks, and thoughts that must come back unchanged. `GET /v1/models` lists one model
 * for the key `sk-ant-canary`. A script that ran out answers 500.
 */
export async function startScriptedAnthropic(
  script: AnthropicScript,
  { keeps = true }: { readonly keeps?: boolean } = {},
): Promise<ScriptedAnthropic> {
  const requests: AnthropicRequest[] = [];
  const refusals: string[] = [];
  const signatures = new Set<string>();
  const timers = new Set<NodeJS.Timeout>();
  let count = 0;
  const server = createServer((incoming, response) => {
    void readBody(incoming).then((body) => {
      if (incoming.method === 'GET') return sendModels(incoming, response);
      const request = readRequest(incoming, body);
      if (keeps) requests.push(request);
      count += 1;
      const refusal = anthropicFault(request, signatures);
      if (refusal !== null) {
        refusals.push(refusal);
        return sendStatus(response, { status: 400, type: 'invalid_request_error', message: refusal });
      }
      const answer = typeof script === 'function' ? script(request) : script[count - 1];
      if (answer?.kind === 'blocks') remember(answer.blocks, signatures);
      return answer === undefined
        ? sendStatus(response, { status: 500, type: 'api_error', message: 'the script has ended' })
        : send(response, answer, timers);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    base_url: `http://127.0.0.1:${port}/v1`,
    requests,
    refusals,
    close: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearInterval(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The text of one event. */
export function anthropicEvent(data: Readonly<Record<string, unknown>>): string {
  return `event: ${String(data['type'])}\ndata: ${JSON.stringify(data)}\n\n`;
}

async function readBody(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}

function readRequest(incoming: IncomingMessage, body: string): AnthropicRequest {
  const parsed = JSON.parse(body) as AnthropicRequest;
  return { ...parsed, path: incoming.url ?? '', headers: incoming.headers, body };
}

function remember(blocks: readonly Block[], signatures: Set<string>): void {
  for (const block of blocks) {
    if (block.type.endsWith('thinking')) signatures.add(JSON.stringify(block));
  }
}

/**
 * Says what the API would refuse about a request, or `null`. `signatures`: the thoughts it may hold, as JSON; `null`
 * takes any.
 */
export function anthropicFault(
  request: Omit<AnthropicRequest, 'path' | 'headers'>,
  signatures: ReadonlySet<string> | null,
): string | null {
  return bodyRule(request) ?? talkRule(request.messages, signatures) ?? thinkingRule(request);
}

function bodyRule(request: Omit<AnthropicRequest, 'path' | 'headers'>): string | null {
  if (!request.body.isWellFormed() || /(?<!\\)\\u[dD][89a-fA-F]/u.test(request.body))
    return 'The request body is not valid JSON: no low surrogate in string';
  if (!Number.isInteger(request.max_tokens)) return 'max_tokens: Field required';
  const marks = request.body.split('"cache_control"').length - 1;
  if (marks > 4) return `A maximum of 4 blocks with cache_control may be provided. Found ${marks}.`;
  return null;
}

function talkRule(
  messages: AnthropicRequest['messages'],
  signatures: ReadonlySet<string> | null,
): string | null {
  if (messages.at(-1)?.role !== 'user') return 'messages: final message must use the "user" role';
  if (messages[0]?.role !== 'user') return 'messages: first message must use the "user" role';
  for (const [index, { role, content }] of messages.entries()) {
    if (role === messages[index - 1]?.role) return `messages.${index}: roles must alternate`;
    const broken = blockRule(content, signatures) ?? pairRule(messages, index);
    if (broken !== null) return `messages.${index}: ${broken}`;
  }
  return null;
}

function blockRule(content: readonly Block[], signatures: ReadonlySet<string> | null): string | null {
  if (content.length === 0) return 'content: must not be empty';
  for (const block of content) {
    if (block.type === 'tool_use' && !/^[\w-]+$/u.test(String(block['id']))) {
      return "tool_use.id: String should match pattern '^[a-zA-Z0-9_-]+$'";
    }
    if (block.type === 'tool_use' && !/^[\w-]{1,128}$/u.test(String(block['name']))) {
      return "tool_use.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'";
    }
    if (block.type === 'text' && String(block['text']).trim() === '') {
      return 'text content blocks must contain non-whitespace text';
    }
    if (block.type.endsWith('thinking') && signatures?.has(JSON.stringify(block)) === false) {
      return 'thinking blocks in the latest assistant message cannot be modified';
    }
  }
  return null;
}

function pairRule(messages: AnthropicRequest['messages'], index: number): string | null {
  const idsOf = (at: number, type: string, key: string): unknown[] =>
    (messages[at]?.content ?? []).filter((block) => block.type === type).map((block) => block[key]);
  const called = idsOf(index, 'tool_use', 'id');
  const answered = idsOf(index + 1, 'tool_result', 'tool_use_id');
  if (messages[index]?.role !== 'assistant') {
    const before = idsOf(index - 1, 'tool_use', 'id');
    const results = idsOf(index, 'tool_result', 'tool_use_id');
    if (new Set(results).size !== results.length) return 'each `tool_use` must have a single result';
    const kinds = (messages[index]?.content ?? []).map(({ type }) => type);
    if (kinds.lastIndexOf('tool_result') >= results.length) return '`tool_result` blocks must come first';
    const orphan = idsOf(index, 'tool_result', 'tool_use_id').find((id) => !before.includes(id));
    return orphan === undefined ? null : 'unexpected `tool_use_id` found in `tool_result` blocks';
  }
  if (called.length === 0 || index === messages.length - 1) return null;
  const is_whole = called.every((id) => answered.includes(id)) && new Set(called).size === called.length;
  return is_whole ? null : '`tool_use` ids were found without `tool_result` blocks immediately after';
}

function thinkingRule({
  thinking,
  messages,
  max_tokens,
}: Omit<AnthropicRequest, 'path' | 'headers'>): string | null {
  if (thinking?.type !== 'enabled') return null;
  if ((thinking.budget_tokens ?? 0) >= max_tokens)
    return '`max_tokens` must be greater than `thinking.budget_tokens`';
  const is_loop = messages.at(-1)?.content.some(({ type }) => type === 'tool_result') === true;
  const first = messages.findLast(({ role }) => role === 'assistant')?.content[0]?.type ?? '';
  return is_loop && !first.endsWith('thinking')
    ? `Expected \`thinking\` or \`redacted_thinking\`, but found \`${first}\``
    : null;
}

function sendModels(incoming: IncomingMessage, response: ServerResponse): void {
  if (incoming.headers['x-api-key'] !== 'sk-ant-canary-0001') {
    sendStatus(response, { status: 401, type: 'authentication_error', message: 'invalid x-api-key' });
    return;
  }
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ data: [{ type: 'model', id: 'claude-sonnet-4-5', max_input_tokens: 200_000 }] }));
}

function sendStatus(
  response: ServerResponse,
  answer: Omit<Extract<AnthropicAnswer, { kind: 'status' }>, 'kind'>,
): void {
  const { status, type, message, headers } = answer;
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ type: 'error', error: { type, message } }));
}

function send(response: ServerResponse, answer: AnthropicAnswer, timers: Set<NodeJS.Timeout>): void {
  switch (answer.kind) {
    case 'status':
      sendStatus(response, answer);
      return;
    case 'raw':
      sendRaw(response, answer);
      return;
    case 'hang':
      if (answer.first !== undefined) openStream(response).write(textStart(answer.first));
      return;
    case 'pings':
      openStream(response).write(textStart('A'));
      timers.add(setInterval(() => response.write(anthropicEvent({ type: 'ping' })), 5));
      return;
    case 'cut':
      openStream(response).write(textStart(answer.first), () => response.destroy());
      return;
    case 'unfinished':
      openStream(response).end(textStart(answer.text));
      return;
    case 'stream_error':
      openStream(response).end(
        (answer.first === undefined ? '' : textStart(answer.first)) +
          anthropicEvent({ type: 'error', error: { type: answer.type, message: 'Overloaded' } }),
      );
      return;
    case 'blocks':
      openStream(response).end(framesOf(answer));
  }
}

function sendRaw(response: ServerResponse, answer: Extract<AnthropicAnswer, { kind: 'raw' }>): void {
  response.writeHead(200, { 'content-type': answer.content_type ?? 'text/event-stream' });
  if (answer.ends === undefined) response.end(answer.body);
  else response.write(answer.body, () => (answer.ends === 'cut' ? response.destroy() : undefined));
}

function openStream(response: ServerResponse): ServerResponse {
  return response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8' });
}

function textStart(text: string): string {
  return (
    messageStart({}) +
    anthropicEvent({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }) +
    anthropicEvent({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })
  );
}

function messageStart(usage: Readonly<Record<string, number>>): string {
  const message = { id: 'msg_1', role: 'assistant', content: [], usage: { input_tokens: 100, ...usage } };
  return anthropicEvent({ type: 'message_start', message }) + anthropicEvent({ type: 'ping' });
}

function framesOf(answer: Extract<AnthropicAnswer, { kind: 'blocks' }>): string {
  const has_calls = answer.blocks.some(({ type }) => type === 'tool_use');
  const stop_reason =
    answer.stop_reason === undefined ? (has_calls ? 'tool_use' : 'end_turn') : answer.stop_reason;
  return [
    messageStart(answer.usage ?? {}),
    ...answer.blocks.map(blockFrames),
    anthropicEvent({ type: 'message_delta', delta: { stop_reason }, usage: { output_tokens: 20 } }),
    anthropicEvent({ type: 'message_stop' }),
  ].join('');
}

function blockFrames(block: Block, index: number): string {
  const start = (content_block: Block): string =>
    anthropicEvent({ type: 'content_block_start', index, content_block });
  const delta = (fields: Block): string =>
    anthropicEvent({ type: 'content_block_delta', index, delta: fields });
  const stop = anthropicEvent({ type: 'content_block_stop', index });
  if (block.type === 'text') {
    const words = String(block['text']).match(/\s*\S+/gu) ?? [];
    return (
      start({ type: 'text', text: '' }) +
      words.map((text) => delta({ type: 'text_delta', text })).join('') +
      stop
    );
  }
  if (block.type === 'thinking') {
    return (
      start({ type: 'thinking', thinking: '', signature: '' }) +
      delta({ type: 'thinking_delta', thinking: block['thinking'] }) +
      delta({ type: 'signature_delta', signature: block['signature'] }) +
      stop
    );
  }
  if (block.type !== 'tool_use') return start(block) + stop;
  const words = typeof block['input'] === 'string' ? block['input'] : JSON.stringify(block['input']);
  const half = Math.ceil(words.length / 2);
  const pieces = [words.slice(0, half), words.slice(half)];
  return (
    start({ ...block, input: {} }) +
    pieces.map((partial_json) => delta({ type: 'input_json_delta', partial_json })).join('') +
    stop
  );
}
