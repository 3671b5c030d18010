import { describe, expect, it } from '@jest/globals';
import { parseLondonDate } from '@attest/calendar';
import { DECLARATION_STATUSES, TIERED_POLICY_EXAMPLE } from '@attest/contracts';
import {
  aDeclaration,
  aHold,
  approved,
  arrive,
  context,
  figures,
  ID,
  NOW,
} from '../../../test/a-declaration.js';
import { apply } from '../core/apply.js';
import type { Declaration } from '../core/declaration.js';
import type { Stimulus } from '../core/stimulus.js';
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
    [
      'a hold whose figures have arrived',
      approved({ holds: [aHold()], latest: figures({ memberships: { XP1: 2 } }) }),
      {},
      'PCN_PRACTICE_LEFT',
      'commissioner',
    ],
    [
      'a hold whose figures are on their way',
      approved({ holds: [aHold()] }),
      {},
      'PCN_PRACTICE_LEFT',
      'system',
    ],
    [
      'a hold whose figures cannot be made',
      approved({ holds: [aHold()], blocked: { until: 2, since: NOW, code: 'PAGE' } }),
      {},
      'PCN_PRACTICE_LEFT',
      'operator',
    ],
    [
      'a hold that waits for no figures',
      approved({ holds: [aHold({ code: 'PCN_PRACTICE_JOINED', waitsFor: null })] }),
      {},
      'PCN_PRACTICE_JOINED',
      'commissioner',
    ],
    [
      'a freeze of its commissioner',
      approved(),
      { frozen: { since: NOW, reason: 'wrong', frozenFor: 'XQA' } },
      'PERIOD_FROZEN',
      'commissioner',
    ],
    [
      'a freeze for England',
      approved(),
      { frozen: { since: NOW, reason: 'wrong', frozenFor: 'ENGLAND' } },
      'PERIOD_FROZEN',
      'operator',
    ],
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
    [
      'a run that left it out',
      approved({ statusCode: 'RUN_ABORTED', statusReason: 'The barrier did not pass.' }),
      {},
      'RUN_ABORTED',
      'system',
    ],
    [
      'a run to come, however it was approved',
      approved({ statusCode: 'FINANCE_NOT_REQUIRED', financeBySystem: true }),
      {},
      'AWAITING_RELEASE_RUN',
      'system',
    ],
    ['being an adjustment', aDeclaration({ kind: 'adjustment' }), {}, 'ADJUSTMENT_NOT_DECLARED', 'provider'],
  ];
  it.each(answers)('because of %s', (_, d, changes, code, actsNext) => {
    expect(whyNotPaid(d, { ...world, ...changes })).toMatchObject({ code, actsNext });
  });
});

describe('why is what came back not paid?', () => {
  const AFTER_DEADLINE = parseLondonDate('2026-08-25');
  const asked = { ...world, today: AFTER_DEADLINE };
  const by = { declarationId: ID, personId: 'somebody', forOrganisation: 'XQA', seenRevision: null } as const;
  let approvals = 0;
  const signature = (
    stage: 'commissioner' | 'finance',
    decision: 'approve' | 'refuse',
    reason: string | null,
  ) =>
    ({
      ...by,
      kind: 'signature',
      answered: false,
      approvalId: '01990000-0000-7000-8000-0000000000dd',
      approvalVersion: ++approvals,
      declarationVersion: 1,
      stage,
      decision,
      personId: `${stage} of ${approvals}`,
      reason,
      parked: false,
      frozen: false,
    }) as const;
  const after = (...stimuli: Stimulus[]): Declaration =>
    stimuli.reduce(
      (d, stimulus) => apply([d], stimulus, context()).family[0]!,
      aDeclaration({
        status: 'AWAITING_COMMISSIONER_APPROVAL',
        revision: 2,
        declaredVersion: 1,
        declaredBy: 'declarer',
      }),
    );
  const undeclared = (reason: string | null) =>
    after({ ...by, kind: 'undeclare', actor: reason === null ? 'provider' : 'commissioner', reason });

  it.each([
    ['refused', after(signature('commissioner', 'refuse', 'It is counted twice.')), 'It is counted twice.'],
    ['taken back by its commissioner', undeclared('The wrong month.'), 'The wrong month.'],
    ['taken back by its provider', undeclared(null), 'The provider took its declaration back'],
    [
      'reverted',
      after({ ...by, kind: 'revert', actor: 'commissioner', reason: 'The register was wrong.' }),
      'The register was wrong.',
    ],
    ['reopened by other figures', after(arrive({ pence: 20_000n })), 'because its figures changed'],
  ])('declared in time and %s, it keeps its cause after the deadline and is declared late', (_, d, cause) => {
    const why = whyNotPaid(d, asked);
    expect(why).toMatchObject({
      code: d.statusCode ?? 'AWAITING_PROVIDER_APPROVAL',
      cause: expect.stringContaining(cause),
      actsNext: 'provider',
      unblockedBy: 'The provider declares it late, with a reason; it joins a later run.',
    });
  });

  it('what nobody declared before its figures changed was not declared by the deadline', () => {
    const [reopened] = apply([aDeclaration()], arrive({ pence: 20_000n }), context()).family;
    expect(whyNotPaid(reopened!, asked).code).toBe('NOT_DECLARED_BY_DEADLINE');
    expect(whyNotPaid(reopened!, world).cause).toBe('The provider has not declared it yet.');
  });

  it('and a second declaration that is taken back did not come back for its figures', () => {
    const again = { ...undeclared(null), declarationVersion: 2, declaredVersion: 2 };
    expect(whyNotPaid(again, world).cause).toBe(
      'The provider took its declaration back and has not declared it again.',
    );
  });

  it('an adjustment that was refused says why, not that nobody declared it', () => {
    const refused = after(signature('commissioner', 'refuse', 'It is counted twice.'));
    const { cause } = whyNotPaid({ ...refused, kind: 'adjustment' }, world);
    expect(cause).toContain('It came back to the provider: It is counted twice.');
    expect(cause).not.toContain('has not declared it');
  });

  it('sent back by finance says its reason, and that the commissioner has to approve it again', () => {
    const back = after(
      signature('commissioner', 'approve', null),
      signature('finance', 'refuse', 'The payee has closed.'),
    );
    const { code, cause } = whyNotPaid(back, world);
    expect([code, cause]).toEqual([
      'AWAITING_COMMISSIONER_APPROVAL',
      'Finance sent it back: The payee has closed. The commissioner has not approved it again.',
    ]);
    const tiered = whyNotPaid({ ...back, policy: TIERED_POLICY_EXAMPLE, pence: 5_000_000n }, world);
    expect(tiered.cause).toContain('The payee has closed.');
  });

  it('declared late or on behalf, its reason is not taken for a refusal of finance', () => {
    const late = { ...after(), statusCode: 'DECLARED_LATE', statusReason: 'The practice had moved.' };
    expect(whyNotPaid(late, world).cause).toBe('The commissioner has not approved it yet.');
  });
});
