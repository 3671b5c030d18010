import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from '@attest/calendar';
import { actionsOf, aDeclaration, approved, context, figures, ID, NOW } from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';
import type { Stimulus, StimulusOf } from '../core/stimulus.js';
import { adjustmentWindow, type CalendarDates } from './window.js';

const CUT_OFF = new Date('2026-09-01T17:00:00Z');
const LATE = {
  late: true,
  payableFrom: new Date('2026-10-01T17:00:00Z'),
  paymentPeriod: '2026-09',
  ownPeriod: '2026-08',
};
const admit = (changes: Partial<StimulusOf<'admit-late'>> = {}): Stimulus => ({
  kind: 'admit-late',
  declarationId: ID,
  personId: 'approver',
  forOrganisation: 'XQA',
  seenRevision: null,
  reason: 'their system was down',
  own: { paymentPeriod: '2026-08', cutOffAt: CUT_OFF },
  ...changes,
});
const on = (d: Declaration, s: Stimulus, now = NOW) => apply([d], s, context(now));

describe('a late declaration', () => {
  it.each(['AWAITING_COMMISSIONER_APPROVAL', 'AWAITING_FINANCE_APPROVAL', 'FINANCIALLY_APPROVED'] as const)(
    'that is %s is admitted to the run of its own period',
    (status) => {
      const { family, steps } = on(approved({ status, ...LATE }), admit());
      expect(actionsOf(steps)).toEqual(['admit-late']);
      expect(steps[0]).toMatchObject({ emits: 'declaration.late-admitted.v1', historic: true });
      expect(family[0]).toMatchObject({
        status,
        late: false,
        payableFrom: null,
        paymentPeriod: '2026-08',
        declarationVersion: 1,
      });
    },
  );

  const by = { declarationId: ID, personId: 'approver', forOrganisation: 'XQA', seenRevision: null };
  const refusedBy = (stage: 'commissioner' | 'finance'): Stimulus => ({
    ...by,
    kind: 'signature',
    approvalId: '01990000-0000-7000-8000-0000000000dd',
    approvalVersion: 9,
    declarationVersion: 1,
    stage,
    decision: 'refuse',
    reason: 'The count looks too high.',
    parked: false,
    frozen: false,
    answered: false,
  });
  const newer: Stimulus = {
    kind: 'figures',
    achievement: aDeclaration(),
    address: { commissionerCode: 'XQA', paymentPeriod: '2026-08' },
    figures: figures({ revision: 2, pence: 9_000n }),
    memberships: [],
  };
  it.each<[string, Declaration['status'], Stimulus]>([
    [
      'taken back',
      'AWAITING_COMMISSIONER_APPROVAL',
      { ...by, kind: 'undeclare', actor: 'provider', reason: null },
    ],
    ['refused by its commissioner', 'AWAITING_COMMISSIONER_APPROVAL', refusedBy('commissioner')],
    ['reopened by other figures', 'FINANCIALLY_APPROVED', newer],
    [
      'reverted in a freeze',
      'FINANCIALLY_APPROVED',
      { ...by, kind: 'revert', actor: 'commissioner', reason: 'x' },
    ],
  ])('that is %s leaves the late queue and belongs to its own period again', (_, status, s) => {
    expect(on(approved({ status, ...LATE }), s).family[0]).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      late: false,
      payableFrom: null,
      paymentPeriod: '2026-08',
      ownPeriod: null,
    });
  });

  it('that finance sends back one stage stays late', () => {
    expect(
      on(approved({ status: 'AWAITING_FINANCE_APPROVAL', ...LATE }), refusedBy('finance')).family[0],
    ).toMatchObject({ status: 'AWAITING_COMMISSIONER_APPROVAL', ...LATE });
  });

  it('whose calendar moves keeps its later period, and goes back to the moved one', () => {
    const moved = on(approved(LATE), { kind: 'readdress', address: { paymentPeriod: '2026-07' } }).family[0]!;
    expect(moved).toMatchObject({ paymentPeriod: '2026-09', ownPeriod: '2026-07' });
    expect(on(moved, newer).family[0]).toMatchObject({ paymentPeriod: '2026-07' });
  });

  it.each([
    ['its own cut-off', CUT_OFF, 'CUT_OFF_PASSED'],
    ['the instant before', new Date(CUT_OFF.getTime() - 1), null],
  ])('at %s', (_, now, code) => {
    expect(on(approved(LATE), admit(), now).refusal).toBe(code);
  });

  const refusals: [string, Declaration, Partial<StimulusOf<'admit-late'>>, string][] = [
    ['one that was declared in time', approved(), {}, 'NOT_IN_LATE_QUEUE'],
    ['one that came back to its provider', aDeclaration(), {}, 'NOT_IN_LATE_QUEUE'],
    ['one that is being sent', approved({ ...LATE, status: 'RELEASING' }), {}, 'NOT_IN_LATE_QUEUE'],
    ['another revision', approved(LATE), { seenRevision: 3 }, 'STALE_VERSION'],
    ['one without a calendar entry', approved(LATE), { own: null }, 'NOT_IN_CALENDAR'],
  ];
  it.each(refusals)('refuses %s', (_, d, changes, code) => {
    expect(on(d, admit(changes))).toMatchObject({ refusal: code, steps: [] });
  });
});

describe('the period of an adjustment', () => {
  const entry: CalendarDates = {
    paymentPeriod: '2026-08',
    opensOn: parseLondonDate('2026-08-09'),
    providerDeadlineOn: parseLondonDate('2026-08-24'),
    cutOffAt: CUT_OFF,
  };
  const next = { ...entry, paymentPeriod: '2026-09', cutOffAt: new Date('2026-10-01T17:00:00Z') };
  it.each([
    ['its own, while that is open', new Date(CUT_OFF.getTime() - 1), [entry, next], '2026-08'],
    ['the next of its service from the cut-off on', CUT_OFF, [entry, next], '2026-09'],
    ['the next by month where no calendar has one', CUT_OFF, [entry], '2026-09'],
    ['the next by month, as far as it takes', new Date('2027-01-15T00:00:00Z'), [entry, next], '2027-01'],
    ['never an earlier one', NOW, [{ ...entry, paymentPeriod: '2026-07' }], '2026-08'],
  ] as const)('is %s', (_, now, periods, period) => {
    const window = adjustmentWindow(entry, now, parseLondonDate('2026-08-20'), periods);
    expect(window).toMatchObject({ paymentPeriod: period, providerDeadlineOn: null });
  });

  it.each([
    ['over the end of summer time', '2026-10-30T18:00:00Z', '2026-11-30T18:00:00.000Z'],
    ['into winter', '2026-10-01T17:00:00Z', '2026-11-01T18:00:00.000Z'],
    ['into summer', '2026-03-01T18:00:00Z', '2026-04-01T17:00:00.000Z'],
    ['from a 31st', '2026-08-31T17:00:00Z', '2026-09-30T17:00:00.000Z'],
  ])('has its cut-off at the same hour in London where it follows by month: %s', (_, cutOff, expected) => {
    const cutOffAt = new Date(cutOff);
    const window = adjustmentWindow({ ...entry, cutOffAt }, cutOffAt, parseLondonDate('2026-08-20'), []);
    expect(window.latePayableFrom.toISOString()).toBe(expected);
  });
});
