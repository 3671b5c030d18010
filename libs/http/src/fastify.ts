import { problemOf } from '@attest/errors';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { toJson } from './json.js';
import { knownError } from './known-error.js';

/** For the whole of a request to arrive; the largest file over a slow line takes minutes. */
const REQUEST_WITHIN_MS = 10 * 60_000;
const HEADERS_WITHIN_MS = 60_000;
/** How often Node looks for requests that are over their time. */
const LOOK_EVERY_MS = 30_000;
const BODY_LIMIT_BYTES = 8 * 1024 * 1024;

/** Fastify as every service uses it: bigint as digits, files as streams, JSON bodies up to 8 MB. */
export function httpAdapter(requestWithinMs = REQUEST_WITHIN_MS): FastifyAdapter {
  const adapter = new FastifyAdapter({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: requestWithinMs,
    http: {
      // Node takes the longer of both for the request.
      headersTimeout: Math.min(HEADERS_WITHIN_MS, requestWithinMs),
      connectionsCheckingInterval: Math.min(LOOK_EVERY_MS, requestWithinMs),
    },
    // A caller that goes on sending on an open connection must not hold up a stop.
    forceCloseConnections: 'idle',
    return503OnClosing: true,
    routerOptions: { maxParamLength: 200 },
    // An address that leads to no route, because it cannot be read or is too long, never comes to Nest's filters.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const problem = problemOf(knownError(error) ?? error, request.url.split('?')[0]);
      void reply.status(problem.status).type('application/problem+json').send(problem);
    },
  });
  const fastify = adapter.getInstance();
  fastify.setReplySerializer((payload: unknown) => toJson(payload));
  // Browsers and mail programs call CSV many things, or nothing: whatever is not JSON stays a stream, and the guard says
  // whether a file goes there.
  fastify.removeContentTypeParser('text/plain');
  fastify.addContentTypeParser(
    '*',
    (_request: unknown, payload: unknown, done: (e: null, body: unknown) => void) => done(null, payload),
  );
  return adapter;
}
