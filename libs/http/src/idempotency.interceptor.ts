import { AttestError, problemOf, RequestFaultsError, type Problem } from '@attest/errors';
import type { Database, UnitOfWork } from '@attest/persistence';
import type { CallHandler, ExecutionContext, NestInterceptor } from '@nestjs/common';
import type { Reflector } from '@nestjs/core';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { from, lastValueFrom, type Observable } from 'rxjs';
import type { UploadedFile } from './file-body.js';
import { IdempotencyKeyInUseError, IdempotencyKeyReusedError } from './http.errors.js';
import { idempotencyKey } from './idempotency-key.js';
import { IdempotencyStore, type KeptAnswer, type KeyOfRequest } from './idempotency.store.js';
import { IDEMPOTENT, type Joining } from './idempotent.js';
import { toJson } from './json.js';
import { knownError } from './known-error.js';
import { hashingOf, hashOfRequest } from './request-hash.js';

type CallerRequest = FastifyRequest & { caller?: { personId: string } };

const KEPT_HEADERS = ['etag', 'location'];
/** Set by Nest on a request that its pipes refused, so its handler never ran. */
const REJECTED_BY_PIPES = Symbol.for('nestjs:rejected-by-pipes');

/** Where a process may die, for whoever tests what is left then. */
export type Step = 'answer-before-kept' | 'answer-before-commit' | 'answer-after-commit';

/** Somebody else's answer stands under the key: this work ends and that answer is given. */
class AnsweredBefore extends Error {
  constructor(readonly answer: KeptAnswer) {
    super('answered before');
  }
}

/** Does what @Idempotent promises. */
export class IdempotencyInterceptor implements NestInterceptor {
  private readonly store: IdempotencyStore;

  constructor(
    private readonly reflector: Reflector,
    private readonly database: Database,
    private readonly reached: (step: Step) => void = () => undefined,
  ) {
    this.store = new IdempotencyStore(database);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() !== 'http') return next.handle();
    const joining = this.reflector.get<Joining | undefined>(IDEMPOTENT, context.getHandler());
    if (!joining) return next.handle();
    const http = context.switchToHttp();
    const request = http.getRequest<CallerRequest>();
    return from(this.#once(request, http.getResponse<FastifyReply>(), next, joining));
  }

  async #once(
    request: CallerRequest,
    reply: FastifyReply,
    next: CallHandler,
    joining: Joining,
  ): Promise<unknown> {
    const id = keyOf(request);
    const hash = hashOf(request);
    const unit = this.database.unit({
      lock: this.store.lockOf(id),
      opened: async (tx, { rows: [lock] }) => {
        if (!(lock as { free: boolean }).free) throw new IdempotencyKeyInUseError();
        const answer = await this.store.find(id, tx);
        if (answer) throw new AnsweredBefore(answer);
      },
    });
    const handle = (): Promise<unknown> => lastValueFrom(next.handle(), { defaultValue: undefined });
    try {
      if (joining === 'at once' && !hash.ofFile) await unit.open();
      else await this.#refuseAnswered(id);
      const value =
        joining === 'in parts' ? await handle() : await this.#undoingRefused(id, unit, hash, request, handle);
      const requestHash = await hash.value();
      this.reached('answer-before-kept');
      const body = value === undefined ? null : toJson(value);
      const answer = { requestHash, status: reply.statusCode, headers: keptHeaders(reply), body };
      await this.store.keep(await unit.open(), id, answer);
      this.reached('answer-before-commit');
      await unit.commit();
      this.reached('answer-after-commit');
      return value;
    } catch (error) {
      if (!(error instanceof AnsweredBefore)) throw error;
      if (!(await hash.value()).equals(error.answer.requestHash)) throw new IdempotencyKeyReusedError();
      return repeat(error.answer, reply);
    } finally {
      await unit.abandon();
    }
  }

  async #refuseAnswered(id: KeyOfRequest): Promise<void> {
    const answer = await this.store.find(id);
    if (answer) throw new AnsweredBefore(answer);
  }

  /** The handler inside the unit. Where it refuses, all it did is undone, and the refusal is kept if it stands. */
  async #undoingRefused(
    id: KeyOfRequest,
    unit: UnitOfWork,
    hash: RequestHash,
    request: CallerRequest,
    handle: () => Promise<unknown>,
  ): Promise<unknown> {
    try {
      return await this.database.within(unit, handle);
    } catch (error) {
      const refusal = isRejectedByPipes(request) ? undefined : knownError(error);
      if (!refusal || refusal.status >= 500 || error instanceof IdempotencyKeyInUseError) throw error;
      // An upload that was not read to its end has no hash: nothing can ever be the same request.
      const requestHash = refusal.passesByItself ? null : await hash.value().catch(() => null);
      const stands = await unit.refuse();
      if (requestHash)
        await this.store.keep(await unit.open(), id, {
          requestHash,
          status: refusal.status,
          headers: {},
          body: toJson(problemOf(refusal)),
        });
      if (requestHash || stands) await unit.commit();
      throw error;
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

interface RequestHash {
  readonly ofFile: boolean;
  /** A file is read to its end for it. */
  value(): Promise<Buffer>;
}

function hashOf(request: CallerRequest): RequestHash {
  const file = request.body as UploadedFile | undefined;
  if (typeof file?.stream?.pipe !== 'function') {
    const known = hashOfRequest(request);
    return { ofFile: false, value: () => Promise.resolve(known) };
  }
  const hashing = hashingOf(request, file.stream);
  request.body = { ...file, stream: hashing.stream };
  let digest: Promise<Buffer> | undefined;
  return { ofFile: true, value: () => (digest ??= hashing.digest()) };
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
