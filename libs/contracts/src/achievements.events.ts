import { Type, type Static } from '@sinclair/typebox';
import { defineEvent } from './event.js';
import {
  BusinessDate,
  DecimalDigits,
  Instant,
  Nullable,
  OdsCode,
  OneOf,
  PenceDigits,
  ServiceCode,
  Version,
} from './scalars.js';

const identity = {
  serviceCode: ServiceCode,
  achievementDate: BusinessDate,
  organisationCode: OdsCode,
  /** Grows by one per achievement: this alone orders figures. */
  figureRevision: Version,
};

/** What a figure was made from, and which version of it. */
export const AchievementInput = Type.Object({
  source: OneOf(['page', 'pcn-membership', 'rule-pack', 'list-size', 'participation'] as const),
  key: Type.String(),
  version: Version,
});
export type AchievementInput = Static<typeof AchievementInput>;

const Cause = Nullable(Type.Object({ topic: Type.String(), key: Type.String(), version: Version }));

/** One value that the provider declares. */
export const DeclaredValue = Type.Object({
  indicatorCode: Type.String(),
  measure: Type.String(),
  value: DecimalDigits,
});
export type DeclaredValue = Static<typeof DeclaredValue>;

export const achievementKey = (a: {
  serviceCode: string;
  achievementDate: string;
  organisationCode: string;
}): string => `${a.serviceCode}|${a.achievementDate}|${a.organisationCode}`;

const define = <T extends ReturnType<typeof Type.Object>, const N extends string>(
  type: N,
  says: string,
  data: T,
) =>
  defineEvent({
    type,
    topic: 'achievements',
    says,
    republish: 'stands',
    data,
    key: (d) => achievementKey(d as AchievementIdentity),
    version: (d) => (d as AchievementIdentity).figureRevision,
  });
type AchievementIdentity = {
  serviceCode: string;
  achievementDate: string;
  organisationCode: string;
  figureRevision: number;
};

export const AchievementCalculatedData = Type.Object({
  ...identity,
  pence: PenceDigits,
  points: Nullable(DecimalDigits),
  values: Type.Array(DeclaredValue),
  inputs: Type.Array(AchievementInput),
  cause: Cause,
  calculatedAt: Instant,
});
export type AchievementCalculatedData = Static<typeof AchievementCalculatedData>;
export const AchievementCalculatedV1 = define(
  'achievement.calculated.v1',
  'figures, with what they were made from; also when they are nil',
  AchievementCalculatedData,
);

/** A marker: figures at `closesAtRevision` or later end it. Its own `figureRevision` is the newest published one. */
export const AchievementAwaitingV1 = define(
  'achievement.awaiting-aggregation.v1',
  'something it is made from changed and is being added up',
  Type.Object({ ...identity, closesAtRevision: Version, cause: Cause }),
);

export const AchievementBlockedV1 = define(
  'achievement.blocked.v1',
  'something it is made from could not be read and waits for repair',
  Type.Object({ ...identity, closesAtRevision: Version, code: Type.String(), cause: Cause }),
);

/** Why there is nothing to pay. The event says it as text, so that an old reader takes a code that comes later. */
export const NOT_APPLICABLE_CODES = [
  // The achievement date lies outside the dates of the service.
  'SERVICE_NOT_RUNNING',
  // No accepted participation covers the achievement date.
  'NOT_PARTICIPATING',
  // The PCN had no member practice at the achievement date.
  'NO_MEMBERS',
  // Not everybody whose values count has sent them yet.
  'PAGE_MISSING',
  // A value that the service requires was not sent.
  'VALUE_MISSING',
  // No list size is known on or before the achievement date for everybody who counts.
  'LIST_SIZE_MISSING',
] as const;
export type NotApplicableCode = (typeof NOT_APPLICABLE_CODES)[number];

export const AchievementNotApplicableV1 = define(
  'achievement.not-applicable.v1',
  'there is nothing to pay: no participation at that date, no data that counts',
  Type.Object({ ...identity, code: Type.String(), inputs: Type.Array(AchievementInput), cause: Cause }),
);
