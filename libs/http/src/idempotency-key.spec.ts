import { describe, expect, it } from '@jest/globals';
import type { FastifyRequest } from 'fastify';
import { IdempotencyKeyMissingError } from './http.errors.js';
import { idempotencyKey } from './idempotency-key.js';

const requestWith = (key: unknown): FastifyRequest =>
  ({ headers: { 'idempotency-key': key } }) as unknown as FastifyRequest;

describe('an idempotency key', () => {
  it('reaches the handler as it was sent', () => {
    expect(idempotencyKey(requestWith('declare-2026-05-01'))).toBe('declare-2026-05-01');
  });

  it.each([
    ['none', undefined],
    ['an empty one', ''],
    ['one with a space', 'a b'],
    ['one that is too long', 'k'.repeat(201)],
    ['two of them', ['a', 'b']],
  ])('is asked for where there is %s', (_, key) => {
    expect(() => idempotencyKey(requestWith(key))).toThrow(IdempotencyKeyMissingError);
  });
});
