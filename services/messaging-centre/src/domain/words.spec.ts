import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from '@attest/calendar';
import { MESSAGE_KINDS, type MessageKind } from './notice.js';
import { day, pounds } from './phrases.js';
import { wordsFor, type MessageFacts } from './words.js';

const facts = (changes: Partial<MessageFacts> = {}): MessageFacts => ({
  lines: 1,
  subjectCount: changes.lines ?? 1,
  pence: 1_000n,
  previousPence: null,
  bucket: '2026-07',
  reason: null,
  code: null,
  open: null,
  today: parseLondonDate('2026-08-20'),
  ...changes,
});
const open = (
  lines: number,
  pence: bigint,
  [firstDeadlineOn, lastDeadlineOn]: [string, string] | [] = [],
): MessageFacts['open'] => ({
  lines,
  pence,
  firstDeadlineOn: firstDeadlineOn === undefined ? null : parseLondonDate(firstDeadlineOn),
  lastDeadlineOn: lastDeadlineOn === undefined ? null : parseLondonDate(lastDeadlineOn),
});
const bucketOf = (kind: MessageKind): string => (kind === 'DEADLINE_NEAR' ? '2026-08-24:7' : '2026-07');

const CODES = [
  ...[null, 'BY_HAND', 'STOPPED_IN_TIME', 'NOT_STOPPED_IN_TIME'],
  ...['WITHDRAWN', 'NOT_APPLICABLE', 'NOTHING_OWED', 'ABSORBED'],
];
const STILL = [null, open(0, 0n), open(1, 5n), open(1, 5n, ['2026-08-24', '2026-08-24'])];

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
      for (const code of CODES)
        for (const reason of [null, 'The list size looks too high.'])
          for (const previousPence of [null, 50n])
            for (const still of STILL) {
              const bucket = bucketOf(kind);
              const words = wordsFor(
                kind,
                facts({ lines, code, reason, previousPence, open: still, bucket }),
              );
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
    expect(subject).toBe('3 declarations were reopened: £27.00 became £30.00 altogether');
  });

  it.each([
    ['REOPENED', 'A declaration was reopened: £50.00 became £200.00'],
    ['REFUSED', '1 declaration sent back by the commissioner'],
    ['REVERTED', 'Approvals of 1 declaration were taken back while the period is frozen, £200.00'],
    ['NEEDS_RESOLUTION', 'A payment needs resolution: it was not stopped in time, £200.00'],
    ['DECLARED_LATE', '1 late declaration for the run of 2026-07, £200.00'],
    ['LAPSED', '1 declaration ended without payment, £200.00'],
    ['READY_TO_DECLARE', '1 declaration ready to declare for 2026-07, £200.00'],
    // Each hold is one, also of the same declaration.
    ['HOLD_RELEASED', '2 holds released'],
  ] as const)('%s count a declaration once that was told of twice', (kind, subject) => {
    const twice = facts({ lines: 2, subjectCount: 1, pence: 20_000n, previousPence: 5_000n });
    expect(wordsFor(kind, twice).subject).toBe(subject);
  });

  it.each([
    'REFUSED',
    'REFUSED_BY_FINANCE',
    'REVERTED',
    'FIGURE_KEPT',
    'LATE_ADMITTED',
    'SETTLED_OUTSIDE',
    'PAYMENT_REJECTED',
    'PAYMENT_RETURNED',
    'UNDECLARED',
    'LAPSED',
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
    expect(reminder({ open: open(3, 3_000n) }).subject).toBe(
      '3 declarations not declared yet, £30.00: the deadline is 24 August 2026',
    );
  });

  it('has nothing left to ask for when all are declared', () => {
    const { subject, nextStep } = reminder({ open: open(0, 0n) });
    expect(subject).toBe('Nothing is left to declare by 24 August 2026');
    expect(nextStep).toBe('There is nothing to do.');
  });

  it.each([
    ['2026-08-24', /not declared yet/],
    ['2026-08-25', /not declared by 24 August 2026/],
  ])('read on %s says %s', (today, words) => {
    const told = reminder({ today: parseLondonDate(today), open: open(2, 200n) });
    expect(told.subject).toMatch(words);
  });
});

describe('what is ready to declare', () => {
  const ready = (today: string, deadlines: [string, string] | []): string =>
    wordsFor('READY_TO_DECLARE', facts({ today: parseLondonDate(today), open: open(1, 5n, deadlines) }))
      .nextStep;
  const ONE: [string, string] = ['2026-08-24', '2026-08-24'];
  const TWO: [string, string] = ['2026-08-24', '2026-08-31'];

  it.each([
    ['names the one deadline', '2026-08-24', ONE, /declare them by the end of 24 August 2026;/],
    [
      'names the first of several',
      '2026-08-24',
      TWO,
      /each by its deadline, the first by the end of 24 August/,
    ],
    [
      'asks why those are late whose deadline has passed',
      '2026-08-25',
      TWO,
      /The deadline of some has passed/,
    ],
    [
      'asks for no deadline that has passed',
      '2026-08-25',
      ONE,
      /^The deadline has passed: declare them now and say/,
    ],
    ['says it of several, too', '2026-09-01', TWO, /^The deadline has passed: declare them now and say/],
    ['says no day where no calendar does', '2026-08-24', [] as [], /before the deadline\.$/],
  ] as const)('%s', (_, today, deadlines, words) => {
    expect(ready(today, [...deadlines] as [])).toMatch(words);
  });
});

describe('a declaration that ended', () => {
  const lapsed = (code: string): string => wordsFor('LAPSED', facts({ code, reason: 'Closed' })).subject;

  it.each([
    ['WITHDRAWN', '1 declaration withdrawn by the commissioner, £10.00: Closed'],
    ['NOT_APPLICABLE', '1 declaration ended, there is nothing to pay: Closed'],
    ['NOTHING_OWED', '1 adjustment ended: by the newest figures nothing is owed beyond what was sent'],
    ['ABSORBED', '1 rejected payment given up, £10.00: an open adjustment carries the whole amount'],
  ])('as %s says why', (code, subject) => {
    expect(lapsed(code)).toBe(subject);
  });
});

it('a figure that is kept names no amount: what is stated just now may be the one that is set aside', () => {
  expect(wordsFor('FIGURE_KEPT', facts({ reason: 'Signed before' })).subject).not.toMatch(/£/);
});
