import { join } from 'node:path';
import { quietKafka, type Kafka, type Admin } from '@attest/messaging/kafka';
import { TOPICS } from '@attest/contracts';
import { readOpenDebts, readSealedFiles } from '@attest/invariants/evidence';
import { readHistory } from '@attest/invariants/read-history';
import { Onlooker } from '@attest/story/onlooker';
import { eventually, specPorts } from '@attest/testing';
import { AskedServices } from './asked-services.js';
import { startLocalServices, type LocalServices } from './local-services.js';
import {
  APPROVER,
  DECLARER,
  filesOf,
  FINANCE,
  OPERATOR,
  pcnOf,
  PEOPLE,
  PERIOD,
  serviceDocument,
  SERVICES,
} from './race-region.js';

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
  readonly asked: AskedServices;

  private constructor(
    private readonly services: LocalServices,
    private readonly folder: string,
    private readonly admin: Admin,
    private readonly kafka: Kafka,
  ) {
    this.asked = new AskedServices(services);
  }

  static async start(folder: string): Promise<RaceMonth> {
    const services = await startLocalServices(folder, {
      people: PEOPLE,
      separate: false,
      ports: specPorts(),
    });
    const kafka = quietKafka({ clientId: 'attest-races', brokers: [...services.kafka.brokers] });
    const admin = kafka.admin();
    await admin.connect();
    return new RaceMonth(services, folder, admin, kafka);
  }

  async stop(): Promise<void> {
    await this.admin.disconnect();
    await this.asked.close();
    await this.services.stop();
  }

  /** @throws when it is refused: here nothing is */
  async post<Body = unknown>(personId: string, service: string, path: string, body: unknown): Promise<Body> {
    const answer = await this.asked.send<Body>(personId, 'POST', service, path, body);
    if (answer.status >= 400)
      throw new Error(`POST ${service}/${path} answered ${answer.status}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  }

  /** A file describes a day that has been, so the clock stands behind it before the register is loaded. */
  private async standInTheWindow(): Promise<void> {
    const now = '2026-08-12T09:00:00.000Z';
    // The catalogue learns from an event that the operator is one.
    await eventually(
      async () =>
        (await this.asked.send(OPERATOR, 'POST', 'catalogue', 'business-clock', { now })).status < 300,
    );
    await eventually(
      async () => (await this.asked.rows('organisations', 'SELECT FROM business_clock')).length > 0,
    );
  }

  /** Figures of all PCNs in all services, declared and signed by the board. */
  async prepare(pcns: number): Promise<void> {
    await this.standInTheWindow();
    for (const [layout, csv] of filesOf(pcns))
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
      await this.post(OPERATOR, 'catalogue', 'quality-services', serviceDocument(serviceCode));
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
        const rows = await this.asked.rows<Waiting>(
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
    await eventually(async () => (await this.asked.rows<{ n: number }>(service, sql))[0]!.n === expected, {
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
        this.asked.rows(
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
      const items = await this.asked.rows<Waiting>(
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
            const { body } = await this.asked.send<Bulk>(personId, 'GET', 'declaration-workflow', path);
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
        const { body } = await this.asked.send<BulkProgress>(
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
    return this.asked.rows(
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
        const { body } = await this.asked.send<ReleaseRun>(
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
      database: this.asked.database,
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
