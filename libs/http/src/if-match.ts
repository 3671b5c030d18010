import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiHeader } from './api-docs.js';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { IfMatchFaultyError, IfMatchMissingError } from './http.errors.js';

const ETAG = /^"(\d{1,18})"$/;

/**
 * The revision that the caller last read: `If-Match: "7"` → 7n.
 * @throws IfMatchMissingError 428, IfMatchFaultyError 400
 */
export function ifMatch(request: FastifyRequest): bigint {
  const header = request.headers['if-match'];
  if (header === undefined || header.trim() === '') throw new IfMatchMissingError();
  const parts = ETAG.exec(header.trim());
  if (!parts) throw new IfMatchFaultyError();
  return BigInt(parts[1]!);
}

/** In a handler's parameters: `@IfMatch() revision: bigint`. */
export const IfMatch = createParamDecorator((_: unknown, context: ExecutionContext) =>
  ifMatch(context.switchToHttp().getRequest<FastifyRequest>()),
);

/** For OpenAPI, beside `@IfMatch()`: the operation needs the ETag that the caller last read. */
export const ApiIfMatch = (
  description = 'the ETag you last read, for example "7"',
): ReturnType<typeof ApiHeader> => ApiHeader({ name: 'If-Match', required: true, description });

/** The ETag of a revision: 7n → `"7"`. */
export const etag = (revision: bigint | number): string => `"${revision}"`;

/** Sets the answer's ETag. Use with `@Res({ passthrough: true }) reply: FastifyReply`. */
export const setEtag = (reply: FastifyReply, revision: bigint | number): void =>
  void reply.header('etag', etag(revision));
