import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { IdempotencyKeyMissingError } from './http.errors.js';

const KEY = /^[\x21-\x7e]{1,200}$/;

/** @throws IdempotencyKeyMissingError 400, also for what is no key */
export function idempotencyKey(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (typeof key !== 'string' || !KEY.test(key)) throw new IdempotencyKeyMissingError();
  return key;
}

/**
 * In a handler's parameters: `@IdempotencyKey() key: string`. For what has no natural key of its own: written in the
 * handler's transaction it finds what was done also when the answer is kept no longer. It is the caller's choice, so
 * it is unique only together with the caller and what the request is for.
 */
export const IdempotencyKey = createParamDecorator((_: unknown, context: ExecutionContext) =>
  idempotencyKey(context.switchToHttp().getRequest<FastifyRequest>()),
);
