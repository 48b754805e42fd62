import type { Check, Diagnosis } from '../shared/contract/diagnosis.ts';
import { parseDiagnoseOptions } from './command-line.ts';
import { defaultDataDir } from './data-dir.ts';
import { logPathOf } from './log/process-log.ts';
import { findAgent, reachServer } from './running-server.ts';

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
  const server = reachServer({ host, port, dataDir, timeout_ms: 20_000 }, env);
  const { client } = server;
  try {
    const agent_id = agent === null ? undefined : await findAgent(client, agent);
    const found = await client.call('system.diagnose', agent_id === undefined ? {} : { agent_id });
    return { text: textOf(found), code: found.state === 'trouble' ? 1 : 0 };
  } catch (error) {
    const status = server.status();
    if (status === 401 || status === 403) {
      return { text: `connection: TROUBLE\n  cause: ${messageOf(error)}\n`, code: 1 };
    }
    if (status !== null) throw error;
    return { text: nobody(server.url, dataDir), code: 1 };
  }
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
