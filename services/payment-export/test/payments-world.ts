import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AgencyPublishedV1,
  newEvent,
  OrganisationChangedV1,
  QualityServicePublishedV1,
  uuidV7,
  type CalendarEntry,
  type DeclarationState,
  type EventOf,
  type NewEvent,
} from '@attest/contracts';
import {
  eventually,
  startServiceUnderTest,
  type Answer,
  type Json,
  type SeenEvent,
  type ServiceUnderTest,
  type StartableService,
} from '@attest/testing';
import { paymentExport } from '../src/index.js';
import { Neighbours } from './neighbours.js';

export const PERIOD = '2026-07';
export const DATE = '2026-06-30';
export const SERVICE = 'XVI2223';
const ENDS: ReadonlySet<string> = new Set([
  'payment.sealed.v1',
  'payment.netted.v1',
  'payment.not-included.v1',
]);
/** A file with returns names their day; every other line leaves it out. */
const withDay = (lines: readonly string[]): string[] => [
  `${HEADER},returned_on`,
  ...lines.map((line) => (line.includes(',RETURNED,') ? line : `${line},`)),
];
const HEADER = 'file_name,line_number,declaration_id,attempt,amount_pence,outcome,reason_code,reason';

/** payment-export between neighbours that stand still, but for the answers that a spec asks for. */
export interface PaymentsWorld {
  readonly service: ServiceUnderTest;
  readonly neighbours: Neighbours;
  readonly payments: readonly SeenEvent[];
  readonly fileStore: string;
  /** What was told about a declaration, in order. */
  told(declarationId: string): SeenEvent[];
  /** Finance signed them; waits until payment-export knows it. */
  approve(...declarations: DeclarationState[]): Promise<void>;
  /** Waits until payment-export has this state of it, or a later one. */
  knows(...declarations: DeclarationState[]): Promise<void>;
  startRun(body?: object, headers?: Record<string, string>): Promise<Answer>;
  /** Starts a run and waits for its end, and until its lines' ends are told and answered. */
  release(body?: object): Promise<Json>;
  ended(runId: string, withinMs?: number): Promise<Json>;
  acknowledge(
    lines: readonly string[],
    fileName?: string,
    personId?: string,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  close(): Promise<void>;
}

export async function startPaymentsWorld(
  more: Record<string, string> = {},
  service: StartableService = paymentExport,
): Promise<PaymentsWorld> {
  const fileStore = mkdtempSync(join(tmpdir(), 'attest-files-'));
  const under = await startServiceUnderTest(service, { FILE_STORE: fileStore, ...more });
  const [payments, barriers] = await Promise.all([
    under.topics.collect('payments'),
    under.topics.collect('barriers'),
  ]);
  const neighbours = await Neighbours.start(under.env.TOPIC_PREFIX!, payments, barriers);
  await under.know(
    [
      { code: 'XPAY', kind: 'agency' },
      { code: 'XOTHER', kind: 'agency' },
      { code: 'XQA', kind: 'commissioner' },
      { code: 'XQB', kind: 'commissioner' },
      ...Array.from({ length: 30 }, (_, n) => ({
        code: practice(n),
        kind: 'practice' as const,
        commissionerCode: n < 20 ? 'XQA' : 'XQB',
        ancestors: [n < 20 ? 'XQA' : 'XQB', 'ENGLAND'],
      })),
    ],
    [
      { personId: 'operator', role: 'NATIONAL_OPERATOR', organisationCode: 'ENGLAND' },
      { personId: 'finance', role: 'FINANCE_MANAGEMENT', organisationCode: 'ENGLAND' },
      { personId: 'finance.a', role: 'FINANCE_MANAGEMENT', organisationCode: 'XQA' },
      { personId: 'finance.b', role: 'FINANCE_MANAGEMENT', organisationCode: 'XQB' },
      { personId: 'agency', role: 'PAYMENT_AGENCY', organisationCode: 'XPAY' },
      { personId: 'other.agency', role: 'PAYMENT_AGENCY', organisationCode: 'XOTHER' },
      { personId: 'both.agencies', role: 'PAYMENT_AGENCY', organisationCode: 'XPAY' },
      { personId: 'both.agencies', role: 'PAYMENT_AGENCY', organisationCode: 'XOTHER' },
      { personId: 'declarer', role: 'DECLARATION_MANAGEMENT', organisationCode: practice(0) },
    ],
  );
  await neighbours.publish([agencyPublished('XPAY'), agencyPublished('XOTHER'), servicePublished(SERVICE)]);
  await eventually(async () => (await rowsOf(under, 'payment_calendar')) > 0);

  const knows: PaymentsWorld['knows'] = async (...declarations) => {
    await eventually(
      async () => {
        const { rows } = await under.database.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM declaration_state d
             JOIN unnest($1::uuid[], $2::bigint[]) AS w(id, revision) ON d.declaration_id = w.id AND d.revision >= w.revision`,
          [declarations.map((d) => d.declarationId), declarations.map((d) => d.revision)],
        );
        return rows[0]!.n === declarations.length;
      },
      { withinMs: 30_000, everyMs: 20 },
    );
  };
  const ended: PaymentsWorld['ended'] = (runId, withinMs = 30_000) =>
    eventually(
      async () => {
        const { body } = await under.get('finance', `release-runs/${runId}`);
        return ['sealed', 'aborted'].includes(body.state as string) ? body : undefined;
      },
      { withinMs, everyMs: 30 },
    );
  const startRun: PaymentsWorld['startRun'] = (body = {}, headers = {}) =>
    under.post('finance', 'release-runs', { paymentPeriod: PERIOD, ...body }, headers);
  return {
    service: under,
    neighbours,
    payments,
    fileStore,
    told: (declarationId) => payments.filter((event) => event.key === declarationId),
    approve: async (...declarations) => {
      await neighbours.declare('declaration.finance-approved.v1', ...declarations);
      await knows(...declarations);
    },
    knows,
    startRun,
    release: async (body = {}) => {
      const { status, body: started } = await startRun(body);
      if (status !== 202) throw new Error(`no run was started: ${status} ${JSON.stringify(started)}`);
      const run = await ended(started.runId as string);
      // What it told is a moment later on the topic than in its tables. Who refused knows it and is told nothing.
      const { rows } = await under.database.query<{ lines: number }>(
        `SELECT count(*)::int AS lines FROM run_item WHERE run_id = $1 AND state <> 'refused'`,
        [run.runId],
      );
      const { lines } = rows[0]!;
      await eventually(
        () =>
          payments.filter((event) => event.data.runId === run.runId && ENDS.has(event.type)).length >= lines,
        { withinMs: 30_000, everyMs: 20 },
      );
      await neighbours.answered();
      return run;
    },
    ended,
    acknowledge: (lines, fileName = 'ack.csv', personId = 'agency', headers = {}) =>
      under.post(
        personId,
        `acknowledgement-files?fileName=${encodeURIComponent(fileName)}`,
        `${(lines.some((line) => line.includes(',RETURNED,')) ? withDay(lines) : [HEADER, ...lines]).join('\n')}\n`,
        { 'content-type': 'text/csv', ...headers },
      ),
    close: async () => {
      await neighbours.stop();
      await under.close();
      rmSync(fileStore, { recursive: true, force: true });
    },
  };
}

async function rowsOf(service: ServiceUnderTest, table: string): Promise<number> {
  const { rows } = await service.database.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return rows[0]!.n;
}

export const practice = (n: number): string => `X${String(n).padStart(5, '0')}`;

export const aDeclaration = (changes: Partial<DeclarationState> = {}): DeclarationState => ({
  declarationId: uuidV7(),
  kind: 'achievement',
  serviceCode: SERVICE,
  achievementDate: DATE,
  organisationCode: practice(0),
  commissionerCode: 'XQA',
  paymentPeriod: PERIOD,
  status: 'FINANCIALLY_APPROVED',
  holds: [],
  awaitingAggregation: false,
  revision: 4,
  declarationVersion: 1,
  figureRevision: 1,
  pence: '12072',
  attempt: 1,
  late: false,
  declaredBy: 'declarer',
  commissionerSignedBy: 'approver',
  financeSignedBy: 'finance',
  runId: null,
  ...changes,
});

const asNews = (event: unknown): NewEvent => event as NewEvent;

export const agencyPublished = (agencyCode: string): NewEvent =>
  asNews(
    newEvent(AgencyPublishedV1, {
      agencyCode,
      name: `Made-up agency ${agencyCode}`,
      adapter: 'attest-csv',
      label: 'SENT TO SSD',
      agencyVersion: 1,
    }),
  );

export const calendarEntry = (changes: Partial<CalendarEntry> = {}): CalendarEntry => ({
  achievementDate: DATE,
  paymentPeriod: PERIOD,
  opensOn: '2026-07-09',
  providerDeadlineOn: '2026-07-24',
  cutOffAt: '2020-01-01T17:00:00Z',
  payOn: '2026-08-20',
  ...changes,
});

export function servicePublished(
  serviceCode: string,
  { agencyCode = 'XPAY', version = 1, calendar = [calendarEntry()] } = {},
): NewEvent {
  return asNews(
    newEvent(QualityServicePublishedV1, {
      serviceVersion: version,
      service: {
        serviceCode,
        name: `Made-up service ${serviceCode}`,
        providerKind: 'practice',
        startOn: '2022-04-01',
        endOn: null,
        collection: 'monthly',
        acceptance: 'automatic',
        agencyCode,
        rulePack: {
          financialYear: '2026/27',
          version: 1,
          fields: [],
          ignoredFields: [],
          dependsOn: ['page'],
          calculation: {
            kind: 'item-of-service',
            items: [{ indicatorCode: 'X1', fieldName: 'COUNT', feePounds: '10.06' }],
          },
          note: null,
          oldestOpenFinancialYear: '2025/26',
          sources: ['made up'],
          examples: [],
        },
        calendar,
      },
    }),
  );
}

export const organisationChanged = (
  code: string,
  organisationVersion: number,
  payee: EventOf<typeof OrganisationChangedV1>['payee'],
): NewEvent =>
  asNews(
    newEvent(OrganisationChangedV1, {
      code,
      kind: 'practice',
      name: `Made-up practice ${code}`,
      commissionerCode: 'XQA',
      ancestors: ['XQA', 'ENGLAND'],
      openOn: '2010-04-01',
      closeOn: null,
      payee,
      listSizes: [],
      organisationVersion,
    }),
  );
