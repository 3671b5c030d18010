import { createHash, type Hash } from 'node:crypto';
import { Transform, type Readable } from 'node:stream';
import type { FastifyRequest } from 'fastify';
import { toJson } from './json.js';

function begin(request: FastifyRequest): Hash {
  return createHash('sha256').update(
    `${request.method} ${request.url}\n${request.headers['if-match'] ?? ''}\n`,
  );
}

/** Address, If-Match and body: what makes two requests the same. */
export const hashOfRequest = (request: FastifyRequest): Buffer =>
  begin(request)
    .update(toJson(request.body ?? null))
    .digest();

/** The same for a body that is a file: hashed while somebody else reads it. */
export function hashingOf(
  request: FastifyRequest,
  stream: Readable,
): { stream: Readable; digest: () => Promise<Buffer> } {
  const hash = begin(request);
  const passing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
  });
  stream.on('error', (error) => passing.destroy(error));
  stream.on('close', () => {
    if (!stream.readableEnded) passing.destroy(new Error('the upload was broken off'));
  });
  stream.pipe(passing);
  const digest = async (): Promise<Buffer> => {
    // A handler may refuse a file at its first line; the rest still decides whether a repeat is the same request.
    if (!passing.readableEnded && !passing.destroyed) for await (const _ of passing);
    else if (!stream.readableEnded && !stream.destroyed) {
      stream.unpipe(passing);
      for await (const chunk of stream) hash.update(chunk as Buffer);
    }
    return hash.digest();
  };
  return { stream: passing, digest };
}
