import { describe, expect, it } from '@jest/globals';
import { MESSAGE_KINDS } from './notice.js';
import { pounds, wordsFor } from './words.js';

describe('messages', () => {
  it.each([
    [0n, '£0.00'],
    [5n, '£0.05'],
    [123_456n, '£1,234.56'],
    [-100_000_000n, '-£1,000,000.00'],
  ])('print %s pence as %s', (pence, text) => {
    expect(pounds(pence)).toBe(text);
  });

  it.each(MESSAGE_KINDS)('%s say what happened and what to do next', (kind) => {
    const words = wordsFor(kind, {
      lines: 2,
      pence: 100n,
      previousPence: 50n,
      bucket: '2026-07',
      reason: null,
    });
    expect(words.subject.length).toBeGreaterThan(10);
    expect(words.nextStep).toMatch(/\.$/);
  });

  it('name both amounts when a declaration was reopened', () => {
    const { subject } = wordsFor('REOPENED', {
      lines: 1,
      pence: 1_000n,
      previousPence: 900n,
      bucket: '',
      reason: null,
    });
    expect(subject).toContain('£9.00');
    expect(subject).toContain('£10.00');
  });
});
