import { Transform, pipeline, type Readable, type TransformCallback } from 'node:stream';
import { FormFaultyError, FormWithoutFileError, SeveralFilesError } from './http.errors.js';

const BOUNDARY = /;\s*boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))/i;
const NAMED_FILE = /^content-disposition:[^\r\n]*;\s*filename\*?=(?!""(?:\s*(?:;|$)))/im;
const MOST_HEAD_BYTES = 16 * 1024;
/** Fields, and what stands before and behind the form: more is somebody who never ends. */
const MOST_BYTES_BESIDE = 1024 * 1024;
const LINE_END = '\r\n';
const BLANK_LINE = '\r\n\r\n';

export const isForm = (contentType: string): boolean => /^\s*multipart\/form-data\b/i.test(contentType);

/**
 * The bytes of the one file in a form (RFC 7578), as they arrive. It ends only when the form has: so what is read of it
 * is not taken for the whole where the form breaks off or holds a second file. Fields beside it are passed over.
 * @throws FormFaultyError where the form names no boundary. The stream fails with FormFaultyError,
 * FormWithoutFileError, SeveralFilesError
 */
export function fileOfForm(form: Readable, contentType: string): Readable {
  const [, quoted, bare] = BOUNDARY.exec(contentType) ?? [];
  const boundary = quoted ?? bare;
  if (boundary === undefined) throw new FormFaultyError();
  const file = new FormFile(boundary);
  // Whoever reads is told; until somebody does, nobody must fall over it.
  file.on('error', () => undefined);
  pipeline(form, file, () => undefined);
  return file;
}

type Place = 'outside' | 'behind a boundary' | 'head' | 'field' | 'file' | 'end';

class FormFile extends Transform {
  private readonly boundary: Buffer;
  // The first boundary begins a line, too.
  private rest: Buffer = Buffer.from(LINE_END);
  private place: Place = 'outside';
  private files = 0;
  private bytesBeside = 0;

  constructor(boundary: string) {
    super();
    this.boundary = Buffer.from(`${LINE_END}--${boundary}`, 'latin1');
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    this.rest = this.rest.length === 0 ? chunk : Buffer.concat([this.rest, chunk]);
    try {
      while (this.step());
      done();
    } catch (error) {
      done(error as Error);
    }
  }

  override _flush(done: TransformCallback): void {
    if (this.place !== 'end') done(new FormFaultyError());
    else done(this.files === 0 ? new FormWithoutFileError() : null);
  }

  /** Goes on as far as the bytes at hand allow. False where more are needed. */
  private step(): boolean {
    switch (this.place) {
      case 'outside':
      case 'field':
      case 'file':
        return this.toBoundary();
      case 'behind a boundary':
        return this.behindBoundary();
      case 'head':
        return this.head();
      case 'end':
        this.passOver(this.rest.length);
        this.rest = Buffer.alloc(0);
        return false;
    }
  }

  private toBoundary(): boolean {
    const at = this.rest.indexOf(this.boundary);
    // A boundary may have begun at the very end.
    const until = at < 0 ? Math.max(0, this.rest.length - this.boundary.length + 1) : at;
    if (this.place !== 'file') this.passOver(until);
    else if (until > 0) this.push(this.rest.subarray(0, until));
    if (at < 0) {
      this.rest = this.rest.subarray(until);
      return false;
    }
    this.rest = this.rest.subarray(at + this.boundary.length);
    this.place = 'behind a boundary';
    return true;
  }

  private behindBoundary(): boolean {
    if (this.rest.length < LINE_END.length) return false;
    const next = this.rest.toString('latin1', 0, LINE_END.length);
    if (next === '--') this.place = 'end';
    else if (next === LINE_END) this.place = 'head';
    else throw new FormFaultyError();
    // The line end stays: a part without headers is a blank line behind it.
    if (next === '--') this.rest = this.rest.subarray(LINE_END.length);
    return true;
  }

  private head(): boolean {
    const end = this.rest.indexOf(BLANK_LINE);
    if (end < 0) {
      if (this.rest.length > MOST_HEAD_BYTES) throw new FormFaultyError();
      return false;
    }
    const isFile = NAMED_FILE.test(this.rest.toString('utf8', 0, end));
    if (isFile && ++this.files > 1) throw new SeveralFilesError();
    this.place = isFile ? 'file' : 'field';
    this.rest = this.rest.subarray(end + BLANK_LINE.length);
    return true;
  }

  private passOver(bytes: number): void {
    this.bytesBeside += bytes;
    if (this.bytesBeside > MOST_BYTES_BESIDE) throw new FormFaultyError();
  }
}
