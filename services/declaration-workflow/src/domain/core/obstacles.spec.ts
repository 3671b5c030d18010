import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from '@attest/calendar';
import { aHold, approved, context, ID, NOW, RUN } from '../../../test/a-declaration.js';
import { everything, type Walked } from '../../../test/everything.js';
import { apply } from './apply.js';
import type { Declaration } from './declaration.js';
import { tierDue } from '../signing/policy.js';
import type { RefusalCode } from './refusals.js';
import type { Stimulus } from './stimulus.js';
import { whyNotPaid } from '../why/why.js';

const by = {
  declarationId: ID,
  personId: 'somebody-else',
  forOrganisation: 'XQA',
  seenRevision: null,
} as const;
const noReasonIsMissing = {
  lateReason: 'Their system was down.',
  onBehalfReason: 'They asked for it.',
} as const;

/** The step towards payment that comes next, asked for without a fault. */
function nextStep({ d, context: { today, calendar, parkedSince, frozen } }: Walked): Stimulus | null {
  const surroundings = { parked: parkedSince !== null, frozen: Boolean(frozen) };
  const signature = (stage: 'commissioner' | 'finance'): Stimulus => ({
    ...by,
    ...surroundings,
    kind: 'signature',
    stage,
    decision: 'approve',
    approvalId: '01990000-0000-7000-8000-0000000000dd',
    approvalVersion: d.approvalVersion + 1,
    declarationVersion: d.declarationVersion,
    reason: null,
    answered: false,
    tier: stage === 'commissioner' ? (tierDue(d)?.name ?? null) : null,
  });
  switch (d.status) {
    case 'AWAITING_PROVIDER_APPROVAL':
      return {
        ...by,
        ...surroundings,
        ...noReasonIsMissing,
        kind: 'declare',
        actor: 'provider',
        today,
        window: calendar && {
          paymentPeriod: calendar.paymentPeriod,
          opensOn: d.kind === 'adjustment' ? today : calendar.opensOn,
          providerDeadlineOn: d.kind === 'adjustment' ? null : calendar.providerDeadlineOn,
          latePeriod: '2026-09',
          latePayableFrom: new Date('2026-10-01T17:00:00Z'),
        },
      };
    case 'AWAITING_COMMISSIONER_APPROVAL':
      return tierDue(d) === null ? null : signature('commissioner');
    case 'AWAITING_FINANCE_APPROVAL':
      return signature('finance');
    case 'FINANCIALLY_APPROVED':
      return {
        kind: 'release-requested',
        declarationId: ID,
        declarationVersion: d.declarationVersion,
        attempt: d.attempt,
        runId: RUN,
        paymentVersion: d.paymentVersion + 1,
        barrierPassed: true,
        answered: false,
        ...surroundings,
      };
    default:
      return null;
  }
}

function refusalOf(d: Declaration, step: Stimulus, now: Date): RefusalCode | null {
  const { refusal, steps } = apply([d], step, context(now));
  const refused = steps.find(({ action }) => action === 'refuse-confirm');
  return refusal ?? ((refused?.why.code ?? null) as RefusalCode | null);
}

describe('an obstacle', () => {
  it('is decided once: each step is refused with the first that why tells, and with nothing where it tells none', () => {
    const differing: string[] = [];
    const met = new Map<string, number>();
    let at = 0;
    for (const one of everything()) {
      // Each thing that it may stand under still meets each other.
      if (at++ % 11 !== 0) continue;
      const step = nextStep(one);
      if (step === null) continue;
      const refusal = refusalOf(one.d, step, one.context.now);
      const told = one.why.obstacles[0] ?? null;
      met.set(String(refusal), (met.get(String(refusal)) ?? 0) + 1);
      if (refusal !== told && differing.length < 20)
        differing.push(`${one.where()}: refused with ${refusal}, told ${told}`);
    }
    expect(differing).toEqual([]);
    for (const code of [
      'null',
      'UPSTREAM_EVENT_PARKED',
      'PERIOD_FROZEN',
      'ON_HOLD',
      'ACHIEVEMENT_AWAITING_AGGREGATION',
      'NOT_IN_CALENDAR',
      'NOT_YET_OPEN',
    ])
      expect(met.get(code) ?? 0).toBeGreaterThan(0);
  });

  it('that is one of several is told with the others, in one order', () => {
    const d = approved({
      holds: [aHold()],
      required: { XP1: 2 },
      late: true,
      payableFrom: new Date('2026-10-01T17:00:00Z'),
    });
    const world = { today: parseLondonDate('2026-08-20'), now: NOW, calendar: null, parkedSince: NOW };
    expect(whyNotPaid(d, world).obstacles).toEqual([
      'UPSTREAM_EVENT_PARKED',
      'ON_HOLD',
      'ACHIEVEMENT_AWAITING_AGGREGATION',
      'LATE_FOR_THIS_CUT_OFF',
    ]);
  });
});
