/**
 * Loaded into a process before anything else (`--import`): writes a line to the file CONNECTIONS_LOG for every
 * connection, question for a name and datagram that is tried.
 */
import dgram from 'node:dgram';
import dns from 'node:dns';
import { appendFileSync } from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import net from 'node:net';

const log = process.env['CONNECTIONS_LOG'] ?? '';

tell(net.Socket.prototype, 'connect');
tell(dgram.Socket.prototype, 'send');
for (const owner of [dns, dns.promises, dns.Resolver.prototype, dns.promises.Resolver.prototype]) {
  for (const name of ['lookup', 'resolve', 'resolve4', 'resolve6', 'resolveAny']) tell(owner, name);
}
syncBuiltinESMExports();
appendFileSync(log, 'watching\n');

function tell(owner: object, name: string): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') return;
  Reflect.set(owner, name, function told(this: unknown, ...args: unknown[]): unknown {
    // An address is no question, and what connects to it is told itself.
    if (net.isIP(String(args[0])) === 0) appendFileSync(log, `${name} ${targetOf(args)}\n`);
    const answer: unknown = Reflect.apply(original, this, args);
    return answer;
  });
}

/** A port, a path or a name. The client of `fetch` hands its options over in a list. */
function targetOf([first]: readonly unknown[]): string {
  const options: unknown = Array.isArray(first) ? first[0] : first;
  if (typeof options !== 'object' || options === null) return String(options);
  const { path, port } = options as { readonly path?: unknown; readonly port?: unknown };
  return String(path ?? port);
}
