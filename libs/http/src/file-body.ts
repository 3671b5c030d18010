import { AttestError } from '@attest/errors';
import { Readable, Transform, pipeline, type TransformCallback } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { createParamDecorator, SetMetadata, applyDecorators, type ExecutionContext } from '@nestjs/common';
import { ApiBody, ApiConsumes } from './api-docs.js';
import { BYTES_THAT_TELL, isGzip, refuseOtherForms } from './file-form.js';
import { fileOfForm, isForm } from './form-file.js';
import { FileTooLargeError, FileTruncatedError } from './http.errors.js';

/** Content types that plainly name a file. Where one is taken, its bytes decide and not its name. */
const FILE_TYPE = /^\s*(?:text\/csv|application\/(?:x-)?gzip|application\/octet-stream)\b/i;
export const TAKES_FILE = 'attest:takes-file';

/** A file as it comes in: read `stream` once, as it arrives; it is never held whole. */
export interface UploadedFile {
  readonly stream: Readable;
  readonly gzip: boolean;
}

/** On a route whose body is a file: CSV or gzip of it, raw or as the one file of a form. JSON gets a 415. */
export const TakesFile = (): MethodDecorator =>
  applyDecorators(
    SetMetadata(TAKES_FILE, true),
    ApiConsumes('text/csv', 'application/gzip', 'application/octet-stream'),
    ApiBody({
      description:
        'CSV in UTF-8, or gzip of it. Any other Content-Type but JSON is taken, too, or none: the bytes decide. A form (multipart/form-data) is taken where it holds one file.',
      schema: { type: 'string', format: 'binary' },
    }),
  );

/** In a `@TakesFile()` handler's parameters: `@FileBody() file: UploadedFile`. */
export const FileBody = createParamDecorator(
  (_: unknown, context: ExecutionContext): UploadedFile =>
    context.switchToHttp().getRequest<{ body: UploadedFile }>().body,
);

export const isFileType = (contentType: string | undefined): boolean => FILE_TYPE.test(contentType ?? '');

/**
 * The file that a body is, or holds as a form. Its first bytes say whether it is packed.
 * @throws FormFaultyError, FormWithoutFileError, SeveralFilesError
 */
export async function uploadedFile(
  contentType: string | undefined,
  contentEncoding: string | undefined,
  body: Readable,
): Promise<UploadedFile> {
  const type = contentType ?? '';
  const { stream, start } = await peek(isForm(type) ? fileOfForm(body, type) : body);
  return { stream, gzip: /gzip/i.test(type) || contentEncoding === 'gzip' || isGzip(start) };
}

/** As many bytes as tell gzip. */
const ENOUGH = 2;

/** The first bytes of a stream, which still gives them to its reader. A stream that has broken off tells its reader. */
async function peek(stream: Readable): Promise<{ stream: Readable; start: Buffer }> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const chunk = stream.read() as Buffer | null;
    if (chunk !== null) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes < ENOUGH) continue;
      const start = Buffer.concat(chunks);
      stream.unshift(start);
      return { stream, start };
    }
    // What has ended cannot be given anything back.
    if (stream.readableEnded)
      return { stream: Readable.from(chunks, { objectMode: false }), start: Buffer.concat(chunks) };
    if (stream.errored instanceof AttestError) throw stream.errored;
    if (stream.destroyed) return { stream, start: Buffer.alloc(0) };
    await readable(stream);
  }
}

/** Until there is more to read, or never will be. */
function readable(stream: Readable): Promise<void> {
  return new Promise((resolve) => {
    const events = ['readable', 'end', 'error', 'close'] as const;
    const settle = (): void => {
      for (const event of events) stream.off(event, settle);
      resolve();
    };
    for (const event of events) stream.on(event, settle);
  });
}

/**
 * The file's bytes, unpacked. Destroying the result stops the upload too.
 * The stream fails with FileTooLargeError past `maxBytes` unpacked bytes, so that a small bomb stays small, with
 * FileInOtherFormError where its first bytes are a workbook's or another form's, and with FileTruncatedError where gzip
 * ends early.
 */
export function unpacked(file: UploadedFile, maxBytes: number): Readable {
  let bytes = 0;
  let start: Buffer | undefined = Buffer.alloc(0);
  const limited = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) return done(new FileTooLargeError(maxBytes));
      if (start === undefined) return done(null, chunk);
      start = Buffer.concat([start, chunk]);
      if (start.length < BYTES_THAT_TELL) return done();
      settle(start, done);
    },
    flush(done) {
      if (start === undefined) done();
      else settle(start, done);
    },
  });
  const settle = (beginning: Buffer, done: TransformCallback): void => {
    start = undefined;
    try {
      refuseOtherForms(beginning);
      done(null, beginning);
    } catch (error) {
      done(error as Error);
    }
  };
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
