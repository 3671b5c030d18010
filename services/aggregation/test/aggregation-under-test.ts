import {
  newEvent,
  PageAmendedV1,
  PageReceivedV1,
  ParticipationsChangedV1,
  PcnMembershipCorrectedV1,
  QualityServicePublishedV1,
  uuidV7,
  type EventOf,
  type NewEvent,
  type PageState,
  type QualityService,
  type RulePack,
} from '@attest/contracts';
import { startServiceUnderTest, type SeenEvent, type ServiceUnderTest } from '@attest/testing';
import { aggregation } from '../src/index.js';

export const OPERATOR = 'operator';
export const DATE = '2026-07-31';

export interface AggregationUnderTest extends ServiceUnderTest {
  readonly seen: readonly SeenEvent[];
  /** What was said of one achievement, in order. */
  said(serviceCode: string, organisationCode: string, achievementDate?: string): SeenEvent[];
  tell(...events: unknown[]): Promise<void>;
}

export async function startAggregation(more: Record<string, string> = {}): Promise<AggregationUnderTest> {
  const service = await startServiceUnderTest(aggregation, more);
  const seen = await service.topics.collect('achievements');
  return {
    ...service,
    seen,
    said: (serviceCode, organisationCode, achievementDate = DATE) =>
      seen.filter(
        ({ data }) =>
          data.serviceCode === serviceCode &&
          data.organisationCode === organisationCode &&
          data.achievementDate === achievementDate,
      ),
    tell: (...events) => service.topics.publish(events as NewEvent[]),
  };
}

export const aPack = (over: Partial<RulePack> = {}): RulePack => ({
  financialYear: '2026/27',
  version: 1,
  fields: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', required: true }],
  ignoredFields: [],
  dependsOn: ['page'],
  calculation: {
    kind: 'item-of-service',
    items: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', feePounds: '10.06' }],
  },
  note: null,
  oldestOpenFinancialYear: '2025/26',
  sources: ['a test'],
  examples: [],
  ...over,
});

export const corePack = (over: Partial<RulePack> = {}): RulePack =>
  aPack({
    fields: [],
    dependsOn: ['membership', 'list-size'],
    calculation: {
      kind: 'capitation',
      list: 'registered',
      poundsPerPatientPerYear: '1.50',
      share: { numerator: 1, denominator: 12 },
    },
    ...over,
  });

export const aService = (over: Partial<QualityService> & { dates?: string[] } = {}): QualityService => {
  const { dates = [DATE], ...rest } = over;
  return {
    serviceCode: 'VAX',
    name: 'A vaccination',
    providerKind: 'practice',
    startOn: '2026-04-01',
    endOn: null,
    collection: 'monthly',
    acceptance: 'by-provider',
    agencyCode: 'PCSE',
    rulePack: aPack(),
    calendar: dates.map((achievementDate) => ({
      achievementDate,
      paymentPeriod: '2026-08',
      opensOn: '2026-08-09',
      providerDeadlineOn: '2026-08-24',
      cutOffAt: '2026-08-28T17:00:00Z',
      payOn: '2026-09-20',
    })),
    ...rest,
  };
};

/** PCN core funding: £1.50 a registered patient a year, a twelfth a month. */
export const coreFunding = (over: Partial<QualityService> & { dates?: string[] } = {}): QualityService =>
  aService({ serviceCode: 'CORE', name: 'Core funding', providerKind: 'pcn', rulePack: corePack(), ...over });

export const published = (service: QualityService, serviceVersion = 1) =>
  newEvent(QualityServicePublishedV1, { service, serviceVersion });

export const participating = (
  serviceCode: string,
  providers: readonly string[],
  over: {
    status?: 'offered' | 'accepted' | 'refused' | 'ended';
    from?: string;
    to?: string | null;
    version?: number;
  } = {},
) =>
  newEvent(ParticipationsChangedV1, {
    serviceCode,
    participationsVersion: over.version ?? 1,
    changes: providers.map((providerCode) => ({
      providerCode,
      status: over.status ?? 'accepted',
      from: over.from ?? '2026-04-01',
      to: over.to ?? null,
      participationVersion: over.version ?? 1,
    })),
  });

export const pageOf = (practiceCode: string, values: (number | null)[], over: Partial<PageState> = {}) =>
  newEvent((over.pageVersion ?? 1) === 1 ? PageReceivedV1 : PageAmendedV1, {
    serviceCode: 'VAX',
    achievementDate: DATE,
    practiceCode,
    pageVersion: 1,
    rulePackVersion: 1,
    values,
    fileId: FILE_ID,
    fileName: 'july.csv',
    fileSha256: 'a'.repeat(64),
    firstLine: 2,
    lastLine: 5,
    submittedAt: '2026-08-05T18:36:07.000Z',
    ...over,
  });
const FILE_ID = uuidV7();

export const membership = (
  pcnCode: string,
  membershipVersion: number,
  members: EventOf<typeof PcnMembershipCorrectedV1>['members'],
  changed: { practices?: string[]; from?: string; to?: string | null } = {},
) =>
  newEvent(PcnMembershipCorrectedV1, {
    pcnCode,
    membershipVersion,
    members,
    changedPractices: changed.practices ?? members.map((member) => member.practiceCode),
    changedFrom: changed.from ?? '2020-01-01',
    changedTo: changed.to ?? null,
  });

export const spell = (practiceCode: string, from = '2020-01-01', to: string | null = null) => ({
  practiceCode,
  from,
  to,
});
