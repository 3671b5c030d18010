import { applyDecorators, SetMetadata } from '@nestjs/common';
import { ApiHeader } from './api-docs.js';

export const IDEMPOTENT = 'attest:idempotent';

/**
 * On every POST that creates or moves something. Its Idempotency-Key header is then required: the same key with
 * the same request gets the same answer, with another request a 422. Refusals are answers too. A request whose
 * process died may run again after a minute, so the handler's own writes rest on versions or natural keys, or on the
 * key itself (@IdempotencyKey).
 */
export const Idempotent = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(IDEMPOTENT, true),
    ApiHeader({
      name: 'Idempotency-Key',
      required: true,
      description: 'new for each new intention, the same for each repeat',
    }),
  );
