/** What the services around this one say, as events. */
import {
  AchievementAwaitingV1,
  AchievementBlockedV1,
  AchievementCalculatedV1,
  AchievementNotApplicableV1,
  AgencyPublishedV1,
  ApprovalSignedV1,
  ApprovalStageRefusedV1,
  newEvent,
  OrganisationChangedV1,
  PcnMembershipCorrectedV1,
  PcnMembershipJoinedV1,
  PcnMembershipLeftV1,
  QualityServicePublishedV1,
  uuidV7,
  type EventOf,
  type NewEvent,
  type ReadonlyPolicy,
  type ServicePolicy,
} from '@attest/contracts';

export const DATE = '2026-07-31';

const asNews = (event: unknown): NewEvent => event as NewEvent;

/** A service as the catalogue publishes it: declared from 9 August, by the 24th, paid with the run of August. */
export function servicePublished(
  serviceCode: string,
  changes: {
    achievementDate?: string;
    dependsOn?: ('page' | 'membership' | 'list-size')[];
    opensOn?: string;
    deadline?: string;
    policy?: ReadonlyPolicy;
    financialYear?: string;
    cutOffAt?: string;
  } = {},
  version = 1,
): NewEvent {
  const dependsOn = changes.dependsOn ?? ['page'];
  return asNews(
    newEvent(QualityServicePublishedV1, {
      serviceVersion: version,
      service: {
        serviceCode,
        name: `Made-up service ${serviceCode}`,
        providerKind: dependsOn.includes('membership') ? 'pcn' : 'practice',
        startOn: '2022-04-01',
        endOn: null,
        collection: 'monthly',
        acceptance: 'automatic',
        agencyCode: 'XPAY',
        rulePack: {
          financialYear: changes.financialYear ?? '2026/27',
          ...(changes.policy ? { policy: changes.policy as ServicePolicy } : {}),
          version: 1,
          fields: [],
          ignoredFields: [],
          dependsOn,
          calculation: {
            kind: 'item-of-service',
            items: [{ indicatorCode: 'X1', fieldName: 'COUNT', feePounds: '10.06' }],
          },
          note: null,
          oldestOpenFinancialYear: '2025/26',
          sources: ['made up'],
          examples: [],
        },
        calendar: [
          {
            achievementDate: changes.achievementDate ?? DATE,
            paymentPeriod: '2026-08',
            opensOn: changes.opensOn ?? '2026-08-09',
            providerDeadlineOn: changes.deadline ?? '2100-08-24',
            cutOffAt: changes.cutOffAt ?? '2026-09-01T17:00:00Z',
            payOn: '2026-09-20',
          },
        ],
      },
    }),
  );
}

/** A practice whose commissioner is another one now. */
export const merged = (code: string, organisationVersion: number): NewEvent =>
  asNews(
    newEvent(OrganisationChangedV1, {
      code,
      kind: 'practice',
      name: 'Moved',
      commissionerCode: 'XQB',
      ancestors: ['XQB', 'ENGLAND'],
      openOn: '2010-04-01',
      closeOn: null,
      payee: null,
      listSizes: [],
      organisationVersion,
    }),
  );

export const agencyPublished = (): NewEvent =>
  asNews(
    newEvent(AgencyPublishedV1, {
      agencyCode: 'XPAY',
      name: 'Made-up agency',
      adapter: 'attest-csv',
      label: 'SENT TO SSD',
      agencyVersion: 1,
    }),
  );

type Calculated = EventOf<typeof AchievementCalculatedV1>;
type Who = { serviceCode: string; organisationCode: string; figureRevision?: number };

export const calculated = (
  who: Who & { pence?: string; memberships?: Record<string, number> } & Partial<Calculated>,
): NewEvent => {
  const { memberships = {}, pence = '10060', ...rest } = who;
  return asNews(
    newEvent(AchievementCalculatedV1, {
      achievementDate: DATE,
      figureRevision: 1,
      pence,
      points: null,
      values: [{ indicatorCode: 'X1', measure: 'COUNT', value: pence }],
      inputs: [
        { source: 'rule-pack', key: who.serviceCode, version: 1 },
        ...Object.entries(memberships).map(([key, version]) => ({
          source: 'pcn-membership' as const,
          key,
          version,
        })),
      ],
      cause: null,
      calculatedAt: '2026-08-09T09:00:00Z',
      ...rest,
    }),
  );
};

export const notApplicable = (
  who: Who & { code?: string; memberships?: Record<string, number> },
): NewEvent => {
  const { memberships = {}, code = 'NO_PARTICIPATION', ...rest } = who;
  return asNews(
    newEvent(AchievementNotApplicableV1, {
      achievementDate: DATE,
      figureRevision: 1,
      code,
      inputs: Object.entries(memberships).map(([key, version]) => ({
        source: 'pcn-membership' as const,
        key,
        version,
      })),
      cause: null,
      ...rest,
    }),
  );
};

export const awaiting = (who: Who & { closesAtRevision: number }): NewEvent =>
  asNews(newEvent(AchievementAwaitingV1, { achievementDate: DATE, figureRevision: 1, cause: null, ...who }));

export const blocked = (who: Who & { closesAtRevision: number; code: string }): NewEvent =>
  asNews(newEvent(AchievementBlockedV1, { achievementDate: DATE, figureRevision: 1, cause: null, ...who }));

const MEMBERSHIPS = {
  joined: PcnMembershipJoinedV1,
  left: PcnMembershipLeftV1,
  corrected: PcnMembershipCorrectedV1,
} as const;

export const membership = (
  what: keyof typeof MEMBERSHIPS,
  pcnCode: string,
  membershipVersion: number,
  changes: { practices?: string[]; from?: string; to?: string | null } = {},
): NewEvent =>
  asNews(
    newEvent(MEMBERSHIPS[what], {
      pcnCode,
      membershipVersion,
      members: [{ practiceCode: 'X00009', from: '2020-04-01', to: null }],
      changedPractices: changes.practices ?? ['X00001'],
      changedFrom: changes.from ?? '2026-07-01',
      changedTo: changes.to ?? null,
    }),
  );

type Signed = EventOf<typeof ApprovalSignedV1>;

export const signed = (
  declarationId: string,
  stage: Signed['stage'],
  personId: string,
  changes: Partial<Signed> = {},
): NewEvent =>
  asNews(
    newEvent(ApprovalSignedV1, {
      approvalId: uuidV7(),
      declarationId,
      declarationVersion: 1,
      stage,
      personId,
      forOrganisation: 'XQA',
      at: '2026-08-20T09:00:00Z',
      bulkId: null,
      approvalVersion: stage === 'commissioner' ? 1 : 2,
      ...changes,
    }),
  );

export const stageRefused = (
  declarationId: string,
  stage: Signed['stage'],
  personId: string,
  changes: Partial<Signed> = {},
): NewEvent => {
  const { data } = signed(declarationId, stage, personId, changes) as unknown as { data: Signed };
  return asNews(newEvent(ApprovalStageRefusedV1, { ...data, reason: 'The count looks too high.' }));
};
