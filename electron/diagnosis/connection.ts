import { factsOf, fine, type Finding, type HostFacts } from './look.ts';

/** Row "Connection refused": where this process listens, and whether its port takes a connection. */
export function checkConnection(host: HostFacts): Finding {
  const port = host.address();
  const facts = factsOf({
    address: port?.url ?? null,
    data_dir: host.data_dir,
    log_path: host.log_path ?? undefined,
    version: host.version,
  });
  if (port === null) {
    return {
      state: 'ok',
      reason: 'no_server',
      cause:
        'This window reaches Memoir without a port, so nothing listens on 8283: other programs are refused a connection.',
      cure: 'For other programs, close this window and start the server: memoir server',
      facts,
    };
  }
  if (port.is_open) return fine(`Memoir listens on ${port.url} and takes connections.`, facts);
  return {
    state: 'trouble',
    reason: 'refused',
    cause: `Memoir runs, but nothing takes connections on ${port.url}.`,
    cure: 'Start the server again: memoir server. If it ends at once, the last lines of the log say why.',
    facts,
    place: 'log',
  };
}
