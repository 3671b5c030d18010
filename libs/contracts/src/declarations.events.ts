import { Type, type Static } from '@sinclair/typebox';
import { defineEvent, passing } from './event.js';
import {
  BusinessDate,
  Instant,
  Nullable,
  OdsCode,
  OneOf,
  PenceDigits,
  PersonId,
  Reason,
  ServiceCode,
  Uuid,
  Version,
} from './scalars.js';
import { ApprovalTier } from './service-policy.js';

export const DECLARATION_STATUSES = [
  'AWAITING_PROVIDER_APPROVAL',
  'AWAITING_COMMISSIONER_APPROVAL',
  'AWAITING_FINANCE_APPROVAL',
  'FINANCIALLY_APPROVED',
  'SETTLED_NIL',
  'RELEASING',
  'SENT_TO_AGENCY',
  'PAID',
  'REJECTED_BY_AGENCY',
  'LAPSED',
  'SETTLED_OUTSIDE',
] as const;
export type DeclarationStatus = (typeof DECLARATION_STATUSES)[number];

export const HOLD_CODES = [
  'PCN_PRACTICE_JOINED',
  'PCN_PRACTICE_LEFT',
  'PCN_MEMBERSHIP_CORRECTED',
  'PCN_CLOSED',
  'BY_HAND',
] as const;
export type HoldCode = (typeof HOLD_CODES)[number];

/** Why a declaration ended without payment. */
export const LAPSE_CODES = ['NOT_APPLICABLE', 'WITHDRAWN', 'ABSORBED', 'NOTHING_OWED'] as const;
export type LapseCode = (typeof LAPSE_CODES)[number];

export const APPROVAL_STAGES = ['commissioner', 'finance'] as const;
export type ApprovalStage = (typeof APPROVAL_STAGES)[number];

export const Hold = Type.Object({
  holdId: Uuid,
  code: OneOf(HOLD_CODES),
  causeEventId: Nullable(Uuid),
  pcnCode: Nullable(OdsCode),
  practiceCodes: Type.Array(OdsCode),
  changedFrom: Nullable(BusinessDate),
  changedTo: Nullable(BusinessDate),
  membershipVersion: Nullable(Version),
  /** Who may release it. */
  releasedBy: OneOf(['commissioner'] as const),
  /** What must happen first. */
  waitsFor: Nullable(OneOf(['REAGGREGATION'] as const)),
  since: Instant,
  /** Said by the person who placed it; a hold placed by the system has none. */
  reason: Type.Optional(Nullable(Reason)),
  /** The person who placed it; absent or null: the system did. */
  placedBy: Type.Optional(Nullable(PersonId)),
  /** After this day it asks for a decision; it never releases itself. Absent or null: it does not expire. */
  expiresOn: Type.Optional(Nullable(BusinessDate)),
  /** When people were told that it has expired; absent or null: they were not. */
  escalatedAt: Type.Optional(Nullable(Instant)),
});
export type Hold = Static<typeof Hold>;

/** A signature of the commissioner that was applied. */
export const TierSignature = Type.Object({ tier: Type.String(), personId: PersonId, at: Instant });
export type TierSignature = Static<typeof TierSignature>;

/** What its service asks of it at its amount, where that is not the usual declaration and two signatures. */
export const ApprovalRoute = Type.Object({
  declaration: OneOf(['required', 'not-required'] as const),
  /** Signatures of the commissioner, in order; none: the system passes it on. */
  tiers: Type.Array(ApprovalTier),
  /** The tier that it waits for now. */
  tierDue: Nullable(Type.String()),
  finance: OneOf(['required', 'not-required'] as const),
});
export type ApprovalRoute = Static<typeof ApprovalRoute>;

/** The whole declaration as its readers need it. */
export const DeclarationState = Type.Object({
  declarationId: Uuid,
  kind: OneOf(['achievement', 'adjustment'] as const),
  serviceCode: ServiceCode,
  achievementDate: BusinessDate,
  organisationCode: OdsCode,
  commissionerCode: OdsCode,
  paymentPeriod: Type.String({ pattern: '^\\d{4}-\\d{2}$' }),
  status: OneOf(DECLARATION_STATUSES),
  holds: Type.Array(Hold),
  awaitingAggregation: Type.Boolean(),
  /** The lock (ETag), moved by every write; orders the events of this declaration. */
  revision: Version,
  /** Moves only when the result changes or the provider declares again; signatures and payments name it. */
  declarationVersion: Version,
  figureRevision: Version,
  /** Entitlement of this version, or for an adjustment what is owed. */
  pence: PenceDigits,
  /** Number of the payment attempt that comes next or is under way, from 1. */
  attempt: Type.Integer({ minimum: 1 }),
  late: Type.Boolean(),
  declaredBy: Nullable(PersonId),
  /** Who signed for the commissioner last. */
  commissionerSignedBy: Nullable(PersonId),
  financeSignedBy: Nullable(PersonId),
  runId: Nullable(Uuid),
  /** What recoveries took off its lines, of a recovery what payments bore (below zero); left out: nothing. */
  nettedPence: Type.Optional(PenceDigits),
  /** The newest payment event that was applied; left out: none. A restored payment-export goes on from it. */
  paymentVersion: Type.Optional(Version),
  /** Left out: declared by a person, one signature of the commissioner by APPROVAL_MANAGEMENT, one of finance. */
  approvalRoute: Type.Optional(ApprovalRoute),
  /** Signatures of this version so far; left out with `approvalRoute`. */
  commissionerSignatures: Type.Optional(Type.Array(TierSignature)),
});
export type DeclarationState = Static<typeof DeclarationState>;

/** What just happened to it. */
export const DeclarationFact = Type.Object({
  actor: OneOf(['provider', 'commissioner', 'finance', 'agency', 'payment-export', 'system'] as const),
  personId: Nullable(PersonId),
  forOrganisation: Nullable(OdsCode),
  at: Instant,
  from: Nullable(OneOf(DECLARATION_STATUSES)),
  reason: Nullable(Type.String()),
  /** A code where the fact has one: a hold's, a refusal's, a rejection's. */
  code: Nullable(Type.String()),
  /** The signature that this fact applies. */
  approvalId: Nullable(Uuid),
  previousPence: Nullable(PenceDigits),
});
export type DeclarationFact = Static<typeof DeclarationFact>;

export const DeclarationEventData = Type.Object({ declaration: DeclarationState, fact: DeclarationFact });
export type DeclarationEventData = Static<typeof DeclarationEventData>;

const RESTATED = passing(
  'declaration.restated.v1 carries the whole declaration, its newest step and what its signatures were answered',
);

const define = <const N extends string>(type: N, says: string) =>
  defineEvent({
    type,
    topic: 'declarations',
    says,
    republish: RESTATED,
    data: DeclarationEventData,
    key: (d) => d.declaration.declarationId,
    version: (d) => d.declaration.revision,
  });

export const DeclarationOpenedV1 = define(
  'declaration.opened.v1',
  'first figures arrived, or an adjustment was opened: ready to declare',
);
export const DeclarationRefiguredV1 = define(
  'declaration.refigured.v1',
  'newer figures or markers, with the same result: nobody has to do anything',
);
export const DeclarationDeclaredV1 = define('declaration.declared.v1', 'the provider declared it');
export const DeclarationUndeclaredV1 = define(
  'declaration.undeclared.v1',
  'the provider took its declaration back',
);
export const DeclarationTierApprovedV1 = define(
  'declaration.tier-approved.v1',
  "one tier of the commissioner's route is signed, and the next one is due",
);
export const DeclarationApprovedV1 = define(
  'declaration.approved.v1',
  "the commissioner's signature is applied",
);
export const DeclarationRefusedV1 = define(
  'declaration.refused.v1',
  'the commissioner sent it back, with a reason',
);
export const DeclarationFinanceApprovedV1 = define(
  'declaration.finance-approved.v1',
  'the finance signature is applied: payable at the next run',
);
export const DeclarationFinanceRefusedV1 = define(
  'declaration.finance-refused.v1',
  'finance sent it back, with a reason',
);
export const DeclarationSettledNilV1 = define(
  'declaration.settled-nil.v1',
  'the finance signature is applied and there is nothing to pay',
);
export const DeclarationReopenedV1 = define(
  'declaration.reopened.v1',
  'the result changed before it was confirmed: it must be declared again',
);
export const DeclarationHeldV1 = define('declaration.held.v1', 'a hold was placed on it');
export const DeclarationReleasedV1 = define('declaration.released.v1', 'a hold was lifted');
export const DeclarationHoldEscalatedV1 = define(
  'declaration.hold-escalated.v1',
  'a hold has expired and still stands: somebody has to decide',
);
export const DeclarationFigureKeptV1 = define(
  'declaration.figure-kept.v1',
  'a commissioner signed that the earlier figure is kept for one membership version',
);
export const DeclarationRevertedV1 = define(
  'declaration.reverted.v1',
  'its approvals were taken back while its service and period are frozen: it must be declared again',
);
export const DeclarationConfirmedV1 = define(
  'declaration.confirmed.v1',
  'confirmed for one release run: it is being sent',
);
export const DeclarationConfirmRefusedV1 = define(
  'declaration.confirm-refused.v1',
  'not confirmed for that run; the code says why',
);
export const DeclarationSentV1 = define('declaration.sent.v1', 'its line is sealed in a file for the agency');
export const DeclarationNotIncludedV1 = define(
  'declaration.not-included.v1',
  'the run ended without it: payable at the next run, or waiting for signature',
);
export const DeclarationPaidV1 = define('declaration.paid.v1', 'the agency acknowledged its line');
export const DeclarationRejectedV1 = define('declaration.rejected.v1', 'the agency rejected its line');
export const DeclarationReturnedV1 = define(
  'declaration.returned.v1',
  'the credit of its line came back after the agency had acknowledged it',
);
export const DeclarationCorrectedV1 = define(
  'declaration.corrected.v1',
  'payee or account corrected by two people: the next attempt may go',
);
export const DeclarationLapsedV1 = define('declaration.lapsed.v1', 'it will not be paid, with the reason');
export const DeclarationNettedV1 = define(
  'declaration.netted.v1',
  'a run settled it without a line: a recovery was taken over as debt, or recoveries took all of it',
);
export const DeclarationSettledOutsideV1 = define(
  'declaration.settled-outside.v1',
  'two people of the commissioner say that this adjustment was settled outside, with a note',
);
export const DeclarationLateAdmittedV1 = define(
  'declaration.late-admitted.v1',
  'the commissioner admitted a late declaration to the run of its own payment period, with a reason',
);
export const DeclarationNeedsResolutionV1 = define(
  'declaration.needs-resolution.v1',
  'something changed after it was confirmed: says whether it was stopped in time',
);

/** All of them: every one carries `DeclarationEventData`. */
export const DECLARATION_EVENTS = [
  DeclarationOpenedV1,
  DeclarationRefiguredV1,
  DeclarationDeclaredV1,
  DeclarationUndeclaredV1,
  DeclarationTierApprovedV1,
  DeclarationApprovedV1,
  DeclarationRefusedV1,
  DeclarationFinanceApprovedV1,
  DeclarationFinanceRefusedV1,
  DeclarationSettledNilV1,
  DeclarationReopenedV1,
  DeclarationHeldV1,
  DeclarationReleasedV1,
  DeclarationHoldEscalatedV1,
  DeclarationFigureKeptV1,
  DeclarationRevertedV1,
  DeclarationConfirmedV1,
  DeclarationConfirmRefusedV1,
  DeclarationSentV1,
  DeclarationNotIncludedV1,
  DeclarationPaidV1,
  DeclarationRejectedV1,
  DeclarationReturnedV1,
  DeclarationCorrectedV1,
  DeclarationLapsedV1,
  DeclarationNettedV1,
  DeclarationSettledOutsideV1,
  DeclarationLateAdmittedV1,
  DeclarationNeedsResolutionV1,
] as const;

/** No step: a declaration as it stands, for readers that are new or were away. Whoever knows its revision does nothing. */
export const DeclarationRestatedV1 = defineEvent({
  type: 'declaration.restated.v1',
  topic: 'declarations',
  says: 'how a declaration stands, its newest step, and what its signatures were answered',
  republish: 'stands',
  data: Type.Object({
    ...DeclarationEventData.properties,
    answers: Type.Array(
      Type.Object({ approvalId: Uuid, outcome: OneOf(['applied', 'refused'] as const), at: Instant }),
    ),
    /** The newest approval version that was answered: what is signed next stands above it. */
    approvalVersion: Version,
  }),
  key: (d) => d.declaration.declarationId,
  version: (d) => d.declaration.revision,
});

/** A signature that could not be applied; one that was is named by `fact.approvalId` of the event it caused. */
export const ApprovalRefusedV1 = defineEvent({
  type: 'approval.refused.v1',
  topic: 'declarations',
  says: 'a signature was not applied, and why; the task is open again where it still can be signed',
  republish: RESTATED,
  data: Type.Object({
    approvalId: Uuid,
    declarationId: Uuid,
    declarationVersion: Version,
    stage: OneOf(APPROVAL_STAGES),
    code: Type.String(),
    words: Type.String(),
    /** The declaration's revision at which it was refused. */
    revision: Version,
    /** The newest approval version that was answered; absent from older events. What is signed next stands above it. */
    approvalVersion: Type.Optional(Version),
  }),
  key: (d) => d.declarationId,
  version: (d) => d.revision,
});

/** As `approval.refused.v1`, where the event of the signature cannot be read: its number stands for it. */
export const ApprovalDiscardedV1 = defineEvent({
  type: 'approval.discarded.v1',
  topic: 'declarations',
  says: 'the event of a signature cannot be read and an operator gave it up; whatever was signed under its number is refused',
  republish: RESTATED,
  data: Type.Object({
    declarationId: Uuid,
    /** The signature's; whatever is signed next stands above it. */
    approvalVersion: Version,
    code: Type.String(),
    words: Type.String(),
    /** The declaration's revision at which it was given up. */
    revision: Version,
  }),
  key: (d) => d.declarationId,
  version: (d) => d.revision,
});
