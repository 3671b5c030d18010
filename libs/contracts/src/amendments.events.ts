import { Type, type Static } from '@sinclair/typebox';
import { defineEvent } from './event.js';
import {
  BusinessDate,
  Instant,
  Nullable,
  OdsCode,
  OneOf,
  PenceDigits,
  PersonId,
  ServiceCode,
  Uuid,
  Version,
} from './scalars.js';

const Count = Type.Integer({ minimum: 0, maximum: 999_999_999 });

/** Why a practice's own page does not tell an amount. */
export const AMENDMENT_POUNDS_CODES = ['LIST_SIZE_NEEDED', 'NETWORK_FIGURE', 'VALUE_MISSING'] as const;
export type AmendmentPoundsCode = (typeof AMENDMENT_POUNDS_CODES)[number];

/** A provider's request for other values on one page, old and new side by side. Reasons are read at its address. */
export const AmendmentFacts = Type.Object({
  amendmentId: Uuid,
  /** 1 when it is asked for, 2 when it is decided. */
  amendmentVersion: Version,
  serviceCode: ServiceCode,
  achievementDate: BusinessDate,
  practiceCode: OdsCode,
  commissionerCode: Nullable(OdsCode),
  /** The version of the page whose values are the old ones. */
  pageVersion: Type.Integer({ minimum: 1 }),
  rulePackVersion: Type.Integer({ minimum: 1 }),
  changes: Type.Array(
    Type.Object({
      indicatorCode: Type.String(),
      fieldName: Type.String(),
      /** `null` is "not sent", which is not nil. */
      oldValue: Nullable(Count),
      newValue: Count,
    }),
    { minItems: 1 },
  ),
  /** What the page alone is worth; null where more than the page decides it, `poundsCode` says what. */
  oldPence: Nullable(PenceDigits),
  newPence: Nullable(PenceDigits),
  poundsCode: Nullable(OneOf(AMENDMENT_POUNDS_CODES)),
  /** By the payment calendar its run is over: what was paid is set right by an adjustment. */
  reconciliation: Type.Boolean(),
  requestedBy: PersonId,
  requestedAt: Instant,
  reasonGiven: Type.Boolean(),
});
export type AmendmentFacts = Static<typeof AmendmentFacts>;

export const AmendmentRequestedV1 = defineEvent({
  type: 'amendment.requested.v1',
  topic: 'submissions',
  says: 'a provider asks for other values on a page',
  republish: 'stands',
  data: AmendmentFacts,
  key: (d) => d.practiceCode,
  version: (d) => d.amendmentVersion,
});

export const AMENDMENT_OUTCOMES = ['accepted', 'refused', 'withdrawn', 'superseded'] as const;
export type AmendmentOutcome = (typeof AMENDMENT_OUTCOMES)[number];

export const AmendmentDecidedV1 = defineEvent({
  type: 'amendment.decided.v1',
  topic: 'submissions',
  says: 'a request for other values was accepted, refused, withdrawn, or overtaken by a newer page',
  republish: 'stands',
  data: Type.Composite([
    AmendmentFacts,
    Type.Object({
      outcome: OneOf(AMENDMENT_OUTCOMES),
      /** Null when a newer page overtook it. */
      decidedBy: Nullable(PersonId),
      decidedForOrganisation: Nullable(OdsCode),
      decidedAt: Instant,
      decisionReasonGiven: Type.Boolean(),
      /** The version that holds the new values; only of an accepted one. */
      newPageVersion: Nullable(Type.Integer({ minimum: 2 })),
    }),
  ]),
  key: (d) => d.practiceCode,
  version: (d) => d.amendmentVersion,
});
