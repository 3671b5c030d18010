import type { LondonDate } from '@attest/calendar';
import type { Hold } from '@attest/contracts';
import type { Declaration, Figures } from '../src/domain/core/declaration.js';
import type { Context, Step } from '../src/domain/core/work.js';
import type { MembershipChange, StimulusOf } from '../src/domain/core/stimulus.js';

export const NOW = new Date('2026-08-20T09:00:00Z');
export const RUN = '01990000-0000-7000-8000-0000000000aa';
export const ID = '01990000-0000-7000-8000-000000000001';

let ids = 100;
export const context = (now = NOW): Context => ({
  now,
  newId: () => `01990000-0000-7000-8000-${String(++ids).padStart(12, '0')}`,
  versionAfter: (known) => known + 1,
});

export const figures = (changes: Partial<Figures> = {}): Figures => ({
  revision: 1,
  pence: 10_060n,
  resultHash: `hash-${changes.pence ?? 10_060n}`,
  memberships: {},
  notApplicable: null,
  inputs: {},
  ...changes,
});

/** A declaration of £100.60 whose provider may declare it. */
export function aDeclaration(changes: Partial<Declaration> = {}): Declaration {
  const latest = changes.latest ?? figures();
  return {
    declarationId: ID,
    kind: 'achievement',
    serviceCode: 'XSVC',
    achievementDate: '2026-07-31' as LondonDate,
    organisationCode: 'X00001',
    commissionerCode: 'XQA',
    paymentPeriod: '2026-08',
    status: 'AWAITING_PROVIDER_APPROVAL',
    statusSince: NOW,
    statusCode: null,
    statusReason: null,
    revision: 1,
    declarationVersion: 1,
    declaredVersion: 0,
    pence: latest.pence,
    statedRevision: latest.revision,
    statedHash: latest.resultHash,
    latest,
    previous: null,
    required: {},
    reachedBy: latest.memberships,
    awaiting: null,
    blocked: null,
    holds: [],
    setAsideSigners: [],
    pendingHolds: [],
    override: null,
    resolutionSince: null,
    late: false,
    payableFrom: null,
    ownPeriod: null,
    attempt: 1,
    runId: null,
    declaredBy: null,
    commissionerSignedBy: null,
    commissionerSignatures: [],
    financeSignedBy: null,
    financeBySystem: false,
    systemWaits: false,
    policy: null,
    sealedPence: null,
    nettedPence: 0n,
    approvalVersion: 0,
    paymentVersion: 0,
    ...changes,
  };
}

const SIGNED = {
  declaredVersion: 1,
  declaredBy: 'declarer',
  commissionerSignedBy: 'approver',
  financeSignedBy: 'finance',
} as const;

export const approved = (changes: Partial<Declaration> = {}): Declaration =>
  aDeclaration({ status: 'FINANCIALLY_APPROVED', revision: 4, ...SIGNED, ...changes });

export const releasing = (changes: Partial<Declaration> = {}): Declaration =>
  approved({ status: 'RELEASING', revision: 5, runId: RUN, paymentVersion: 1, ...changes });

export const sent = (changes: Partial<Declaration> = {}): Declaration =>
  releasing({
    status: 'SENT_TO_AGENCY',
    revision: 6,
    paymentVersion: 2,
    sealedPence: changes.pence ?? 10_060n,
    ...changes,
  });

export const paid = (changes: Partial<Declaration> = {}): Declaration =>
  sent({ status: 'PAID', revision: 7, paymentVersion: 3, ...changes });

export const aHold = (changes: Partial<Hold> = {}): Hold => ({
  holdId: '01990000-0000-7000-8000-0000000000bb',
  code: 'PCN_PRACTICE_LEFT',
  causeEventId: '01990000-0000-7000-8000-0000000000cc',
  pcnCode: 'XP1',
  practiceCodes: ['X00009'],
  changedFrom: '2026-07-01',
  changedTo: null,
  membershipVersion: 2,
  releasedBy: 'commissioner',
  waitsFor: 'REAGGREGATION',
  since: '2026-08-19T09:00:00.000Z',
  ...changes,
});

export const aChange = (changes: Partial<MembershipChange> = {}): MembershipChange => ({
  pcnCode: 'XP1',
  version: 2,
  code: 'PCN_PRACTICE_LEFT',
  practiceCodes: ['X00009'],
  changedFrom: '2026-07-01' as LondonDate,
  changedTo: null,
  eventId: '01990000-0000-7000-8000-0000000000cc',
  ...changes,
});

export const arrive = (
  changes: Partial<Figures>,
  memberships: readonly MembershipChange[] = [],
): StimulusOf<'figures'> => ({
  kind: 'figures',
  achievement: {
    serviceCode: 'XSVC',
    achievementDate: '2026-07-31' as LondonDate,
    organisationCode: 'X00001',
  },
  address: { commissionerCode: 'XQA', paymentPeriod: '2026-08' },
  figures: figures({ revision: 2, ...changes }),
  memberships,
});

export const actionsOf = (steps: readonly Step[]): string[] => steps.map((step) => step.action);
