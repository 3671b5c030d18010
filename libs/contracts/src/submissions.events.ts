import { Type, type Static } from '@sinclair/typebox';
import { defineEvent, passing, type Republish } from './event.js';
import { BusinessDate, Instant, Nullable, OdsCode, ServiceCode, Uuid, Version } from './scalars.js';

/** All values of one practice for one service and date, in the order of the rule pack's fields. */
export const PageState = Type.Object({
  serviceCode: ServiceCode,
  achievementDate: BusinessDate,
  practiceCode: OdsCode,
  pageVersion: Type.Integer({ minimum: 1 }),
  rulePackVersion: Type.Integer({ minimum: 1 }),
  /** `null` is "not sent", which is not nil. */
  values: Type.Array(Nullable(Type.Integer({ minimum: 0, maximum: 999_999_999 }))),
  fileId: Uuid,
  fileName: Type.String(),
  /** SHA-256 of the file as received, hex. */
  fileSha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  firstLine: Type.Integer({ minimum: 1 }),
  lastLine: Type.Integer({ minimum: 1 }),
  submittedAt: Instant,
  /**
   * The accepted amendment that these values come from; absent when all of them stand in the file. File and lines then
   * say where the values that it left alone come from.
   */
  amendmentId: Type.Optional(Uuid),
  /** Everything that was said of this page was withdrawn: there is a version, and no value. Absent otherwise. */
  nothingStands: Type.Optional(Type.Boolean()),
});
export type PageState = Static<typeof PageState>;

const pageEvent = <const N extends string>(type: N, says: string, republish: Republish) =>
  defineEvent({
    type,
    topic: 'submissions',
    says,
    republish,
    data: PageState,
    key: (d) => d.practiceCode,
    version: (d) => d.pageVersion,
  });

export const PageReceivedV1 = pageEvent(
  'page.received.v1',
  'first values of a practice for a service and date',
  passing('page.amended.v1 carries the whole page, and a reader takes either'),
);
export const PageAmendedV1 = pageEvent(
  'page.amended.v1',
  'newer values supersede the earlier version of the page',
  'stands',
);

export const PeriodCompletenessRecordedV1 = defineEvent({
  type: 'period-completeness.recorded.v1',
  topic: 'submissions',
  says: 'how many of the expected pages of a service and date have arrived',
  republish: 'stands',
  data: Type.Object({
    serviceCode: ServiceCode,
    achievementDate: BusinessDate,
    expected: Type.Integer({ minimum: 0 }),
    received: Type.Integer({ minimum: 0 }),
    complete: Type.Boolean(),
    completenessVersion: Version,
  }),
  key: (d) => `${d.serviceCode}|${d.achievementDate}`,
  version: (d) => d.completenessVersion,
});
