import { describe, expect, it } from '@jest/globals';
import { refuseReason } from './reason.js';

describe('a reason', () => {
  it.each([
    ['missing', undefined, 'REASON_MISSING'],
    ['not text', 7, 'REASON_MISSING'],
    ['blank', ' \n ', 'REASON_MISSING'],
    ['of 1,001 characters', 'x'.repeat(1001), 'REASON_TOO_LONG'],
    ['with a NUL', 'seen\0', 'REASON_UNREADABLE'],
    ['with the first half of a pair alone', 'seen \ud83d', 'REASON_UNREADABLE'],
    ['with the second half of a pair alone', '\udc4d seen', 'REASON_UNREADABLE'],
    ['with an NHS number', 'see 943 476 5919', 'PATIENT_IDENTIFIER_FOUND'],
  ])('%s is refused', (_what, text, code) =>
    expect(() => refuseReason(text)).toThrow(expect.objectContaining({ code }) as unknown as Error),
  );

  it('is kept trimmed, up to 1,000 characters', () => {
    expect(refuseReason(` ${'x'.repeat(1000)} `)).toHaveLength(1000);
  });

  it('may hold any character that is whole', () => {
    expect(refuseReason('Seen \u{1f44d}, \u00a352.00,\nagreed')).toBe('Seen \u{1f44d}, \u00a352.00,\nagreed');
  });

  it('never repeats what it refuses', () => {
    expect(() => refuseReason('943 476 5919')).toThrow(
      expect.not.stringContaining('943') as unknown as Error,
    );
  });
});
