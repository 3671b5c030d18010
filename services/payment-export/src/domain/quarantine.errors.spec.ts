import { describe, expect, it } from '@jest/globals';
import { QUARANTINE_WORDS, type QuarantineCode } from './acknowledgement.js';
import { RepairedAnswerRefusedError } from './quarantine.errors.js';

describe('a repair that is refused', () => {
  it.each(Object.keys(QUARANTINE_WORDS) as QuarantineCode[])(
    'tells finance what to do, not its agency: %s',
    (code) => {
      const refused = new RepairedAnswerRefusedError(code);
      expect(refused.code).toBe(code);
      expect(refused.detail).toMatch(/\b([Pp]ropose|Ask)\b.*\.$/);
      expect(refused.detail).not.toMatch(/\bsend\b|in this file/i);
    },
  );
});
