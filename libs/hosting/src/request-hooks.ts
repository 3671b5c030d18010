import { randomUUID } from 'node:crypto';
import { withCorrelation, type Metrics } from '@attest/telemetry';
import type { FastifyInstance, FastifyRequest } from 'fastify';

const CORRELATION_ID = /^[\w.:-]{8,100}$/;
const ids = new WeakMap<object, string>();

/** Gives each request its correlation id, told back in `x-correlation-id`, and measures it. */
export function addRequestHooks(fastify: FastifyInstance, metrics: Metrics): void {
  const duration = metrics.histogram('attest_http_request_seconds', 'how long requests took', [
    'method',
    'route',
    'status',
  ]);
  fastify.addHook('onRequest', (request, reply, done) => {
    const given = request.headers['x-correlation-id'];
    const id = typeof given === 'string' && CORRELATION_ID.test(given) ? given : randomUUID();
    ids.set(request.raw, id);
    void reply.header('x-correlation-id', id);
    withCorrelation(id, done);
  });
  // A body is read in the socket's context, which is not the request's: enter it again.
  fastify.addHook('preValidation', (request, _reply, done) =>
    withCorrelation(correlationIdOf(request), done),
  );
  fastify.addHook('onResponse', (request, reply, done) => {
    duration.observe(
      {
        method: request.method,
        route: request.routeOptions?.url ?? 'none',
        status: String(reply.statusCode),
      },
      reply.elapsedTime / 1000,
    );
    done();
  });
}

const correlationIdOf = (request: FastifyRequest): string => ids.get(request.raw) ?? randomUUID();
