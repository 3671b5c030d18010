import { problemOf, type Problem } from '@attest/errors';
import { OncePerMinute } from '@attest/telemetry';
import { Catch, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { knownError } from './known-error.js';

/** With every refusal that passes by itself. */
const SAME_KEY =
  'This refusal was not kept under your Idempotency-Key: send the same request again later with the same key.';

/** What is not served now may be in a few seconds. */
const RETRY_AFTER_S = '5';

/** Where the filter tells what it answered: refusals are expected, failures are surprises or our own faults. */
export interface HttpLog {
  refused(code: string, facts: { status: number; method: string; route: string }): void;
  /** @param code as the caller was told, who may quote it */
  failed(code: string, error: unknown, facts: { method: string; route: string; alsoUntold?: number }): void;
}

/** Turns whatever was thrown into a problem body (RFC 9457) with a stable code and no internals. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly unavailable = new OncePerMinute();

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
    if (problem.status < 500) this.log.refused(problem.code, { ...place, status: problem.status });
    else this.failed(error, problem, place);
    if (reply.sent) return;
    if (problem.status === 401) void reply.header('www-authenticate', 'Bearer');
    if (problem.status === 503 && !reply.hasHeader('retry-after'))
      void reply.header('retry-after', RETRY_AFTER_S);
    void reply.status(problem.status).type('application/problem+json').send(JSON.stringify(problem));
  }

  /** With its stack. While the database is away every request fails: one line a minute says the same. */
  private failed(error: unknown, { code, status }: Problem, place: { method: string; route: string }): void {
    if (status !== 503) return this.log.failed(code, error, place);
    const untold = this.unavailable.tell(code);
    if (untold !== undefined)
      this.log.failed(code, error, untold === 0 ? place : { ...place, alsoUntold: untold });
  }
}
