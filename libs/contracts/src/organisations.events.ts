import { Type, type Static } from '@sinclair/typebox';
import { defineEvent, passing, type Republish } from './event.js';
import { ROLES } from './roles.js';
import { BusinessDate, Nullable, OdsCode, OneOf, PersonId, Reason, Uuid, Version } from './scalars.js';

export const ORGANISATION_KINDS = [
  'practice',
  'pcn',
  'commissioner',
  'region',
  'national',
  'agency',
] as const;

export const Payee = Type.Object({
  payeeCode: OdsCode,
  payeeName: Type.String(),
  accountReference: Type.String({ maxLength: 40 }),
});
export type Payee = Static<typeof Payee>;

export const OrganisationState = Type.Object({
  code: OdsCode,
  kind: OneOf(ORGANISATION_KINDS),
  name: Type.String(),
  /** Who signs for it: the ICB; a PCN that spans two has its lead commissioner. */
  commissionerCode: Nullable(OdsCode),
  /** All above it, nearest first, ending with ENGLAND. A role at any of them counts here. */
  ancestors: Type.Array(OdsCode),
  openOn: Nullable(BusinessDate),
  /** The day after the last one: `[openOn, closeOn)`. */
  closeOn: Nullable(BusinessDate),
  payee: Nullable(Payee),
  listSizes: Type.Array(
    Type.Object({ listSizeOn: BusinessDate, registeredPatients: Type.Integer({ minimum: 0 }) }),
  ),
  organisationVersion: Version,
});
export type OrganisationState = Static<typeof OrganisationState>;

const organisationEvent = <const N extends string>(type: N, says: string, republish: Republish) =>
  defineEvent({
    type,
    topic: 'organisations',
    says,
    republish,
    data: OrganisationState,
    key: (d) => d.code,
    version: (d) => d.organisationVersion,
  });

const WHOLE = passing('organisation.changed.v1 carries the whole organisation, closing date and all');

export const OrganisationRegisteredV1 = organisationEvent(
  'organisation.registered.v1',
  'an organisation is known for the first time',
  WHOLE,
);
export const OrganisationChangedV1 = organisationEvent(
  'organisation.changed.v1',
  'name, commissioner, list size or payee changed',
  'stands',
);
export const OrganisationClosedV1 = organisationEvent(
  'organisation.closed.v1',
  'an organisation closes on a date',
  WHOLE,
);

/** Beside `organisation.changed.v1`, which carries the payee to whoever pays: for those who tell people of it. */
export const PayeeChangedV1 = defineEvent({
  type: 'payee.changed.v1',
  topic: 'organisations',
  says: 'two people changed who is paid for a provider',
  republish: passing('organisation.changed.v1 carries the payee; this one tells people of it'),
  data: Type.Object({
    providerCode: OdsCode,
    commissionerCode: Nullable(OdsCode),
    payee: Payee,
    formerPayee: Nullable(Payee),
    reason: Reason,
    changeId: Uuid,
    organisationVersion: Version,
  }),
  key: (d) => d.providerCode,
  version: (d) => d.organisationVersion,
});

export const RoleAssignmentRecordedV1 = defineEvent({
  type: 'role-assignment.recorded.v1',
  topic: 'organisations',
  says: 'a person may act for an organisation from one date to another',
  republish: 'stands',
  data: Type.Object({
    personId: PersonId,
    role: OneOf(ROLES),
    organisationCode: OdsCode,
    validFrom: BusinessDate,
    validTo: Nullable(BusinessDate),
    /** Grows per (person, role, organisation). */
    assignmentVersion: Version,
  }),
  key: (d) => d.organisationCode,
  version: (d) => d.assignmentVersion,
});

export const MembershipSpell = Type.Object({
  practiceCode: OdsCode,
  from: BusinessDate,
  to: Nullable(BusinessDate),
});

/** One PCN with all its spells, and the dates that this change touched. */
export const PcnMembershipState = Type.Object({
  pcnCode: OdsCode,
  membershipVersion: Version,
  members: Type.Array(MembershipSpell),
  changedPractices: Type.Array(OdsCode),
  /** `[changedFrom, changedTo)`: what lies outside requires nothing. */
  changedFrom: BusinessDate,
  changedTo: Nullable(BusinessDate),
});
export type PcnMembershipState = Static<typeof PcnMembershipState>;

const membershipEvent = <const N extends string>(type: N, says: string) =>
  defineEvent({
    type,
    topic: 'pcn-memberships',
    says,
    republish: 'stands',
    data: PcnMembershipState,
    key: (d) => d.pcnCode,
    version: (d) => d.membershipVersion,
  });

export const PcnMembershipEstablishedV1 = membershipEvent(
  'pcn-membership.established.v1',
  'the members of a PCN are known for the first time',
);
export const PcnMembershipJoinedV1 = membershipEvent(
  'pcn-membership.practice-joined.v1',
  'a practice joined',
);
export const PcnMembershipLeftV1 = membershipEvent('pcn-membership.practice-left.v1', 'a practice left');
export const PcnMembershipCorrectedV1 = membershipEvent(
  'pcn-membership.corrected.v1',
  'spells were corrected: what was known before was wrong',
);
