import { Type, type Static } from '@sinclair/typebox';
import { defineEvent, passing } from './event.js';
import {
  BusinessDate,
  Instant,
  Nullable,
  OdsCode,
  OneOf,
  PenceDigits,
  Reason,
  Uuid,
  Version,
} from './scalars.js';

const instruction = {
  declarationId: Uuid,
  declarationVersion: Version,
  /** Attempt n + 1 exists only after n was finally rejected. */
  attempt: Type.Integer({ minimum: 1 }),
  runId: Uuid,
  /** Grows per declaration. */
  paymentVersion: Version,
};

/** What a run asked for has an end within its time limit. */
const RESTATED = passing('payment.restated.v1 carries what became of each line, in order');

export const PaymentReleaseRequestedV1 = defineEvent({
  type: 'payment.release-requested.v1',
  topic: 'payments',
  says: 'a run asks declaration-workflow to confirm that this may be paid now',
  republish: RESTATED,
  data: Type.Object({ ...instruction, barrierId: Uuid, requestedAt: Instant }),
  key: (d) => d.declarationId,
  version: (d) => d.paymentVersion,
});

const line = {
  fileName: Type.String(),
  lineNumber: Type.Integer({ minimum: 1 }),
  agencyCode: OdsCode,
  pence: PenceDigits,
};

export const PaymentSealedV1 = defineEvent({
  type: 'payment.sealed.v1',
  topic: 'payments',
  says: 'the line stands in a sealed file',
  republish: RESTATED,
  data: Type.Object({
    ...instruction,
    ...line,
    sealedAt: Instant,
    payOn: BusinessDate,
    /** What recoveries of the same provider took off it: the line is that much less. Left out: nothing. */
    nettedPence: Type.Optional(PenceDigits),
  }),
  key: (d) => d.declarationId,
  version: (d) => d.paymentVersion,
});

export const PaymentNettedV1 = defineEvent({
  type: 'payment.netted.v1',
  topic: 'payments',
  says: 'the run settled it without a line: recoveries took all of it, or it is itself a recovery',
  republish: RESTATED,
  data: Type.Object({
    ...instruction,
    agencyCode: OdsCode,
    /** Settled now: above zero taken by recoveries, below zero taken over as a recovery. */
    nettedPence: PenceDigits,
    /** Of a recovery, what no payment could take yet: it stays a debt and is tried again in the next run. */
    debtPence: PenceDigits,
    nettedAt: Instant,
  }),
  key: (d) => d.declarationId,
  version: (d) => d.paymentVersion,
});

export const PaymentNotIncludedV1 = defineEvent({
  type: 'payment.not-included.v1',
  topic: 'payments',
  says: 'the run ended without this line, and why',
  republish: RESTATED,
  data: Type.Object({
    ...instruction,
    code: Type.String(),
    words: Type.String(),
    owedPence: Nullable(PenceDigits),
  }),
  key: (d) => d.declarationId,
  version: (d) => d.paymentVersion,
});

export const PaymentAcknowledgedV1 = defineEvent({
  type: 'payment.acknowledged.v1',
  topic: 'payments',
  says: 'the agency paid the line',
  republish: RESTATED,
  data: Type.Object({ ...instruction, ...line, acknowledgedAt: Instant }),
  key: (d) => d.declarationId,
  version: (d) => d.paymentVersion,
});

export const PaymentRejectedV1 = defineEvent({
  type: 'payment.rejected.v1',
  topic: 'payments',
  says: 'the agency finally rejected the line, with a reason',
  republish: RESTATED,
  data: Type.Object({
    ...instruction,
    ...line,
    rejectedAt: Instant,
    reasonCode: Type.String(),
    reason: Reason,
  }),
  key: (d) => d.declarationId,
  version: (d) => d.paymentVersion,
});

export const PaymentReturnedV1 = defineEvent({
  type: 'payment.returned.v1',
  topic: 'payments',
  says: 'the credit of a line that the agency had acknowledged came back, with a reason',
  republish: RESTATED,
  data: Type.Object({
    ...instruction,
    ...line,
    /** The day on which the agency got it back. */
    returnedOn: BusinessDate,
    recordedAt: Instant,
    reasonCode: Type.String(),
    reason: Reason,
  }),
  key: (d) => d.declarationId,
  version: (d) => d.paymentVersion,
});

export const PAYMENT_FACTS = [
  'sealed',
  'netted',
  'not-included',
  'acknowledged',
  'rejected',
  'returned',
] as const;

/** What became of one attempt: as much of each event as its readers need. */
export const PaymentFact = Type.Object({
  kind: OneOf(PAYMENT_FACTS),
  declarationVersion: Version,
  attempt: Type.Integer({ minimum: 1 }),
  runId: Uuid,
  at: Instant,
  /** Of all but what has no line: `netted` and `not-included`. */
  line: Type.Optional(Type.Object({ ...line, payOn: BusinessDate })),
  nettedPence: Type.Optional(PenceDigits),
  debtPence: Type.Optional(PenceDigits),
  /** Why it was not included, was rejected or came back. */
  code: Type.Optional(Type.String()),
  words: Type.Optional(Type.String()),
  owedPence: Type.Optional(PenceDigits),
  returnedOn: Type.Optional(BusinessDate),
});
export type PaymentFact = Static<typeof PaymentFact>;

/** No step: all that became of a declaration's payments, for readers that are new or were away. */
export const PaymentRestatedV1 = defineEvent({
  type: 'payment.restated.v1',
  topic: 'payments',
  says: "what became of a declaration's lines, in order",
  republish: 'stands',
  data: Type.Object({
    declarationId: Uuid,
    /** The newest that was told of it. */
    paymentVersion: Version,
    facts: Type.Array(PaymentFact),
  }),
  key: (d) => d.declarationId,
  version: (d) => d.paymentVersion,
});

/** Once per run, after its last line: readers make one digest of it rather than a message per line. */
export const ReleaseRunEndedV1 = defineEvent({
  type: 'release-run.ended.v1',
  topic: 'payments',
  says: 'a release run sealed its files, or was aborted and paid nothing',
  republish: passing('it ends a digest of its run; files and lines are in payment.restated.v1'),
  data: Type.Object({
    runId: Uuid,
    paymentPeriod: Type.String(),
    outcome: OneOf(['sealed', 'aborted'] as const),
    endedAt: Instant,
    files: Type.Array(
      Type.Object({
        fileName: Type.String(),
        agencyCode: OdsCode,
        lines: Type.Integer(),
        pence: PenceDigits,
        sha256: Type.String(),
      }),
    ),
    included: Type.Integer(),
    notIncluded: Type.Integer(),
    words: Type.String(),
  }),
  key: (d) => d.runId,
  version: () => 1,
});
