// @ts-nocheck
import { connect, createServer } from 'node:net';
import { CannotStart } from './cannot-start.js';

const TRIES = 200;

/**
 * The first of `count` neighbouring ports on 127.0.0.1 that are all free, looking upwards from `preferred`.
 * @param {number} preferred
 * @param {number} [count]
 * @returns {Promise<number>}
 */
export async function freePort(preferred, count = 1) {
  for (let port = preferred; port < preferred + TRIES; port += count) {
    const free = await Promise.all(Array.from({ length: count }, (_, i) => isFree(port + i)));
    if (free.every(Boolean)) return port;
  }
  throw new CannotStart(
    `Ports ${preferred} to ${preferred + TRIES - 1} are all in use: stop what listens there and start again.`,
  );
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
function isFree(port) {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', () => done(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => done(true)));
  });
}

/**
 * Whether somebody listens at the address.
 * @param {string} host
 * @param {number} port
 * @returns {Promise<boolean>}
 */
export function answers(host, port) {
  return new Promise((done) => {
    const socket = connect({ host, port, timeout: 2000 });
    const finish = (/** @type {boolean} */ answer) => {
      socket.destroy();
      done(answer);
    };
    socket.once('connect', () => finish(true));
    socket.once('error', () => finish(false));
    socket.once('timeout', () => finish(false));
  });
}
