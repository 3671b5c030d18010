import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiHeader } from './api-docs.js';

export const IDEMPOTENT = 'attest:idempotent';

/**
 * How a handler's effect and its kept answer become one transaction.
 * - `at once`: it begins before the handler, whose statements all join it.
 * - `late`: it begins with the handler's first transaction, because much is read before that. So does every route that
 *   takes a file.
 * - `in parts`: the handler commits part by part, each of which may be repeated without harm, and the answer is kept
 *   when all are done.
 */
export type Joining = 'at once' | 'late' | 'in parts';

/**
 * On every POST that creates or moves something. Its Idempotency-Key header is then required: the same key with
 * the same request gets the same answer, with another request a 422. Refusals are answers too, unless they pass by
 * themselves. What the handler does and the answer that is kept are committed together or not at all, so what shall
 * follow only what stands belongs in `tx.afterCommit`.
 */
export const Idempotent = (joining: Joining = 'at once'): MethodDecorator =>
  applyDecorators(
    SetMetadata(IDEMPOTENT, joining),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'new for each new intention, the same for each repeat',
    }),
  );
