import { Type } from '@sinclair/typebox';
import { defineEvent } from './event.js';
import {
  BusinessDate,
  Instant,
  Nullable,
  OdsCode,
  PersonId,
  Reason,
  ServiceCode,
  Uuid,
  Version,
} from './scalars.js';

const Freeze = {
  freezeId: Uuid,
  serviceCode: ServiceCode,
  achievementDate: BusinessDate,
  /** Whose declarations: those of this commissioner and of those below it; `ENGLAND` is all. */
  scopeCode: OdsCode,
  /** Grows with each freeze and thaw of this service and date. */
  freezeVersion: Version,
};

/** What service and date share a key, so that a freeze and its thaw stay in order. */
export const periodKey = (of: { serviceCode: string; achievementDate: string }): string =>
  `${of.serviceCode}|${of.achievementDate}`;

export const PeriodFrozenV1 = defineEvent({
  type: 'period.frozen.v1',
  topic: 'declarations',
  says: 'declaring, signing and paying of a service and achievement date have stopped',
  republish: 'stands',
  data: Type.Object({ ...Freeze, reason: Reason, frozenBy: PersonId, frozenAt: Instant }),
  key: periodKey,
  version: (d) => d.freezeVersion,
});

export const PeriodThawedV1 = defineEvent({
  type: 'period.thawed.v1',
  topic: 'declarations',
  says: 'declaring, signing and paying of a service and achievement date go on, where said with other dates',
  republish: 'stands',
  data: Type.Object({
    ...Freeze,
    thawedBy: PersonId,
    thawedAt: Instant,
    /** In place of the calendar's; null: the calendar stands. */
    providerDeadlineOn: Nullable(BusinessDate),
    cutOffAt: Nullable(Instant),
  }),
  key: periodKey,
  version: (d) => d.freezeVersion,
});
