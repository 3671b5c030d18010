import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A way to a server that can fail as a network does. */
export interface SilentProxy {
  /** The same address, by way of the proxy. */
  readonly url: string;
  /** What is sent from now on gets nowhere, also on connections that stand: packets are dropped. */
  fallSilent(): void;
  /** New connections pass again. */
  speak(): void;
  /** Ends every connection and refuses new ones. */
  cut(): Promise<void>;
  /** Takes connections again, at the same address. */
  heal(): Promise<void>;
  close(): Promise<void>;
}

export async function silentProxy(to: string): Promise<SilentProxy> {
  const target = new URL(to);
  const sockets = new Set<Socket>();
  let silent = false;
  const server = createServer((near) => {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, into] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => void (silent || into.write(bytes)));
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        into.destroy();
      });
    }
  });
  const listen = async (port: number): Promise<void> => {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const url = new URL(to);
  url.host = `127.0.0.1:${port}`;
  const cut = async (): Promise<void> => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };
  return {
    url: url.href,
    fallSilent: () => void (silent = true),
    speak: () => void (silent = false),
    cut,
    heal: () => listen(port),
    close: cut,
  };
}
