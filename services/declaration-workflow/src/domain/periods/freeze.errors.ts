import { AttestError } from '@attest/errors';
import { FREEZE_REFUSALS, type FreezeRefusal } from './freeze.js';
import type { RefusalText } from '../core/refusals.js';

/** A freeze, its revert or its thaw is refused; the code says why. */
export class FreezeRefusedError extends AttestError {
  constructor(code: FreezeRefusal, facts: Readonly<Record<string, string | number | boolean | null>> = {}) {
    super(code, FREEZE_REFUSALS[code].status, FREEZE_REFUSALS[code].words, facts);
  }

  override get passesByItself(): boolean {
    return (FREEZE_REFUSALS[this.code as FreezeRefusal] as RefusalText).passes === true;
  }
}
