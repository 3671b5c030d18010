import { AttestError } from '@attest/errors';
import { createHash, type Hash } from 'node:crypto';
import { PassThrough, type Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type { FastifyRequest } from 'fastify';
import { FileTooLargeError, UploadBrokenOffError } from './http.errors.js';
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

/** A file that was refused at once is still read to its end, up to this, to know the same request when it comes again. */
const MOST_BYTES_READ_ON = 512 * 1024 * 1024;

export interface HashedUpload {
  /** For the handler to read. */
  readonly stream: Readable;
  /** Reads on to the end. @throws UploadBrokenOffError, FileTooLargeError: such a request can never come again */
  digest(): Promise<Buffer>;
}

/** The same for a body that is a file: hashed while somebody else reads it, and on to its end when they stop. */
export function hashingOf(request: FastifyRequest, upload: Readable): HashedUpload {
  const hash = begin(request);
  const stream = new PassThrough();
  // Nobody may be reading when it breaks off; whoever reads later is told then.
  stream.on('error', () => undefined);
  let readOn: number | undefined;
  let failure: Error | undefined;
  // Hashed as it leaves the socket: what a handler left in a buffer belongs to the request all the same.
  upload.on('data', (chunk: Buffer) => {
    hash.update(chunk);
    if (readOn !== undefined && (readOn += chunk.length) > MOST_BYTES_READ_ON) {
      failure = new FileTooLargeError(MOST_BYTES_READ_ON);
      upload.destroy();
    }
  });
  const brokenOff = (): void => {
    if (upload.readableEnded) return;
    // A form says itself what is wrong with it.
    failure ??= upload.errored instanceof AttestError ? upload.errored : new UploadBrokenOffError();
    stream.destroy(failure);
  };
  upload.once('error', brokenOff).once('close', brokenOff);
  // It may have broken off while the caller was being looked up.
  if (upload.destroyed) brokenOff();
  else upload.pipe(stream);
  return {
    stream,
    digest: async () => {
      if (!upload.readableEnded && !failure) {
        readOn = 0;
        upload.unpipe(stream).resume();
        await finished(upload, { writable: false }).catch(brokenOff);
      }
      if (failure) throw failure;
      return hash.digest();
    },
  };
}
