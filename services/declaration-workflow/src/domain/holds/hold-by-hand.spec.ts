import { describe, expect, it } from '@jest/globals';
import { londonDate, type LondonDate } from '@attest/calendar';
import {
  actionsOf,
  aDeclaration,
  approved,
  arrive,
  context,
  ID,
  paid,
  releasing,
  RUN,
  sent,
} from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';
import { nextExpiryOf } from './hold-expiry.js';
import type { StimulusOf } from '../core/stimulus.js';

const TODAY = '2026-08-20' as LondonDate;
const byHand = (changes: Partial<StimulusOf<'hold-by-hand'>> = {}): StimulusOf<'hold-by-hand'> => ({
  kind: 'hold-by-hand',
  holdId: context().newId(),
  declarationId: ID,
  personId: 'approver',
  forOrganisation: 'XQA',
  seenRevision: null,
  reason: 'The register looks wrong.',
  today: TODAY,
  expiresOn: null,
  ...changes,
});
const release = (holdId: string, confirmed = true): StimulusOf<'release-hold'> => ({
  kind: 'release-hold',
  declarationId: ID,
  personId: 'approver',
  forOrganisation: 'XQA',
  seenRevision: null,
  holdId,
  confirmed,
  reason: null,
});
const escalate = (today: string): StimulusOf<'escalate-holds'> => ({
  kind: 'escalate-holds',
  declarationId: ID,
  today: today as LondonDate,
});
const run = (d: Declaration, stimulus: Parameters<typeof apply>[1]) => {
  const outcome = apply([d], stimulus, context());
  return { ...outcome, now: outcome.family.find((one) => one.declarationId === d.declarationId)! };
};

describe('a hold by hand', () => {
  it.each([
    ['before it is declared', aDeclaration()],
    ['while the commissioner looks at it', aDeclaration({ status: 'AWAITING_COMMISSIONER_APPROVAL' })],
    ['while finance looks at it', aDeclaration({ status: 'AWAITING_FINANCE_APPROVAL' })],
    ['when it is approved', approved()],
  ])('takes effect at once %s, and says who, why and since when', (_, d) => {
    const { now, steps } = run(d, byHand({ expiresOn: '2026-09-30' as LondonDate }));
    expect(now.status).toBe(d.status);
    expect(now.holds).toEqual([
      expect.objectContaining({
        code: 'BY_HAND',
        placedBy: 'approver',
        reason: 'The register looks wrong.',
        expiresOn: '2026-09-30',
        since: '2026-08-20T09:00:00.000Z',
        waitsFor: null,
      }),
    ]);
    expect(steps).toEqual([
      expect.objectContaining({
        action: 'hold',
        why: expect.objectContaining({ actor: 'commissioner', personId: 'approver', code: 'BY_HAND' }),
      }),
    ]);
  });

  it.each([
    ['sent', sent()],
    ['paid', paid()],
    ['settled at nothing', aDeclaration({ status: 'SETTLED_NIL', pence: 0n })],
    ['lapsed', aDeclaration({ status: 'LAPSED' })],
    ['settled outside', aDeclaration({ status: 'SETTLED_OUTSIDE' })],
  ])('is refused once it is %s, because nothing can be stopped', (_, d) => {
    expect(run(d, byHand())).toMatchObject({ refusal: 'HOLD_TOO_LATE', steps: [] });
  });

  it('may end today, and not yesterday', () => {
    expect(run(aDeclaration(), byHand({ expiresOn: TODAY })).refusal).toBeNull();
    expect(run(aDeclaration(), byHand({ expiresOn: '2026-08-19' as LondonDate })).refusal).toBe(
      'HOLD_EXPIRY_PASSED',
    );
  });

  it('waits while the line is being sent, and takes effect when the run ends without it', () => {
    const waiting = run(releasing(), byHand()).now;
    expect(waiting).toMatchObject({ status: 'RELEASING', holds: [] });
    expect(waiting.pendingHolds).toHaveLength(1);
    const { now, steps } = run(waiting, notIncluded(waiting));
    expect(actionsOf(steps)).toEqual(['not-include', 'need-resolution', 'hold']);
    expect(now).toMatchObject({ status: 'FINANCIALLY_APPROVED', pendingHolds: [] });
    expect(now.holds[0]).toMatchObject({ code: 'BY_HAND', placedBy: 'approver' });
  });

  it.each([
    ['stands', approved()],
    ['waits', releasing()],
  ])('that %s already is not placed again by the repeat of its request', (_, d) => {
    const request = byHand();
    const placed = run(d, request).now;
    expect(run(placed, request)).toMatchObject({ refusal: null, steps: [], now: placed });
  });

  it('that came too late for the run is told once, and nothing waits any more', () => {
    const waiting = run(releasing(), byHand()).now;
    const { now, steps } = run(waiting, sealed(waiting));
    expect(actionsOf(steps)).toEqual(['seal', 'need-resolution']);
    expect(steps[1]!.why.code).toBe('NOT_STOPPED_IN_TIME');
    expect(now).toMatchObject({ status: 'SENT_TO_AGENCY', pendingHolds: [], holds: [] });
  });

  it.each([
    ['nothing is released', false],
    ['it is released while there is nothing to pay', true],
  ])('on what lapses for a missing page and opens again stands, unless released: %s', (_, isReleased) => {
    const held = run(aDeclaration(), byHand()).now;
    const nothing = { pence: 0n, resultHash: 'n/a', notApplicable: 'PAGE_MISSING' };
    const { now: lapsed } = run(held, arrive({ revision: 2, ...nothing }));
    expect(lapsed).toMatchObject({ status: 'LAPSED', holds: [], pendingHolds: held.holds });
    const waits = isReleased ? run(lapsed, release(held.holds[0]!.holdId)).now : lapsed;
    const { family } = run(waits, arrive({ revision: 3 }));
    expect(family[1]).toMatchObject({
      status: 'AWAITING_PROVIDER_APPROVAL',
      holds: isReleased ? [] : held.holds,
    });
  });

  it('is released by a commissioner who confirms, also while it waits', () => {
    const held = run(approved(), byHand()).now;
    expect(run(held, release(held.holds[0]!.holdId)).now.holds).toEqual([]);
    const waiting = run(releasing(), byHand()).now;
    expect(run(waiting, release(waiting.pendingHolds[0]!.holdId)).now.pendingHolds).toEqual([]);
  });
});

describe('a hold that expires', () => {
  const held = run(aDeclaration(), byHand({ expiresOn: '2026-08-31' as LondonDate })).now;

  it('counts through the whole of its last day', () => {
    expect(nextExpiryOf(held)).toBe('2026-08-31');
    expect(run(held, escalate('2026-08-31')).steps).toEqual([]);
  });

  it('is told once on the day after, and stands', () => {
    const { now, steps } = run(held, escalate('2026-09-01'));
    expect(steps).toEqual([
      expect.objectContaining({
        action: 'escalate-hold',
        emits: 'declaration.hold-escalated.v1',
        historic: true,
        why: expect.objectContaining({ code: 'BY_HAND', reason: 'The register looks wrong.' }),
      }),
    ]);
    expect(now.holds).toHaveLength(1);
    expect(now.holds[0]!.escalatedAt).not.toBeNull();
    expect(nextExpiryOf(now)).toBeNull();
    expect(run(now, escalate('2026-09-02')).steps).toEqual([]);
  });

  it.each([
    ['March', '2026-03-29', '2026-03-29T22:59:59Z', '2026-03-29T23:00:00Z'],
    ['October', '2026-10-25', '2026-10-25T23:59:59Z', '2026-10-26T00:00:00Z'],
  ])('ends at midnight in London where clocks change in %s', (_, expiresOn, before, after) => {
    const one = run(
      aDeclaration(),
      byHand({ expiresOn: expiresOn as LondonDate, today: '2026-03-01' as LondonDate }),
    ).now;
    const at = (instant: string) => run(one, escalate(londonDate(new Date(instant)))).steps.length;
    expect([at(before), at(after)]).toEqual([0, 1]);
  });

  it('of several tells of each by itself', () => {
    const two = run(held, byHand({ expiresOn: '2026-08-25' as LondonDate })).now;
    expect(nextExpiryOf(two)).toBe('2026-08-25');
    expect(run(two, escalate('2026-08-26')).steps).toHaveLength(1);
    expect(run(two, escalate('2026-09-10')).steps).toHaveLength(2);
  });
});

const line = (d: Declaration) =>
  ({
    declarationId: d.declarationId,
    declarationVersion: 1,
    attempt: 1,
    runId: RUN,
    paymentVersion: 2,
  }) as const;
const notIncluded = (d: Declaration): StimulusOf<'not-included'> => ({
  kind: 'not-included',
  ...line(d),
  code: 'PERIOD_FROZEN',
  words: 'Frozen.',
  owedPence: null,
});
const sealed = (d: Declaration): StimulusOf<'sealed'> => ({
  kind: 'sealed',
  ...line(d),
  nettedPence: 0n,
  pence: d.pence,
  fileName: 'XPAY.csv',
});
