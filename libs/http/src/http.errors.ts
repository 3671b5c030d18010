import { AttestError } from '@attest/errors';

export class IdempotencyKeyMissingError extends AttestError {
  constructor() {
    super(
      'IDEMPOTENCY_KEY_MISSING',
      400,
      'This request creates or moves something and needs an Idempotency-Key header of 1 to 200 printable characters. Send a new one, for example a UUID, with each new intention and the same one with each repeat.',
    );
  }
}

export class IdempotencyKeyReusedError extends AttestError {
  constructor() {
    super(
      'IDEMPOTENCY_KEY_REUSED',
      422,
      'This Idempotency-Key was already sent with another request. Nothing was done. Send a new key for a new intention.',
    );
  }
}

export class IdempotencyKeyInUseError extends AttestError {
  constructor() {
    super(
      'IDEMPOTENCY_KEY_IN_USE',
      409,
      'A request with this Idempotency-Key is being worked on. Send the same request again in a few seconds to get its answer.',
    );
  }

  override get passesByItself(): boolean {
    return true;
  }
}

export class IfMatchMissingError extends AttestError {
  constructor() {
    super(
      'IF_MATCH_MISSING',
      428,
      'This needs an If-Match header with the ETag you last read, for example "7", so that nobody overwrites what they have not seen. Read it again and send its ETag.',
    );
  }
}

export class IfMatchFaultyError extends AttestError {
  constructor() {
    super(
      'IF_MATCH_FAULTY',
      400,
      'The If-Match header is not one ETag of ours such as "7". Send the ETag you last read.',
    );
  }
}

export class CursorFaultyError extends AttestError {
  constructor() {
    super(
      'CURSOR_FAULTY',
      400,
      'This cursor was not given by this list with these filters. Use nextCursor as it was given and keep the filters, or leave it out to begin again.',
    );
  }
}

export class FileExpectedError extends AttestError {
  constructor() {
    super(
      'FILE_EXPECTED',
      415,
      'This takes a file as its body, CSV or gzip of it. Send the file itself, best with Content-Type text/csv or application/gzip.',
    );
  }
}

/** Told by its first bytes. Nothing of it was kept. */
export class FileInOtherFormError extends AttestError {
  constructor(code: 'FILE_NOT_CSV' | 'FILE_NOT_UTF8', words: string) {
    super(code, 422, `${words} Nothing of it was kept.`);
  }
}

export class FormFaultyError extends AttestError {
  constructor() {
    super(
      'FORM_FAULTY',
      400,
      'The form cannot be read: it has no boundary, ends before its end, or holds more than a megabyte beside its file. Nothing of it was kept. Send it again, or send the file itself as the body with Content-Type text/csv.',
    );
  }
}

export class FormWithoutFileError extends AttestError {
  constructor() {
    super(
      'FORM_WITHOUT_FILE',
      400,
      'The form holds no file. Choose the file and send the form again, or send the file itself as the body with Content-Type text/csv.',
    );
  }
}

export class SeveralFilesError extends AttestError {
  constructor() {
    super(
      'SEVERAL_FILES',
      400,
      'The form holds more than one file. Nothing of them was kept. Send each by itself.',
    );
  }
}

export class FileNotExpectedError extends AttestError {
  constructor() {
    super('FILE_NOT_EXPECTED', 415, 'This takes JSON, not a file. Send Content-Type application/json.');
  }
}

export class FileTooLargeError extends AttestError {
  constructor(maxBytes: number) {
    super(
      'FILE_TOO_LARGE',
      413,
      `The file is larger than ${maxBytes} bytes when unpacked. Nothing of it was kept. Split it and send the parts.`,
      { maxBytes },
    );
  }
}

export class FileTruncatedError extends AttestError {
  constructor() {
    super(
      'FILE_TRUNCATED',
      422,
      'The file ends before its end, or is not gzip at all though its Content-Type says so. Nothing of it was kept. Send it again, whole; what is not packed goes as text/csv.',
    );
  }
}

export class UploadBrokenOffError extends AttestError {
  constructor() {
    super(
      'UPLOAD_BROKEN_OFF',
      400,
      'The connection ended before the file did. Nothing of it was kept. Send it again, whole.',
    );
  }

  override get passesByItself(): boolean {
    return true;
  }
}

export class TooManyOfYourStreamsError extends AttestError {
  constructor(most: number) {
    super(
      'TOO_MANY_OF_YOUR_STREAMS',
      429,
      `You have ${most} streams of progress open here, as many as one person may have. Nothing is lost: close one of them, or ask with a GET of the same address without /events every few seconds.`,
      { most },
    );
  }

  override get passesByItself(): boolean {
    return true;
  }
}

export class TooManyStreamsError extends AttestError {
  constructor(most: number) {
    super(
      'TOO_MANY_STREAMS',
      503,
      'Progress is being streamed to as many as this service can serve at once. Nothing is lost: ask for it with a GET of the same address without /events every few seconds, or open the stream again later.',
      { most },
    );
  }
}
