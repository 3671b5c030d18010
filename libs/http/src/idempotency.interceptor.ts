import { AttestError, problemOf, RequestFaultsError, type Problem } from '@attest/errors';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { UploadedFile } from './file-body.js';
import { IdempotencyKeyInUseError, IdempotencyKeyReusedError } from './http.errors.js';
import { idempotencyKey } from './idempotency-key.js';
import { IdempotencyStore, type KeptAnswer, type KeyOfRequest } from './idempotency.store.js';
import { IDEMPOTENT } from './idempotent.js';
import { toJson } from './json.js';
import { knownError } from './known-error.js';
import { hashingOf, hashOfRequest } from './request-hash.js';

type CallerRequest = FastifyRequest & { caller?: { personId: string } };

const RENEW_MS = 15_000;
const KEPT_HEADERS = ['etag', 'location'];
/** Set by Nest on a request that its pipes refused, so its handler never ran. */
const REJECTED_BY_PIPES = Symbol.for('nestjs:rejected-by-pipes');

/** Does what @Idempotent promises. */
export class IdempotencyInterceptor implements NestInterceptor {
  constructor(
    private readonly reflector: Reflector,
    private readonly store: IdempotencyStore,
  ) {}

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    if (!this.reflector.get<boolean | undefined>(IDEMPOTENT, context.getHandler())) return next.handle();
    const http = context.switchToHttp();
    return from(this.#once(http.getRequest<CallerRequest>(), http.getResponse<FastifyReply>(), next));
  }

  async #once(request: CallerRequest, reply: FastifyReply, next: CallHandler): Promise<unknown> {
    const id = keyOf(request);
    const hashing = hashingFile(request);
    const known = hashing ? null : hashOfRequest(request);
    const hash = async (): Promise<Buffer> => known ?? (await hashing!.digest());
    const claim = await this.store.claim(id, known);
    if (claim.outcome === 'in use') throw new IdempotencyKeyInUseError();
    if (claim.outcome === 'other request') throw new IdempotencyKeyReusedError();
    if (claim.outcome === 'answered') {
      if (!(await hash()).equals(claim.requestHash)) throw new IdempotencyKeyReusedError();
      return repeat(claim.answer, reply);
    }
    const renewing = setInterval(
      () => void this.store.renew(id, claim.attempt).catch(() => undefined),
      RENEW_MS,
    );
    renewing.unref();
    try {
      const value: unknown = await lastValueFrom(next.handle(), { defaultValue: undefined });
      await this.store.keep(id, claim.attempt, await hash(), {
        status: reply.statusCode,
        headers: keptHeaders(reply),
        body: value === undefined ? null : toJson(value),
      });
      return value;
    } catch (error) {
      const refusal = isRejectedByPipes(request) ? undefined : knownError(error);
      if (!refusal || refusal.status >= 500) await this.store.giveUp(id, claim.attempt);
      else await this.#keepRefusal(id, claim.attempt, refusal, hash);
      throw error;
    } finally {
      clearInterval(renewing);
    }
  }

  async #keepRefusal(
    id: KeyOfRequest,
    attempt: number,
    refusal: AttestError,
    hash: () => Promise<Buffer>,
  ): Promise<void> {
    try {
      await this.store.keep(id, attempt, await hash(), {
        status: refusal.status,
        headers: {},
        body: toJson(problemOf(refusal)),
      });
    } catch {
      // An upload that was not read to its end has no hash: nothing can ever be the same request.
      await this.store.giveUp(id, attempt);
    }
  }
}

function keyOf(request: CallerRequest): KeyOfRequest {
  return {
    caller: request.caller?.personId ?? 'anybody',
    route: `${request.method} ${request.routeOptions.url ?? request.url.split('?')[0]}`,
    key: idempotencyKey(request),
  };
}

function hashingFile(request: FastifyRequest): ReturnType<typeof hashingOf> | undefined {
  const file = request.body as UploadedFile | undefined;
  if (typeof file?.stream?.pipe !== 'function') return undefined;
  const hashing = hashingOf(request, file.stream);
  request.body = { ...file, stream: hashing.stream };
  return hashing;
}

function keptHeaders(reply: FastifyReply): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const name of KEPT_HEADERS) {
    const value = reply.getHeader(name);
    if (value !== undefined) kept[name] = String(value);
  }
  return kept;
}

function repeat(answer: KeptAnswer, reply: FastifyReply): unknown {
  const body: unknown = answer.body === null ? undefined : JSON.parse(answer.body);
  void reply.header('idempotency-replayed', 'true');
  if (answer.status >= 400) throw refusalOf(body as Problem);
  for (const [name, value] of Object.entries(answer.headers)) void reply.header(name, value);
  void reply.status(answer.status);
  return body;
}

function refusalOf(problem: Problem): AttestError {
  if (problem.faults) return new RequestFaultsError(problem.faults);
  return new AttestError(problem.code, problem.status, problem.detail, problem.facts);
}

const isRejectedByPipes = (request: object): boolean =>
  (request as Record<symbol, unknown>)[REJECTED_BY_PIPES] === true;
