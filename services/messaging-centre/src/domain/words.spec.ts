import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from '@attest/calendar';
import { MESSAGE_KINDS, type MessageKind } from './notice.js';
import { day, pounds } from './phrases.js';
import { wordsFor, type MessageFacts } from './words.js';

const facts = (changes: Partial<MessageFacts> = {}): MessageFacts => ({
  lines: 1,
  pence: 1_000n,
  previousPence: null,
  bucket: '2026-07',
  reason: null,
  code: null,
  open: null,
  today: parseLondonDate('2026-08-20'),
  ...changes,
});
const bucketOf = (kind: MessageKind): string => (kind === 'DEADLINE_NEAR' ? '2026-08-24:7' : '2026-07');

describe('messages', () => {
  it.each([
    [0n, '£0.00'],
    [5n, '£0.05'],
    [123_456n, '£1,234.56'],
    [-100_000_000n, '-£1,000,000.00'],
  ])('print %s pence as %s', (pence, text) => {
    expect(pounds(pence)).toBe(text);
  });

  it('print dates as people say them', () => {
    expect(day(parseLondonDate('2026-08-24'))).toBe('24 August 2026');
  });

  it.each(MESSAGE_KINDS.flatMap((kind) => [1, 2, 1_200].map((lines) => [kind, lines] as const)))(
    '%s of %s lines say what happened and what to do next',
    (kind, lines) => {
      for (const code of [null, 'BY_HAND', 'STOPPED_IN_TIME', 'NOT_STOPPED_IN_TIME'])
        for (const reason of [null, 'The list size looks too high.'])
          for (const previousPence of [null, 50n])
            for (const open of [null, { lines: 0, pence: 0n }, { lines: 1, pence: 5n }]) {
              const bucket = bucketOf(kind);
              const words = wordsFor(kind, facts({ lines, code, reason, previousPence, open, bucket }));
              expect(words.subject.length).toBeGreaterThan(10);
              expect(words.nextStep).toMatch(/^[A-Z].{15,}\.$/);
              expect(`${words.subject} ${words.nextStep}`).not.toMatch(/undefined|null|NaN|Invalid|: ?$/);
            }
    },
  );

  it('name both amounts when a declaration was reopened', () => {
    const { subject } = wordsFor('REOPENED', facts({ pence: 1_000n, previousPence: 900n }));
    expect(subject).toBe('A declaration was reopened: £9.00 became £10.00');
  });

  it('of several reopened ones name both sums', () => {
    const { subject } = wordsFor('REOPENED', facts({ lines: 3, pence: 3_000n, previousPence: 2_700n }));
    expect(subject).toContain('£27.00 became £30.00 altogether');
  });

  it.each([
    'REFUSED',
    'REFUSED_BY_FINANCE',
    'REVERTED',
    'FIGURE_KEPT',
    'LATE_ADMITTED',
    'SETTLED_OUTSIDE',
    'PAYMENT_REJECTED',
  ] as const)('%s say the reason that all lines have, or that each has its own', (kind) => {
    expect(wordsFor(kind, facts({ lines: 2, reason: 'Count too high' })).subject).toMatch(
      /: Count too high$/,
    );
    expect(wordsFor(kind, facts({ lines: 2 })).subject).toMatch(/each line says why$/);
  });

  it('say whether a payment was stopped in time', () => {
    expect(wordsFor('NEEDS_RESOLUTION', facts({ code: 'STOPPED_IN_TIME' })).subject).toContain(
      'it was stopped in time',
    );
    expect(wordsFor('NEEDS_RESOLUTION', facts({ code: 'NOT_STOPPED_IN_TIME' })).subject).toContain(
      'it was not stopped in time',
    );
  });
});

describe('a reminder of the deadline', () => {
  const reminder = (changes: Partial<MessageFacts>): { subject: string; nextStep: string } =>
    wordsFor('DEADLINE_NEAR', facts({ bucket: '2026-08-24:3', lines: 8, pence: 8_000n, ...changes }));

  it('counts what is still to be declared, not what once was', () => {
    expect(reminder({ open: { lines: 3, pence: 3_000n } }).subject).toBe(
      '3 declarations not declared yet, £30.00: the deadline is 24 August 2026',
    );
  });

  it('has nothing left to ask for when all are declared', () => {
    const { subject, nextStep } = reminder({ open: { lines: 0, pence: 0n } });
    expect(subject).toBe('Nothing is left to declare by 24 August 2026');
    expect(nextStep).toBe('There is nothing to do.');
  });

  it.each([
    ['2026-08-24', /not declared yet/],
    ['2026-08-25', /not declared by 24 August 2026/],
  ])('read on %s says %s', (today, words) => {
    const told = reminder({ today: parseLondonDate(today), open: { lines: 2, pence: 200n } });
    expect(told.subject).toMatch(words);
  });
});
