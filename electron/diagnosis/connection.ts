import { connect } from 'node:net';
import { factsOf, fine, type Finding, type HostFacts } from './look.ts';

const REACH_MS = 1000;

/** Row "Connection refused": where this process listens, and whether its port takes a connection. */
export async function checkConnection(host: HostFacts): Promise<Finding> {
  const address = host.address();
  const facts = factsOf({
    address,
    data_dir: host.data_dir,
    log_path: host.log_path ?? undefined,
    version: host.version,
  });
  if (address === null) {
    return {
      state: 'ok',
      reason: 'no_server',
      cause:
        'This window reaches Memoir without a port, so nothing listens on 8283: other programs are refused a connection.',
      cure: 'For other programs, close this window and start the server: memoir server',
      facts,
    };
  }
  if (await accepts(address)) return fine(`Memoir listens on ${address} and takes connections.`, facts);
  return {
    state: 'trouble',
    reason: 'refused',
    cause: `Memoir runs, but nothing takes connections on ${address}.`,
    cure: 'Start the server again: memoir server. If it ends at once, the last lines of the log say why.',
    facts,
    place: 'log',
  };
}

function accepts(address: string): Promise<boolean> {
  const { hostname, port } = new URL(address);
  return new Promise((resolve) => {
    const socket = connect({ host: hostname.replace(/^\[(.+)\]$/, '$1'), port: Number(port) });
    const end = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(REACH_MS, () => end(false));
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
