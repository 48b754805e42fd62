import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

/** A request a {@link JsonServer} got. */
export type JsonRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
};

/** Answers by path: a value as JSON, a number as a bare status, `hang` never, a function by the body. */
export type JsonRoutes = Readonly<Record<string, unknown>>;

/** A running server. */
export type JsonServer = {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly requests: readonly JsonRequest[];
  /** Connections opened so far, whether anything was asked over them or not. */
  readonly sockets: () => number;
};

/** Starts a real HTTP server that ends with the test. Paths it does not know are 404. */
export async function startJsonServer(routes: JsonRoutes): Promise<JsonServer> {
  const requests: JsonRequest[] = [];
  let sockets = 0;
  const server = createServer((incoming, response) => {
    const parts: Buffer[] = [];
    incoming.on('data', (part: Buffer) => parts.push(part));
    incoming.on('end', () => {
      const path = incoming.url ?? '';
      const body = Buffer.concat(parts).toString('utf8');
      requests.push({ method: incoming.method ?? '', path, headers: incoming.headers, body });
      const route = routes[path] ?? 404;
      const answer: unknown =
        typeof route === 'function' ? (route as (body: string) => unknown)(body) : route;
      if (answer === 'hang') return;
      if (typeof answer === 'number') response.writeHead(answer).end();
      else if (typeof answer === 'string')
        response.writeHead(200, { 'content-type': 'text/html' }).end(answer);
      else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
    });
  });
  server.on('connection', () => (sockets += 1));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  const { port } = server.address() as AddressInfo;
  return { origin: `http://127.0.0.1:${port}`, requests, sockets: () => sockets };
}

/** Routes of an Ollama with one model that is loaded, one that is set up, one that is neither, and an embedder. */
export function ollamaRoutes(loaded = 4096): JsonRoutes {
  const about: Readonly<Record<string, unknown>> = {
    'qwen3:8b': show(40_960, ['completion', 'tools']),
    'llama3.2:3b': show(
      131_072,
      ['completion', 'tools'],
      'temperature 0.7\nnum_ctx                        16384',
    ),
    'gemma:2b': show(8192, ['completion']),
    'nomic-embed-text': show(2048, ['embedding']),
  };
  return {
    '/api/tags': { models: Object.keys(about).map((name) => ({ name, model: name })) },
    '/api/ps': { models: [{ name: 'qwen3:8b', context_length: loaded }] },
    '/api/show': (body: string) => about[(JSON.parse(body) as { model: string }).model] ?? 404,
  };
}

function show(largest: number, capabilities: readonly string[], parameters = ''): object {
  return {
    capabilities,
    parameters,
    model_info: { 'general.architecture': 'x', 'x.context_length': largest },
  };
}
