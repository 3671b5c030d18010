import { connect, createServer } from 'node:net';
import { CannotStart } from './cannot-start.js';

const TRIES = 200;

/** The first of `count` neighbouring ports on 127.0.0.1 that are all free, looking upwards from `preferred`. */
export async function freePort(preferred: number, count = 1): Promise<number> {
  for (let port = preferred; port < preferred + TRIES; port += count) {
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(port + i)));
    if (free.every(Boolean)) return port;
  }
  throw new CannotStart(
    `Ports ${preferred} to ${preferred + TRIES - 1} are all in use: stop what listens there and start again.`,
  );
}

function isFree(port: number): Promise<boolean> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => done(true)));
  });
}

/** Whether somebody listens at the address. */
export function answers(host: string, port: number): Promise<boolean> {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 2000 });
    const finish = (answer: boolean) => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}
