import { AttestError } from '@attest/errors';
import { FREEZE_REFUSALS, type FreezeRefusal } from './freeze.js';

/** A freeze, its revert or its thaw is refused; the code says why. */
export class FreezeRefusedError extends AttestError {
  constructor(code: FreezeRefusal, facts: Readonly<Record<string, string | number | boolean | null>> = {}) {
    super(code, FREEZE_REFUSALS[code].status, FREEZE_REFUSALS[code].words, facts);
  }
}
