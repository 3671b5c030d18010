import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from '@attest/calendar';
import { DECLARATION_STATUSES } from '@attest/contracts';
import { aDeclaration, aHold, approved, NOW } from '../../test/a-declaration.js';
import type { Declaration } from './declaration.js';
import { whyNotPaid, type WhyContext } from './why.js';

const world: WhyContext = {
  today: parseLondonDate('2026-08-20'),
  now: NOW,
  calendar: {
    paymentPeriod: '2026-08',
    opensOn: parseLondonDate('2026-08-09'),
    providerDeadlineOn: parseLondonDate('2026-08-24'),
    cutOffAt: new Date('2026-09-01T17:00:00Z'),
  },
  parkedSince: null,
};

describe('why is this not paid?', () => {
  it.each(DECLARATION_STATUSES)(
    '%s has an answer with code, cause, who acts next, what unblocks it and since when',
    (status) => {
      const why = whyNotPaid(aDeclaration({ status, statusCode: null }), world);
      expect(why.code).toMatch(/^[A-Z_]+$/);
      expect(why.cause.length).toBeGreaterThan(10);
      expect(why.unblockedBy.length).toBeGreaterThan(3);
      expect(why.since).toEqual(NOW);
    },
  );

  const answers: [string, Declaration, Partial<WhyContext>, string, string][] = [
    ['a hold', approved({ holds: [aHold()] }), {}, 'PCN_PRACTICE_LEFT', 'commissioner'],
    [
      'a parked event, before the hold',
      approved({ holds: [aHold()] }),
      { parkedSince: NOW },
      'UPSTREAM_EVENT_PARKED',
      'operator',
    ],
    [
      'a blocked input',
      approved({ blocked: { until: 2, since: NOW, code: 'PAGE' } }),
      {},
      'UPSTREAM_EVENT_PARKED',
      'operator',
    ],
    [
      'an awaiting marker',
      approved({ awaiting: { until: 2, since: NOW, code: null } }),
      {},
      'ACHIEVEMENT_AWAITING_AGGREGATION',
      'system',
    ],
    ['the calendar', aDeclaration(), { today: parseLondonDate('2026-08-08') }, 'NOT_YET_OPEN', 'nobody'],
    [
      'the deadline',
      aDeclaration(),
      { today: parseLondonDate('2026-08-25') },
      'NOT_DECLARED_BY_DEADLINE',
      'provider',
    ],
    ['its provider', aDeclaration(), {}, 'AWAITING_PROVIDER_APPROVAL', 'provider'],
    [
      'the late queue',
      approved({ late: true, payableFrom: new Date('2026-10-01T17:00:00Z') }),
      {},
      'LATE_FOR_THIS_CUT_OFF',
      'system',
    ],
    [
      'a rejection',
      aDeclaration({ status: 'REJECTED_BY_AGENCY', statusCode: 'AC01', statusReason: 'account closed' }),
      {},
      'AC01',
      'commissioner',
    ],
    ['being an adjustment', aDeclaration({ kind: 'adjustment' }), {}, 'ADJUSTMENT_NOT_DECLARED', 'provider'],
  ];
  it.each(answers)('because of %s', (_, d, changes, code, actsNext) => {
    expect(whyNotPaid(d, { ...world, ...changes })).toMatchObject({ code, actsNext });
  });
});
