import { existsSync, readFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { startServer } from '../../electron/server.ts';
import { tempDir } from '../helpers/temp-dir.ts';

/** A JSON object as it came over the wire. */
export type Wire = Record<string, unknown>;

/** An answer, read whole. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** A server on a folder of its own, answering with the built-in model. */
export type Letta = {
  readonly url: string;
  /** `ask('POST /v1/agents', {...})`. */
  readonly ask: (route: string, body?: unknown, headers?: Record<string, string>) => Promise<Answer>;
};

/** Starts a server that ends with the test. */
export async function startLetta(env: Record<string, string> = {}): Promise<Letta> {
  const server = await startServer({ port: 0, dataDir: tempDir(), env });
  onTestFinished(() => server.close());
  return letta(server.url);
}

/** How to ask the server at `url`. */
export function letta(url: string): Letta {
  const ask: Letta['ask'] = async (route, body, headers = {}) => {
    const [method = 'GET', path = ''] = route.split(' ');
    const sent = body === undefined ? {} : { body: body instanceof FormData ? body : JSON.stringify(body) };
    const type = body === undefined || body instanceof FormData ? {} : { 'content-type': 'application/json' };
    const response = await fetch(url + path, { method, headers: { ...type, ...headers }, ...sent });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
  };
  return { url, ask };
}

/** Makes an agent and gives its id. */
export async function makeAgent({ ask }: Letta, fields: Wire = {}): Promise<string> {
  const { status, body } = await ask('POST /v1/agents/', {
    name: 'Kit',
    model: 'memoir/offline',
    memory_blocks: [
      { label: 'human', value: 'Name: Bob' },
      { label: 'persona', value: 'I am terse.' },
    ],
    ...fields,
  });
  if (status !== 200) throw new Error(JSON.stringify(body));
  return String((body as Wire)['id']);
}

const RECORDED = new URL('../../../shared/data/letta-v1-exchanges.jsonl', import.meta.url);

/** One request and its answer, recorded from a running V1 server. */
export type Exchange = {
  readonly req: { readonly method: string; readonly path: string; readonly body: unknown };
  readonly res: { readonly status: number; readonly body: unknown };
};

/** The recorded exchanges; `null` when they are not at hand. */
export function recordedExchanges(): Exchange[] | null {
  if (!existsSync(RECORDED)) return null;
  const lines = readFileSync(RECORDED, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as Exchange);
}
