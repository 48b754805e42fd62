import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** An address that stays while the server behind it comes and goes. */
export type Relay = {
  /** Without a trailing slash. */
  readonly url: string;
  /** Sends connections from now on to another server. */
  readonly lead: (url: string) => void;
};

/**
 * Opens a relay to a server; it closes with the test. While nothing listens behind it, it refuses connections. As a
 * server answers to its own address only, requests are given that in place of the relay's.
 */
export async function openRelay(url: string): Promise<Relay> {
  let target = new URL(url);
  const sockets = new Set<Socket>();
  const server = createServer((inside) => {
    const outside = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [inside, outside],
      [outside, inside],
    ] as const) {
      sockets.add(socket);
      if (socket === outside) socket.pipe(other);
      else socket.on('data', (bytes: Buffer) => other.write(readdress(bytes)));
      socket.once('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
      // A killed server resets its connections; closing is all there is to do.
      socket.on('error', () => socket.destroy());
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of sockets) socket.destroy();
  });
  const { port } = server.address() as AddressInfo;
  const readdress = (bytes: Buffer): Buffer =>
    Buffer.from(bytes.toString('latin1').replaceAll(`127.0.0.1:${port}`, target.host), 'latin1');
  return {
    url: `http://127.0.0.1:${port}`,
    lead: (next) => {
      target = new URL(next);
    },
  };
}
