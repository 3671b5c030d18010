import { AttestError, RequestFaultsError } from '@attest/errors';
import { databaseFailure } from '@attest/persistence';
import { HttpException } from '@nestjs/common';

const CODES: Readonly<Record<number, readonly [code: string, detail: string]>> = {
  404: ['NOT_FOUND', 'There is nothing at this address. See /openapi.json for what there is.'],
  405: ['METHOD_NOT_ALLOWED', 'This address does not take this method. See /openapi.json for what it takes.'],
  406: ['FORM_NOT_AVAILABLE', 'This cannot be given in the form asked for. Ask for application/json.'],
  414: [
    'ADDRESS_TOO_LONG',
    'A part of this address is longer than 200 characters. Check the code or id in it.',
  ],
  413: ['REQUEST_TOO_LARGE', 'The request is larger than this address takes. Split it and send the parts.'],
  415: [
    'CONTENT_TYPE_NOT_TAKEN',
    'This address does not take this Content-Type. See /openapi.json for what it takes.',
  ],
};

/**
 * The error of ours that a framework's, a driver's or the database's error stands for; undefined when it is a surprise.
 * Their words are not passed on: they may quote what was sent.
 */
export function knownError(error: unknown): AttestError | undefined {
  if (error instanceof AttestError) return error;
  if (isUnkeepableText(error))
    return new RequestFaultsError([{ at: '', detail: 'holds a character that no text may have' }]);
  const status = frameworkStatus(error);
  if (status === undefined) return databaseFailure(error);
  if (status >= 500) return undefined;
  if (status === 400) return new RequestFaultsError([{ at: '', detail: 'is not a well-formed request' }]);
  const [code, detail] = CODES[status] ?? [
    'REQUEST_REFUSED',
    'The request was refused. See /openapi.json for what is taken.',
  ];
  return new AttestError(code, status, detail);
}

/** PostgreSQL keeps neither a NUL nor half a surrogate pair; wherever one stood, it came with the request. */
function isUnkeepableText(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['22021', '22P05'].includes(String(error.code));
}

function frameworkStatus(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  if (error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number')
    return error.statusCode;
  return undefined;
}
