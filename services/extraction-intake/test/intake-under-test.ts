import {
  BusinessClockMovedV1,
  CQRS_EXTRACT_COLUMNS,
  newEvent,
  ParticipationsChangedV1,
  QOF_LONG_COLUMNS,
  QualityServicePublishedV1,
  type NewEvent,
  type QualityService,
} from '@attest/contracts';
import {
  eventually,
  startServiceUnderTest,
  type Answer,
  type SeenEvent,
  type ServiceUnderTest,
} from '@attest/testing';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { extractionIntake } from '../src/index.js';

export const OPERATOR = 'operator';
export const DATE = '2026-07-31';
/** What the business clock shows: after the last submission that specs make, before the cut-off of every date. */
export const NOW = '2026-08-15T09:00:00.000Z';
/** A machine may be busy with other specs. */
export const PATIENCE = { withinMs: 30_000 };

export interface IntakeUnderTest extends ServiceUnderTest {
  readonly fileStore: string;
  readonly seen: readonly SeenEvent[];
  send(
    text: string | Buffer,
    query: Record<string, string>,
    personId?: string,
    contentType?: string,
  ): Promise<Answer>;
  cqrs(rows: readonly string[], fileName?: string): Promise<Answer>;
  moveClock(to: string): Promise<void>;
  publish(service: QualityService, serviceVersion: number): Promise<void>;
  rejected(fileId: string): Promise<{ line: number; code: string; text: string; detail: string | null }[]>;
}

/** The service with two practices' worth of a made-up England, and the services VAX (one item) and QOFTEST (four fields). */
export async function startIntake(more: Record<string, string> = {}): Promise<IntakeUnderTest> {
  const fileStore = await mkdtemp(join(tmpdir(), 'attest-intake-'));
  const service = await startServiceUnderTest(extractionIntake, { FILE_STORE: fileStore, ...more });
  await service.know(
    [
      { code: 'ENGLAND', kind: 'national', ancestors: [] },
      { code: 'QAA', kind: 'commissioner' },
      { code: 'U90001', kind: 'pcn', ancestors: ['QAA', 'ENGLAND'] },
      { code: 'A90001', kind: 'practice', commissionerCode: 'QAA', ancestors: ['U90001', 'QAA', 'ENGLAND'] },
      { code: 'A90002', kind: 'practice', commissionerCode: 'QAA', ancestors: ['U90001', 'QAA', 'ENGLAND'] },
      { code: 'A90003', kind: 'practice', ancestors: ['ENGLAND'], closeOn: DATE },
    ],
    [
      { personId: OPERATOR, role: 'EXTRACT_SUBMISSION', organisationCode: 'ENGLAND' },
      { personId: 'icb-sender', role: 'EXTRACT_SUBMISSION', organisationCode: 'QAA' },
      { personId: 'practice-one', role: 'VIEW', organisationCode: 'A90001' },
    ],
  );
  await service.topics.publish([
    newEvent(QualityServicePublishedV1, { service: aVaccination(), serviceVersion: 1 }),
    newEvent(QualityServicePublishedV1, { service: aQof(), serviceVersion: 1 }),
    ...['VAX', 'QOFTEST'].map((serviceCode) =>
      newEvent(ParticipationsChangedV1, {
        serviceCode,
        participationsVersion: 1,
        changes: ['A90001', 'A90002'].map((providerCode) => ({
          providerCode,
          status: 'accepted' as const,
          from: '2026-04-01',
          to: null,
          participationVersion: 1,
        })),
      }),
    ),
  ] as unknown as NewEvent[]);
  const seen = await service.topics.collect('submissions');
  await eventually(async () => {
    const { rows } = await service.database.query<{ n: string }>('SELECT count(*) AS n FROM participation');
    return Number(rows[0]!.n) === 4;
  });

  let moves = 0;
  const moveClock = async (to: string): Promise<void> => {
    const clockVersion = ++moves;
    const offsetMs = new Date(to).getTime() - Date.now();
    const movedAt = new Date().toISOString();
    await service.topics.publish([
      newEvent(BusinessClockMovedV1, { offsetMs, movedAt, clockVersion }),
    ] as unknown as NewEvent[]);
    await eventually(
      async () =>
        (await service.database.query('SELECT FROM business_clock WHERE version = $1', [clockVersion]))
          .rowCount === 1,
      PATIENCE,
    );
  };
  await moveClock(NOW);

  const send: IntakeUnderTest['send'] = async (text, query, personId = OPERATOR, contentType = 'text/csv') =>
    service.post(personId, `extract-files?${new URLSearchParams(query).toString()}`, text as string, {
      'content-type': contentType,
    });
  return {
    ...service,
    fileStore,
    seen,
    send,
    cqrs: (rows, fileName = 'extract.csv') => send(cqrsFile(rows), { layout: 'cqrs', fileName }),
    moveClock,
    publish: async (published, serviceVersion) => {
      await service.topics.publish([
        newEvent(QualityServicePublishedV1, { service: published, serviceVersion }),
      ] as unknown as NewEvent[]);
      await eventually(
        async () =>
          (
            await service.database.query(
              'SELECT FROM quality_service WHERE service_code = $1 AND service_version = $2',
              [published.serviceCode, serviceVersion],
            )
          ).rowCount === 1,
        PATIENCE,
      );
    },
    rejected: async (fileId) => {
      const answer = await service.get(OPERATOR, `extract-files/${fileId}/rejected-rows?limit=500`);
      return (answer.body as { items: { line: number; code: string; text: string; detail: string | null }[] })
        .items;
    },
    close: async () => {
      await service.close();
      await rm(fileStore, { recursive: true, force: true });
    },
  };
}

const aService = (over: Partial<QualityService>): QualityService => ({
  serviceCode: 'VAX',
  name: 'A vaccination',
  providerKind: 'practice',
  startOn: '2026-04-01',
  endOn: '2027-04-01',
  collection: 'monthly',
  acceptance: 'by-provider',
  agencyCode: 'PCSE',
  calendar: ['2026-06-30', DATE].map((achievementDate) => ({
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
    fields: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', required: true }],
    ignoredFields: [{ indicatorCode: 'VAX001', fieldName: 'COHORT' }],
    dependsOn: ['page'],
    calculation: {
      kind: 'item-of-service',
      items: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', feePounds: '10.06' }],
    },
    note: null,
    oldestOpenFinancialYear: '2025/26',
    sources: ['a test'],
    examples: [],
  },
  ...over,
});

export const aVaccination = (): QualityService => aService({});

export const aQof = (): QualityService => {
  const service = aService({ serviceCode: 'QOFTEST', name: 'Two indicators' });
  return {
    ...service,
    rulePack: {
      ...service.rulePack,
      fields: [
        { indicatorCode: 'AST001', fieldName: 'REGISTER', required: true },
        { indicatorCode: 'AST002', fieldName: 'NUMERATOR', required: true },
        { indicatorCode: 'AST002', fieldName: 'DENOMINATOR', required: true },
        { indicatorCode: 'AST002', fieldName: 'NOTE', required: false },
      ],
      ignoredFields: [
        { indicatorCode: 'AST001', fieldName: 'ACHIEVED_POINTS' },
        { indicatorCode: 'AST002', fieldName: 'ACHIEVED_POINTS' },
        { indicatorCode: 'AST002', fieldName: 'EXCEPTIONS' },
      ],
      calculation: {
        kind: 'sliding-points',
        poundsPerPoint: '156.92',
        moneyFrom: 'rounded-points',
        indicators: [
          { kind: 'register', indicatorCode: 'AST001', points: '4', registerField: 'REGISTER' },
          {
            kind: 'fraction',
            indicatorCode: 'AST002',
            points: '15',
            lowerPct: '45',
            upperPct: '80',
            numeratorField: 'NUMERATOR',
            denominatorField: 'DENOMINATOR',
          },
        ],
      },
    },
  };
};

export interface CqrsRow {
  service?: string;
  org?: string;
  date?: string;
  indicator?: string;
  field?: string;
  value?: string | number;
  defaults?: string;
  submitDate?: string;
  submitTime?: string;
  last?: string;
}

export const cqrsRow = (row: CqrsRow = {}): string =>
  [
    row.service ?? 'VAX',
    'Made up',
    row.org ?? 'A90001',
    row.date ?? '20260731',
    row.indicator ?? 'VAX001',
    row.field ?? 'DOSES',
    row.value ?? '10',
    row.defaults ?? 'None',
    'cro-processor',
    row.submitDate ?? '05/08/2026',
    row.submitTime ?? '19:36:07',
    row.last ?? 'Y',
  ].join(',');

export const cqrsFile = (rows: readonly string[]): string =>
  `${[CQRS_EXTRACT_COLUMNS.join(','), ...rows].join('\r\n')}\r\n`;
export const qofFile = (rows: readonly string[]): string =>
  `${[QOF_LONG_COLUMNS.join(','), ...rows].join('\n')}\n`;
