import { createClient, httpTransport, type Client } from '../shared/client.ts';
import type { Check, Diagnosis } from '../shared/contract/diagnosis.ts';
import { AppError } from '../shared/errors.ts';
import { parseDiagnoseOptions } from './command-line.ts';
import { defaultDataDir } from './data-dir.ts';
import { readToken } from './http/access-token.ts';
import { urlOf } from './http/listen.ts';
import { logPathOf } from './log/process-log.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** What a command printed, and the exit code it ends with. */
export type CommandEnd = { readonly text: string; readonly code: 0 | 1 };

/**
 * The command `memoir diagnose`: asks the server that runs for its diagnosis. Code 1 when something is in trouble, or
 * when nothing answers: then the text is the row of the connection, with what to do. Throws `invalid_input` for options
 * that can not be read and `not_found` for an agent that is not there.
 */
export async function diagnoseServer(args: readonly string[], env: Environment): Promise<CommandEnd> {
  const { port, host, dataDir = defaultDataDir(env), agent } = parseDiagnoseOptions(args);
  const url = urlOf(host, port);
  const token = (
    env['MEMOIR_SERVER_TOKEN'] ??
    env['LETTA_SERVER_PASSWORD'] ??
    readToken(dataDir) ??
    ''
  ).trim();
  const refused: { status: number | null } = { status: null };
  const client = createClient(httpTransport(url, sendToken(token, refused)));
  try {
    const agent_id = agent === null ? undefined : await findAgent(client, agent);
    const found = await client.call('system.diagnose', agent_id === undefined ? {} : { agent_id });
    return { text: textOf(found), code: found.state === 'trouble' ? 1 : 0 };
  } catch (error) {
    if (refused.status === 401 || refused.status === 403) {
      return { text: `connection: TROUBLE\n  cause: ${messageOf(error)}\n`, code: 1 };
    }
    if (refused.status !== null) throw error;
    return { text: nobody(url, dataDir), code: 1 };
  }
}

// The token goes to the address that was asked for and no other: an answer that leads elsewhere is refused.
function sendToken(token: string, refused: { status: number | null }): typeof fetch {
  return async (input, init) => {
    const headers = new Headers(init?.headers);
    if (token !== '') headers.set('authorization', `Bearer ${token}`);
    const signal = AbortSignal.timeout(20_000);
    const response = await fetch(input, { ...init, headers, signal, redirect: 'error' });
    refused.status = response.status;
    return response;
  };
}

async function findAgent(client: Client, wanted: string): Promise<string> {
  const { agents } = await client.call('agents.list', {});
  const found = agents.find(({ id, name }) => id === wanted || name === wanted);
  if (found !== undefined) return found.id;
  const names = agents.map(({ name }) => name).join(', ');
  throw new AppError(
    'not_found',
    `There is no agent "${wanted}". There are: ${names === '' ? 'none' : names}.`,
  );
}

function nobody(url: string, dataDir: string): string {
  return [
    'connection: TROUBLE',
    `  cause: nothing is listening on ${new URL(url).host}`,
    '  cure: start it with: memoir server',
    `  log: if it ends by itself, the last lines of ${logPathOf(dataDir)} say why`,
    '',
  ].join('\n');
}

const MARKS: Readonly<Record<Check['state'], string>> = {
  ok: 'ok',
  attention: 'ATTENTION',
  trouble: 'TROUBLE',
};

function textOf({ agent_name, checks }: Diagnosis): string {
  const rows = checks.map(({ id, state, cause, cure }) => {
    const lines = [`${id}: ${MARKS[state]}`, `  cause: ${cause}`];
    if (cure !== null) lines.push(`  cure: ${cure}`);
    return lines.join('\n');
  });
  return `Agent: ${agent_name ?? 'none'}\n${rows.join('\n')}\n`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
