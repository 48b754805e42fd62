import { createClient, httpTransport, type Client } from '../shared/client.ts';
import { AppError } from '../shared/errors.ts';
import { readToken } from './http/access-token.ts';
import { urlOf } from './http/listen.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A server that may run, as a command of the same computer or person reaches it. */
export type RunningServer = {
  readonly url: string;
  readonly client: Client;
  /** HTTP status of the last answer; `null` while nothing answered. */
  readonly status: () => number | null;
};

/** Where a command looks for a server, and how long it waits for an answer. */
export type ServerPlace = {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string;
  readonly timeout_ms: number;
};

/** Reaches a server by its address, with the token of the environment or of its data folder. Sends nothing yet. */
export function reachServer(
  { host, port, dataDir, timeout_ms }: ServerPlace,
  env: Environment,
): RunningServer {
  const url = urlOf(host, port);
  const token = env['MEMOIR_SERVER_TOKEN'] ?? env['LETTA_SERVER_PASSWORD'] ?? readToken(dataDir) ?? '';
  let status: number | null = null;
  // The token goes to the address that was asked for and no other: an answer that leads elsewhere is refused.
  const send: typeof fetch = async (input, init) => {
    const headers = new Headers(init?.headers);
    if (token.trim() !== '') headers.set('authorization', `Bearer ${token.trim()}`);
    const signal = AbortSignal.timeout(timeout_ms);
    const response = await fetch(input, { ...init, headers, signal, redirect: 'error' });
    status = response.status;
    return response;
  };
  return { url, client: createClient(httpTransport(url, send)), status: () => status };
}

/** Finds an agent by its id or name. Throws `not_found`, naming those that are there. */
export async function findAgent(client: Client, wanted: string): Promise<string> {
  const { agents } = await client.call('agents.list', {});
  return chooseAgent(agents, wanted);
}

/** {@link findAgent} among agents already known. */
export function chooseAgent(
  agents: readonly { readonly id: string; readonly name: string }[],
  wanted: string,
): string {
  const found = agents.find(({ id, name }) => id === wanted || name === wanted);
  if (found !== undefined) return found.id;
  const names = agents.map(({ name }) => name).join(', ');
  throw new AppError(
    'not_found',
    `There is no agent "${wanted}". There are: ${names === '' ? 'none' : names}.`,
  );
}
