import { problemOf } from '@attest/errors';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { knownError } from './known-error.js';

/** With every refusal that passes by itself. */
const SAME_KEY =
  'This refusal was not kept under your Idempotency-Key: send the same request again later with the same key.';

/** Where the filter tells what it answered: refusals are expected, failures are surprises. */
export interface HttpLog {
  refused(code: string, facts: { status: number; method: string; route: string }): void;
  failed(error: unknown, facts: { method: string; route: string }): void;
}

/** Turns whatever was thrown into a problem body (RFC 9457) with a stable code and no internals. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: HttpLog) {}

  catch(error: unknown, host: ArgumentsHost): void {
    // Consumers have their own four endings; they never answer with a body.
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const known = knownError(error);
    const problem = problemOf(known ?? error, request.url.split('?')[0]);
    if (known?.passesByItself && request.headers['idempotency-key'] !== undefined)
      Object.assign(problem, { detail: `${problem.detail} ${SAME_KEY}` });
    const place = { method: request.method, route: request.routeOptions?.url ?? 'none' };
    if (known) this.log.refused(problem.code, { ...place, status: problem.status });
    else this.log.failed(error, place);
    if (reply.sent) return;
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }
}
