import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { type JsonRoutes, startJsonServer } from './json-server.ts';
import { type Script, type ScriptedModel, startScriptedModel } from './scripted-openai.ts';

/** What a {@link ModelServer} offers. */
export type ModelServerOptions = {
  /** Everything but the talk: lists of models, what they hold. */
  readonly routes: JsonRoutes;
  readonly script: Script;
  /** The only key it lets in; without one it asks for none. */
  readonly key?: string;
};

/** A running server. */
export type ModelServer = {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** What was said to its models. */
  readonly model: ScriptedModel;
};

/** Starts a server that lists models and talks by a script, as Ollama and the providers do; it ends with the test. */
export async function startModelServer({ routes, script, key }: ModelServerOptions): Promise<ModelServer> {
  const model = await startScriptedModel(script);
  onTestFinished(() => model.close());
  const lists = await startJsonServer(routes);
  const server = createServer((incoming, response) => {
    if (key !== undefined && incoming.headers.authorization !== `Bearer ${key}`) {
      response.writeHead(401).end();
      return;
    }
    const talks = incoming.url?.endsWith('/chat/completions') === true;
    void passOn(incoming, response, talks ? new URL(model.base_url).origin : lists.origin);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, model };
}

async function passOn(incoming: IncomingMessage, response: ServerResponse, origin: string): Promise<void> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  const { authorization, 'content-type': type } = incoming.headers;
  try {
    const answer = await fetch(`${origin}${incoming.url ?? ''}`, {
      method: incoming.method ?? 'GET',
      headers: {
        ...(authorization === undefined ? {} : { authorization }),
        ...(type === undefined ? {} : { 'content-type': type }),
      },
      ...(body.length === 0 ? {} : { body }),
    });
    response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? '' });
    response.end(Buffer.from(await answer.arrayBuffer()));
  } catch {
    // The test ended while something was on its way.
    response.destroy();
  }
}
