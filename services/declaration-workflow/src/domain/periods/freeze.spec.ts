import { describe, expect, it } from '@jest/globals';
import type { LondonDate } from '@attest/calendar';
import { DECLARATION_STATUSES } from '@attest/contracts';
import { aDeclaration, aHold, context, ID, NOW } from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import { obstacleTo } from '../core/obstacles.js';
import { revertActor, whyNotRevert, whyNotThaw, type AskedRevert, type Freeze } from './freeze.js';
import { whyNotPaid } from '../why/why.js';

const TODAY = '2026-08-20' as LondonDate;
const aFreeze = (changes: Partial<Freeze> = {}): Freeze => ({
  freezeId: '01990000-0000-7000-8000-0000000000f1',
  serviceCode: 'XSVC',
  achievementDate: '2026-07-31' as LondonDate,
  scopeCode: 'XQA',
  version: 1,
  reason: 'A register was wrong.',
  frozenBy: 'approver',
  frozenFor: 'XQA',
  frozenAt: NOW,
  revert: null,
  thawedAt: null,
  thawedBy: null,
  providerDeadlineOn: null,
  cutOffAt: null,
  ...changes,
});
const asked = (doneAt: Date | null): AskedRevert => ({
  reason: 'They are on wrong figures.',
  askedBy: 'approver',
  askedFor: 'XQA',
  askedAt: NOW,
  reverted: 1,
  doneAt,
});

describe('a frozen period', () => {
  it('stops a step before a hold or a figure to come would', () => {
    const d = aDeclaration({ holds: [aHold()], required: { XP1: 2 } });
    expect(obstacleTo(d, { parked: false, frozen: true })).toBe('PERIOD_FROZEN');
    expect(obstacleTo(d, { parked: true, frozen: true })).toBe('UPSTREAM_EVENT_PARKED');
    expect(obstacleTo(d, { parked: false, frozen: false })).toBe('ON_HOLD');
  });

  it.each([
    ['once', aFreeze(), null],
    ['not a second time', aFreeze({ revert: asked(null) }), 'REVERT_ASKED_ALREADY'],
    ['not after it was thawed', aFreeze({ thawedAt: NOW }), 'ALREADY_THAWED'],
  ] as const)('has its approvals reverted %s', (_, freeze, refusal) => {
    expect(whyNotRevert(freeze)).toBe(refusal);
  });

  const day = (on: string) => on as LondonDate;
  const at = (instant: string) => new Date(instant);
  /** The calendar's deadline is 25 August and its cut-off on 1 September. */
  const calendar = { providerDeadlineOn: day('2026-08-25'), cutOffAt: at('2026-09-01T17:00:00Z') };
  it.each([
    ['with the dates of the calendar', aFreeze(), null, null, null],
    ['with a deadline of today', aFreeze(), TODAY, null, null],
    ['with a deadline on the day of the cut-off', aFreeze(), day('2026-09-01'), null, null],
    ['with a cut-off on the day of the deadline', aFreeze(), null, at('2026-08-25T17:00:00Z'), null],
    ['after its revert', aFreeze({ revert: asked(NOW) }), null, null, null],
    ['not while approvals go back', aFreeze({ revert: asked(null) }), null, null, 'REVERT_UNDER_WAY'],
    ['not twice', aFreeze({ thawedAt: NOW }), null, null, 'ALREADY_THAWED'],
    ['not with a deadline of yesterday', aFreeze(), day('2026-08-19'), null, 'DEADLINE_NOT_AHEAD'],
    ['not with a cut-off of now', aFreeze(), null, NOW, 'DEADLINE_NOT_AHEAD'],
    ['not with a deadline after the cut-off', aFreeze(), day('2026-09-02'), null, 'DEADLINE_NOT_AHEAD'],
    [
      "not with a cut-off before the calendar's deadline",
      aFreeze(),
      null,
      at('2026-08-24T17:00:00Z'),
      'DEADLINE_NOT_AHEAD',
    ],
  ] as const)('is thawed %s', (_, freeze, providerDeadlineOn, cutOffAt, refusal) => {
    expect(whyNotThaw(freeze, { providerDeadlineOn, cutOffAt }, { today: TODAY, now: NOW, calendar })).toBe(
      refusal,
    );
  });

  it('is reverted by the system for the national operator, by the commissioner otherwise', () => {
    expect([revertActor('ENGLAND'), revertActor('XQA')]).toEqual(['system', 'commissioner']);
  });

  it('answers why it is not paid', () => {
    const why = whyNotPaid(aDeclaration({ holds: [aHold()] }), {
      today: TODAY,
      now: NOW,
      calendar: null,
      parkedSince: null,
      frozen: { since: NOW, reason: 'A register was wrong.', frozenFor: 'XQA' },
    });
    expect(why).toMatchObject({ code: 'PERIOD_FROZEN', actsNext: 'commissioner', since: NOW });
    expect(why.cause).toContain('A register was wrong.');
    expect(why.unblockedBy).toContain('XQA');
  });
});

describe('reverting approvals', () => {
  const REVERTED = [
    'AWAITING_COMMISSIONER_APPROVAL',
    'AWAITING_FINANCE_APPROVAL',
    'FINANCIALLY_APPROVED',
    'SETTLED_NIL',
  ];
  it.each(DECLARATION_STATUSES)('of %s', (status) => {
    const d = aDeclaration({
      status,
      holds: [aHold()],
      late: true,
      declaredBy: 'declarer',
      commissionerSignedBy: 'approver',
    });
    const { family, steps, refusal } = apply(
      [d],
      {
        kind: 'revert',
        declarationId: ID,
        actor: 'system',
        personId: 'operator',
        forOrganisation: 'ENGLAND',
        seenRevision: null,
        reason: 'A register was wrong.',
      },
      context(),
    );
    if (!REVERTED.includes(status)) {
      expect([refusal, steps]).toEqual(['ILLEGAL_TRANSITION', []]);
      return;
    }
    expect(family[0]).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      statusCode: 'APPROVALS_REVERTED',
      statusReason: 'A register was wrong.',
      declaredBy: null,
      commissionerSignedBy: null,
      late: false,
      declarationVersion: 1,
    });
    expect(family[0]!.holds).toHaveLength(1);
    expect(steps[0]).toMatchObject({ action: 'revert', emits: 'declaration.reverted.v1' });
  });
});

describe('why a held declaration is not paid', () => {
  const calendar = {
    paymentPeriod: '2026-08',
    opensOn: '2026-08-09' as LondonDate,
    providerDeadlineOn: '2026-08-24' as LondonDate,
    cutOffAt: new Date('2026-09-01T17:00:00Z'),
  };
  const asked = { today: TODAY, now: NOW, calendar, parkedSince: null };
  const byHand = aHold({
    code: 'BY_HAND',
    pcnCode: null,
    practiceCodes: [],
    reason: 'The register looks wrong.',
  });

  it('names the reason of a hold by hand', () => {
    const why = whyNotPaid(aDeclaration({ holds: [byHand] }), asked);
    expect(why).toMatchObject({ code: 'BY_HAND', actsNext: 'commissioner' });
    expect(why.cause).toContain('The register looks wrong.');
  });

  it('puts one that has expired before the others', () => {
    const expired = { ...byHand, expiresOn: '2026-08-10', escalatedAt: '2026-08-11T00:00:05.000Z' };
    const why = whyNotPaid(aDeclaration({ holds: [aHold(), expired] }), asked);
    expect(why.code).toBe('HOLD_EXPIRED');
    expect(why.cause).toContain('2026-08-10');
  });

  it('says that the earlier figure is kept', () => {
    const override = {
      versions: { XP1: 2 },
      kept: { ...aDeclaration().latest, inputs: {} },
      instead: null,
      reason: 'Joined on the last day.',
      signedBy: 'approver',
      signedFor: 'XQA',
      signedAt: NOW,
    };
    const why = whyNotPaid(
      aDeclaration({ override, statusCode: 'EARLIER_FIGURE_KEPT', declarationVersion: 2 }),
      {
        ...asked,
        calendar: {
          paymentPeriod: '2026-08',
          opensOn: '2026-08-09' as LondonDate,
          providerDeadlineOn: '2100-08-24' as LondonDate,
          cutOffAt: new Date('2100-09-01T17:00:00Z'),
        },
      },
    );
    expect(why.code).toBe('EARLIER_FIGURE_KEPT');
    expect(why.cause).toContain('Joined on the last day.');
  });
});
