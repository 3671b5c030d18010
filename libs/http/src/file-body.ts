import { Readable, Transform, pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createParamDecorator, SetMetadata, applyDecorators, type ExecutionContext } from '@nestjs/common';
import { ApiBody, ApiConsumes } from './api-docs.js';
import { FileTooLargeError, FileTruncatedError } from './http.errors.js';

/** Content types that are passed on as the stream they are. */
export const FILE_CONTENT_TYPES = [
  'text/csv',
  'application/gzip',
  'application/x-gzip',
  'application/octet-stream',
];
export const TAKES_FILE = 'attest:takes-file';

/** A file as it comes in: read `stream` once, as it arrives; it is never held whole. */
export interface UploadedFile {
  readonly stream: Readable;
  readonly gzip: boolean;
}

/** On a route whose body is a file, raw: `text/csv`, or `application/gzip` of one. Other bodies get a 415. */
export const TakesFile = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(TAKES_FILE, true),
    ApiConsumes('text/csv', 'application/gzip'),
    ApiBody({ schema: { type: 'string', format: 'binary' } }),
  );

/** In a `@TakesFile()` handler's parameters: `@FileBody() file: UploadedFile`. */
export const FileBody = createParamDecorator(
  (_: unknown, context: ExecutionContext): UploadedFile =>
    context.switchToHttp().getRequest<{ body: UploadedFile }>().body,
);

export function uploadedFile(
  contentType: string | undefined,
  contentEncoding: string | undefined,
  stream: Readable,
): UploadedFile {
  return { stream, gzip: /gzip/.test(contentType ?? '') || contentEncoding === 'gzip' };
}

/**
 * The file's bytes, unpacked. Destroying the result stops the upload too.
 * The stream fails with FileTooLargeError past `maxBytes` unpacked bytes, so that a small bomb stays small, and
 * with FileTruncatedError where gzip ends early.
 */
export function unpacked(file: UploadedFile, maxBytes: number): Readable {
  let bytes = 0;
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(new FileTooLargeError(maxBytes));
      else done(null, chunk);
    },
  });
  const told = (error: NodeJS.ErrnoException | null): void => {
    if (error)
      limited.destroy(
        error.code?.startsWith('Z_') || error.code === 'ERR_STREAM_PREMATURE_CLOSE'
          ? new FileTruncatedError()
          : error,
      );
  };
  if (!file.gzip) return pipeline(file.stream, limited, told);
  // The limit is placed behind gunzip; its own errors must reach the reader as ours.
  const gunzip = createGunzip();
  gunzip.on('error', (error) => told(error));
  return pipeline(file.stream, gunzip, limited, told);
}
