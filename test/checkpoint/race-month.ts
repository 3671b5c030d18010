import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { quietKafka, type Kafka, type Admin } from '@attest/messaging/kafka';
import pg from 'pg';
import { TOPICS } from '@attest/contracts';
import { readOpenDebts, readSealedFiles } from '@attest/invariants/evidence';
import { readHistory } from '@attest/invariants/read-history';
import { Onlooker } from '@attest/story/onlooker';
import { eventually, specPorts } from '@attest/testing';
import { startLocalServices, type LocalPerson, type LocalServices } from './local-services.js';
import { organisationFiles, type MadeUpMember } from './made-up-files.js';
import { capitation } from './made-up-services.js';

/** Monthly payments by registered patients: a practice that moves changes what both PCNs are owed. */
const SERVICES = ['XCAPA', 'XCAPB', 'XCAPC', 'XCAPD'] as const;
export const ACHIEVEMENT_DATE = '2026-07-31';
const PERIOD = '2026-07';
const PRACTICES_EACH = 3;

const OPERATOR = 'operator1.england';
export const APPROVER = 'approver1.xqa';
export const FINANCE = 'finance1.xqa';
/** Declares for every PCN of the board, and therefore signs nothing. */
const DECLARER = 'declarer.xqa';
const AGENCY = 'agency1.pcse';

const PEOPLE: readonly LocalPerson[] = (
  [
    [OPERATOR, 'NATIONAL_OPERATOR', 'ENGLAND'],
    [OPERATOR, 'ORGANISATION_ADMINISTRATION', 'ENGLAND'],
    [DECLARER, 'DECLARATION_MANAGEMENT', 'XQA'],
    [APPROVER, 'APPROVAL_MANAGEMENT', 'XQA'],
    [FINANCE, 'FINANCE_MANAGEMENT', 'XQA'],
    [AGENCY, 'PAYMENT_AGENCY', 'PCSE'],
  ] as const
).map(([personId, role, organisationCode]) => ({ personId, name: personId, role, organisationCode }));

export const pcnOf = (n: number): string => `XU${String(n).padStart(4, '0')}`;
export const practiceOf = (pcn: number, n: number): string =>
  `X${String(pcn * PRACTICES_EACH + n).padStart(5, '0')}`;

/** How far a bulk is: how many of its items stand where. */
export interface BulkProgress {
  readonly queued: number;
  readonly pending: number;
  readonly applied: number;
  readonly refused: number;
}
export interface ReleaseRun {
  readonly state: string;
  readonly included: number;
  readonly files: readonly unknown[];
  readonly words: string;
}
interface Answer<Body> {
  readonly status: number;
  readonly body: Body;
}
interface Bulk {
  readonly bulkId: string;
  readonly endedAt: string | null;
}
export interface Waiting {
  readonly declarationId: string;
  readonly declarationVersion: string;
}

/** All eight services, with a month of many PCNs that has come to finance's signature. */
export class RaceMonth {
  private readonly pools = new Map<string, pg.Pool>();

  private constructor(
    readonly services: LocalServices,
    private readonly folder: string,
    private readonly admin: Admin,
    readonly kafka: Kafka,
  ) {}

  static async start(folder: string): Promise<RaceMonth> {
    const services = await startLocalServices(folder, {
      people: PEOPLE,
      separate: false,
      ports: specPorts(),
    });
    const kafka = quietKafka({
      clientId: 'attest-races',
      brokers: [...services.kafka.brokers],
    });
    const admin = kafka.admin();
    await admin.connect();
    return new RaceMonth(services, folder, admin, kafka);
  }

  async stop(): Promise<void> {
    await this.admin.disconnect();
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
    await this.services.stop();
  }

  database = (service: string): pg.Pool => {
    if (!this.pools.has(service))
      this.pools.set(
        service,
        new pg.Pool({ connectionString: this.services.databaseUrls.get(service)!, max: 2 }),
      );
    return this.pools.get(service)!;
  };

  async rows<Row extends pg.QueryResultRow>(service: string, sql: string, values: unknown[] = []) {
    return (await this.database(service).query<Row>(sql, values)).rows;
  }

  /** Who asks names what the route answers. */
  async send<Body = unknown>(
    personId: string,
    method: string,
    service: string,
    path: string,
    body?: unknown,
  ): Promise<Answer<Body>> {
    const csv = typeof body === 'string';
    const answer = await fetch(`${this.services.urls[service]}/api/v1/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${await this.services.token(personId)}`,
        ...(body === undefined ? {} : { 'content-type': csv ? 'text/csv' : 'application/json' }),
        ...(method === 'POST' ? { 'idempotency-key': randomUUID() } : {}),
      },
      ...(body === undefined ? {} : { body: csv ? body : JSON.stringify(body) }),
    });
    const text = await answer.text();
    const json = /json/.test(answer.headers.get('content-type') ?? '') && text.length > 0;
    return { status: answer.status, body: json ? JSON.parse(text) : text };
  }

  /** @throws when it is refused: here nothing is */
  async post<Body = unknown>(personId: string, service: string, path: string, body: unknown): Promise<Body> {
    const answer = await this.send<Body>(personId, 'POST', service, path, body);
    if (answer.status >= 400)
      throw new Error(`POST ${service}/${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A file describes a day that has been, so the clock stands behind it before the register is loaded. */
  private async standInTheWindow(): Promise<void> {
    const now = '2026-08-12T09:00:00.000Z';
    // The catalogue learns from an event that the operator is one.
    await eventually(
      async () => (await this.send(OPERATOR, 'POST', 'catalogue', 'business-clock', { now })).status < 300,
    );
    await eventually(async () => (await this.rows('organisations', 'SELECT FROM business_clock')).length > 0);
  }

  /** Figures of all PCNs in all services, declared and signed by the board. */
  async prepare(pcns: number): Promise<void> {
    await this.standInTheWindow();
    for (const [layout, csv] of organisationFiles(membersOf(pcns), PEOPLE))
      await this.post(
        OPERATOR,
        'organisations',
        `organisation-files?layout=${layout}&asAt=2026-07-01&fileName=${layout}.csv`,
        csv,
      );
    for (const service of Object.keys(this.services.urls))
      await this.count(
        service,
        'SELECT count(DISTINCT person_id)::int AS n FROM directory_role',
        new Set(PEOPLE.map((p) => p.personId)).size,
      );
    await this.post(OPERATOR, 'catalogue', 'agencies', {
      agencyCode: 'PCSE',
      name: 'Made-up agency',
      adapter: 'attest-csv',
      label: 'Sent to agency',
    });
    const providers = Array.from({ length: pcns }, (_, n) => pcnOf(n));
    for (const serviceCode of SERVICES) {
      await this.post(OPERATOR, 'catalogue', 'quality-services', capitation(serviceCode, ACHIEVEMENT_DATE));
      await this.post(OPERATOR, 'catalogue', 'offers', {
        serviceCode,
        from: '2023-04-01',
        respondBy: '2026-12-31',
        providers,
      });
    }
    const all = pcns * SERVICES.length;
    await this.standing('AWAITING_PROVIDER_APPROVAL', all);
    await this.declareAll();
    await this.standing('AWAITING_COMMISSIONER_APPROVAL', all);
    const waiting = await this.waiting('commissioner', providers, all);
    await this.post(APPROVER, 'commissioner-approval', 'bulk-approvals', {
      stage: 'commissioner',
      items: waiting,
    });
    await this.standing('AWAITING_FINANCE_APPROVAL', all);
  }

  /** What waits for a stage, once all of it is known there. */
  waiting(stage: string, pcns: readonly string[], expected: number): Promise<Waiting[]> {
    return eventually(
      async () => {
        const rows = await this.rows<Waiting>(
          'commissioner-approval',
          `SELECT declaration_id AS "declarationId", declaration_version::text AS "declarationVersion" FROM approval_task
            WHERE stage = $1 AND organisation_code = ANY ($2) ORDER BY 1`,
          [stage, pcns],
        );
        return rows.length === expected ? rows : undefined;
      },
      { withinMs: 60_000, everyMs: 50 },
    );
  }

  private standing(status: string, expected: number): Promise<void> {
    return this.count(
      'declaration-workflow',
      `SELECT count(*)::int AS n FROM declaration WHERE status = '${status}'`,
      expected,
    );
  }

  private async count(service: string, sql: string, expected: number): Promise<void> {
    await eventually(async () => (await this.rows<{ n: number }>(service, sql))[0]!.n === expected, {
      withinMs: 120_000,
      everyMs: 100,
    });
  }

  /** Holds are released, what reopened is declared again, and everybody signs what waits. */
  async finish(settled: () => Promise<unknown>): Promise<void> {
    await this.act(
      APPROVER,
      { action: 'release-holds', confirmation: true, reason: 'Both figures were compared.' },
      () =>
        this.rows(
          'declaration-workflow',
          `SELECT declaration_id AS "declarationId", hold->>'holdId' AS "holdId", revision::int AS revision
             FROM declaration CROSS JOIN jsonb_array_elements(holds) AS hold WHERE kind = 'achievement' ORDER BY 1, 2`,
        ),
    );
    await this.declareAll();
    for (const [stage, person] of [
      ['commissioner', APPROVER],
      ['finance', FINANCE],
    ] as const) {
      await settled();
      const items = await this.rows<Waiting>(
        'commissioner-approval',
        `SELECT declaration_id AS "declarationId", declaration_version::text AS "declarationVersion" FROM approval_task
          WHERE stage = $1 AND kind = 'achievement' ORDER BY 1`,
        [stage],
      );
      if (items.length > 0) await this.answered(person, await this.bulk(person, stage, items));
    }
    await settled();
  }

  private declareAll(): Promise<void> {
    return this.act(DECLARER, { onBehalfReason: 'The board declares for all of its networks.' }, () =>
      this.standingAt('AWAITING_PROVIDER_APPROVAL'),
    );
  }

  /** Bulks of declaration-workflow until nothing is left: what moved between the look and its turn is looked at again. */
  private async act(personId: string, request: object, left: () => Promise<object[]>): Promise<void> {
    await eventually(
      async () => {
        const items = await left();
        if (items.length === 0) return true;
        const { bulkId } = await this.post<Bulk>(personId, 'declaration-workflow', 'bulk-declarations', {
          ...request,
          items,
        });
        const path = `bulk-declarations/${bulkId}`;
        await eventually(
          async () => {
            const { body } = await this.send<Bulk>(personId, 'GET', 'declaration-workflow', path);
            return body.endedAt !== null;
          },
          { withinMs: 60_000, everyMs: 50 },
        );
        return false;
      },
      { withinMs: 60_000, everyMs: 50 },
    );
  }

  async bulk(personId: string, stage: string, items: readonly Waiting[]): Promise<string> {
    const asked = { stage, items };
    return (await this.post<Bulk>(personId, 'commissioner-approval', 'bulk-approvals', asked)).bulkId;
  }

  /** Waits until each item of a bulk is applied or refused. */
  answered(personId: string, bulkId: string): Promise<BulkProgress> {
    return eventually(
      async () => {
        const { body } = await this.send<BulkProgress>(
          personId,
          'GET',
          'commissioner-approval',
          `bulk-approvals/${bulkId}`,
        );
        return body.queued + body.pending === 0 ? body : undefined;
      },
      { withinMs: 60_000, everyMs: 50 },
    );
  }

  standingAt(status: string): Promise<{ declarationId: string; revision: number }[]> {
    return this.rows(
      'declaration-workflow',
      `SELECT declaration_id AS "declarationId", revision::int AS revision
         FROM declaration WHERE kind = 'achievement' AND status = $1 ORDER BY 1`,
      [status],
    );
  }

  pause(service: string, topic: string): Promise<unknown> {
    return this.post(OPERATOR, service, 'operations/consumption/pause', {
      topic,
      reason: 'It is on its way while the month is closed.',
    });
  }
  resume(service: string, topic: string): Promise<unknown> {
    return this.post(OPERATOR, service, 'operations/consumption/resume', { topic });
  }

  /** A practice of the first PCN leaves for the second. */
  move(practiceCode: string, leavesPcnCode: string, joinsPcnCode: string): Promise<unknown> {
    return this.post(OPERATOR, 'organisations', 'pcn-membership-changes', {
      practiceCode,
      leavesPcnCode,
      joinsPcnCode,
      effectiveOn: '2026-07-20',
      reason: 'The partners agreed to move.',
    });
  }

  startRun(limitSeconds: number): Promise<{ runId: string }> {
    return this.post(OPERATOR, 'payment-export', 'release-runs', {
      paymentPeriod: PERIOD,
      limitSeconds,
      collectSeconds: 20,
    });
  }

  ended(runId: string): Promise<ReleaseRun> {
    return eventually(
      async () => {
        const { body } = await this.send<ReleaseRun>(
          OPERATOR,
          'GET',
          'payment-export',
          `release-runs/${runId}`,
        );
        return ['sealed', 'aborted'].includes(body.state) ? body : undefined;
      },
      { withinMs: 60_000, everyMs: 50 },
    );
  }

  /** As the story's world: what the checkers of the invariants look at. */
  async evidence() {
    const world = new Onlooker({
      urls: this.services.urls,
      database: this.database,
      admin: this.admin,
      topics: Object.keys(TOPICS),
    });
    await world.settled();
    return {
      world,
      settled: () => world.settled(),
      read: async () => ({
        world,
        history: await readHistory(this.kafka),
        files: readSealedFiles(join(this.folder, 'files', 'payment-export')),
        openDebts: await readOpenDebts(world),
      }),
    };
  }
}

const membersOf = (pcns: number): MadeUpMember[] =>
  Array.from({ length: pcns }, (_, pcn) =>
    Array.from({ length: PRACTICES_EACH }, (_, n) => ({
      code: practiceOf(pcn, n),
      pcn: pcnOf(pcn),
      patients: 5_000 + 137 * ((pcn * 7 + n * 3) % 50),
    })),
  ).flat();
