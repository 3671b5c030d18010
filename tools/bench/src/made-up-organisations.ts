// Organisations, people and one service for benchmarks that need no whole England.
import {
  newEvent,
  OrganisationRegisteredV1,
  ParticipationsChangedV1,
  QualityServicePublishedV1,
  RoleAssignmentRecordedV1,
  type EventOf,
  type NewEvent,
} from '@attest/contracts';
import type { Field } from './extract-files.js';

type Organisation = EventOf<typeof OrganisationRegisteredV1>;
type RoleAssignment = EventOf<typeof RoleAssignmentRecordedV1>;

export interface MadeUpService {
  readonly serviceCode: string;
  readonly fields: readonly Field[];
  /** Of its calendar. */
  readonly dates: readonly string[];
  readonly practices: readonly string[];
}

/** Codes that no real practice has. */
export const practiceCodes = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `X${String(i).padStart(5, '0')}`);

/** What organisations would have said: a national body, one commissioner, its practices and who may do what. */
export function organisationEvents(
  practices: readonly string[],
  people: readonly Pick<RoleAssignment, 'personId' | 'role' | 'organisationCode'>[],
): NewEvent[] {
  const state = (
    code: string,
    kind: Organisation['kind'],
    more: Partial<Organisation> = {},
  ): NewEvent<typeof OrganisationRegisteredV1> =>
    newEvent(OrganisationRegisteredV1, {
      code,
      kind,
      name: `Made-up ${kind} ${code}`,
      commissionerCode: null,
      ancestors: ['ENGLAND'],
      openOn: '2010-04-01',
      closeOn: null,
      payee: null,
      listSizes: [],
      organisationVersion: 1,
      ...more,
    });
  return [
    state('ENGLAND', 'national', { ancestors: [] }),
    state('XQA', 'commissioner'),
    ...practices.map((code) =>
      state(code, 'practice', { commissionerCode: 'XQA', ancestors: ['XQA', 'ENGLAND'] }),
    ),
    ...people.map(({ personId, role, organisationCode }) =>
      newEvent(RoleAssignmentRecordedV1, {
        personId,
        role,
        organisationCode,
        validFrom: '2014-04-01',
        validTo: null,
        assignmentVersion: 1,
      }),
    ),
  ];
}

/** What catalogue would have said: a service of so many fields a practice, which all these practices have accepted. */
export function serviceEvents({ serviceCode, fields, dates, practices }: MadeUpService): NewEvent[] {
  const service: EventOf<typeof QualityServicePublishedV1>['service'] = {
    serviceCode,
    name: 'A service of the benchmark',
    providerKind: 'practice',
    startOn: '2020-04-01',
    endOn: null,
    collection: 'monthly',
    acceptance: 'automatic',
    agencyCode: 'PCSE',
    calendar: dates.map((achievementDate) => ({
      achievementDate,
      paymentPeriod: '2026-08',
      opensOn: '2026-08-09',
      providerDeadlineOn: '2026-08-24',
      cutOffAt: '2026-08-28T17:00:00Z',
      payOn: '2026-09-20',
    })),
    rulePack: {
      financialYear: '2026/27',
      version: 1,
      fields: [...fields],
      ignoredFields: [],
      dependsOn: ['page'],
      calculation: {
        kind: 'item-of-service',
        items: fields.map(({ indicatorCode, fieldName }) => ({
          indicatorCode,
          fieldName,
          feePounds: '10.06',
        })),
      },
      note: null,
      oldestOpenFinancialYear: '2020/21',
      sources: ['the benchmark'],
      examples: [],
    },
  };
  const participations: NewEvent<typeof ParticipationsChangedV1>[] = [];
  for (let from = 0; from < practices.length; from += 500)
    participations.push(
      newEvent(ParticipationsChangedV1, {
        serviceCode,
        participationsVersion: participations.length + 1,
        changes: practices.slice(from, from + 500).map((providerCode) => ({
          providerCode,
          status: 'accepted',
          from: '2020-04-01',
          to: null,
          participationVersion: 1,
        })),
      }),
    );
  return [newEvent(QualityServicePublishedV1, { service, serviceVersion: 1 }), ...participations];
}
