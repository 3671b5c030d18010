import { AttestError } from '@attest/errors';
import type { MissingInput } from './missing-inputs.js';

/** Nil is not missing: a figure is never made from a value that is not there. */
export class InputsMissingError extends AttestError {
  constructor(readonly missing: readonly MissingInput[]) {
    super(
      'INPUTS_MISSING',
      422,
      `${missing.length} of the inputs are missing, the first is ${describe(missing[0]!)}. Send them, then it is calculated.`,
      { missing: missing.length, first: describe(missing[0]!) },
    );
  }
}

export class ValueNegativeError extends AttestError {
  constructor(indicatorCode: string, fieldName: string) {
    super(
      'VALUE_NEGATIVE',
      422,
      `${indicatorCode} ${fieldName} is below 0, which a count cannot be. Send it corrected.`,
      { indicatorCode, fieldName },
    );
  }
}

/** A rule pack names a field that it does not list; publishing refuses such packs. */
export class FieldUnknownError extends AttestError {
  constructor(indicatorCode: string, fieldName: string) {
    super(
      'FIELD_UNKNOWN',
      422,
      `${indicatorCode} ${fieldName} is not among the fields of the rule pack. Add it there or correct its name.`,
      { indicatorCode, fieldName },
    );
  }
}

const describe = (input: MissingInput): string =>
  input.what === 'value' ? `${input.indicatorCode} ${input.fieldName}` : 'the list of registered patients';
