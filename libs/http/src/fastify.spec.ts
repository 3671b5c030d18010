import type { Server } from 'node:http';
import { expect, it } from '@jest/globals';
import { httpAdapter } from './fastify.js';

// Node sees to it; that Fastify hands it on, and does not switch it off as it does unless told, is ours.
it('a request that never arrives whole is given up after ten minutes, its head after one', () => {
  const server = httpAdapter().getInstance().server as Server;
  expect([server.requestTimeout, server.headersTimeout]).toEqual([600_000, 60_000]);
});
