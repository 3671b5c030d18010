import { Access } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import type { NewEvent } from '@attest/contracts';
import { Scheduler } from '@attest/hosting';
import { Barriers, Outbox, RelayPace, type ReceivedEvent } from '@attest/messaging';
import { Database, type Tx } from '@attest/persistence';
import { testDatabase } from '@attest/testing';
import { Logger, Metrics } from '@attest/telemetry';
import { Global, Module, type Type } from '@nestjs/common';
import { Test } from '@nestjs/testing';
import pg from 'pg';
import { AppModule } from '../../src/app.module.js';
import { DeclarationWorkflowSettings } from '../../src/config/declaration-workflow.settings.js';
import { declarationWorkflow } from '../../src/index.js';
import { AchievementsConsumer } from '../../src/messaging/figures/achievements.consumer.js';
import { ApprovalsConsumer } from '../../src/messaging/signing/approvals.consumer.js';
import { PaymentsConsumer } from '../../src/messaging/payments/payments.consumer.js';
import { PcnMembershipsConsumer } from '../../src/messaging/holds/pcn-memberships.consumer.js';
import { QualityServicesConsumer } from '../../src/messaging/references/quality-services.consumer.js';
import { DATE } from '../neighbours.js';

const CONSUMERS = {
  achievements: AchievementsConsumer,
  approvals: ApprovalsConsumer,
  payments: PaymentsConsumer,
  memberships: PcnMembershipsConsumer,
  services: QualityServicesConsumer,
} as const;

export interface System {
  readonly database: Database;
  /** What the service said and committed, by the declaration that it is about. */
  readonly told: ReadonlyMap<string, readonly NewEvent[]>;
  readonly passedBarrier: string;
  get<T>(type: Type<T>): T;
  /** One chunk of a topic, in one transaction, as messaging hands it over; nothing remembers what came before. */
  deliver(consumer: keyof typeof CONSUMERS, events: readonly ReceivedEvent[]): Promise<void>;
  /** What looks at everybody's declarations, such as a job, one after the other. */
  alone(work: () => Promise<void>): Promise<void>;
  /** Makes services, PCNs and people known. */
  know(from: number, to: number): Promise<void>;
  close(): Promise<void>;
}

/** The outbox as it is, which also tells us what was committed. */
class HeardOutbox extends Outbox {
  readonly told = new Map<string, NewEvent[]>();

  override async add(tx: Tx, events: readonly NewEvent[]): Promise<void> {
    await super.add(tx, events);
    tx.afterCommit(() => {
      for (const event of events) this.told.set(event.key, [...(this.told.get(event.key) ?? []), event]);
    });
  }
}

/** The service's own module with its own stores on a real database; only HTTP and Kafka are left out. */
export async function startSystem(poolSize: number): Promise<System> {
  const place = await testDatabase('declaration-model');
  // What is tested is agreement, not survival: nothing here waits for a disk.
  await waitForNoDisk(place.adminUrl, place.name);
  await declarationWorkflow.migrate(place.url);
  const database = new Database({ url: place.url, poolSize, applicationName: 'declaration-model' });
  const outbox = new HeardOutbox('declaration-workflow', () => undefined);
  const clock = new BusinessClock();
  const settings = new DeclarationWorkflowSettings();
  const offered = [
    { provide: Database, useValue: database },
    { provide: Outbox, useValue: outbox },
    { provide: RelayPace, useValue: new RelayPace() },
    { provide: Barriers, useValue: new Barriers('declaration-workflow', outbox) },
    { provide: Access, useValue: new Access(database, clock) },
    { provide: BusinessClock, useValue: clock },
    { provide: Logger, useValue: Logger.create({ service: 'declaration-model', level: 'error' }) },
    { provide: Metrics, useValue: new Metrics('declaration-model') },
    { provide: DeclarationWorkflowSettings, useValue: settings },
    // What is done at its times is done here when a command says so.
    { provide: Scheduler, useValue: { add: () => undefined } },
  ];
  @Global()
  @Module({ providers: offered, exports: offered })
  class Platform {}
  const module = await Test.createTestingModule({ imports: [Platform, AppModule] }).compile();
  let last = Promise.resolve();
  const passedBarrier = '01990000-0000-7000-8000-0000000000ba';
  await database.query(
    `INSERT INTO barrier (barrier_id, route, requested_by, requested_at, expires_at, status, passed_at)
     VALUES ($1, 'release', 'payment-export', now(), now() + interval '1 day', 'passed', now())`,
    [passedBarrier],
  );
  return {
    database,
    told: outbox.told,
    passedBarrier,
    get: (type) => module.get(type, { strict: false }),
    deliver: (consumer, events) =>
      database.transaction((tx) =>
        // Each handler takes what its topic holds; the commands give it nothing else.
        module
          .get<{ handle(events: unknown, batch: unknown): Promise<void> }>(CONSUMERS[consumer], {
            strict: false,
          })
          .handle(events, { tx, consumer: 'declaration-workflow' }),
      ),
    alone: (work) => (last = last.then(work)),
    know: (from, to) => know(database, from, to),
    close: async () => {
      await module.close();
      await database.close();
      await place.drop();
    },
  };
}

async function know(database: Database, from: number, to: number): Promise<void> {
  await database.transaction(async (tx) => {
    await tx.query(
      `INSERT INTO directory_organisation (code, kind, name, commissioner_code, ancestors, open_on, version)
       VALUES ('XQA', 'commissioner', 'Made-up', NULL, '{ENGLAND}', '2010-04-01', 1) ON CONFLICT DO NOTHING`,
    );
    await tx.query(
      `INSERT INTO directory_organisation (code, kind, name, commissioner_code, ancestors, open_on, version)
       SELECT 'P' || 100000 + g, 'pcn', 'Made-up', 'XQA', '{XQA,ENGLAND}', '2010-04-01', 1 FROM generate_series($1::int, $2::int) g`,
      [from, to],
    );
    await tx.query(
      `INSERT INTO directory_role (person_id, role, organisation_code, valid_from, version)
       SELECT 'declarer', 'DECLARATION_MANAGEMENT', 'P' || 100000 + g, '2020-01-01'::date, 1 FROM generate_series($1::int, $2::int) g
       UNION ALL SELECT 'helper', 'DECLARATION_MANAGEMENT', 'XQA', '2020-01-01', 1 WHERE $1 = 1
       UNION ALL SELECT p, 'APPROVAL_MANAGEMENT', 'XQA', '2020-01-01', 1 FROM unnest('{approver,second}'::text[]) p WHERE $1 = 1`,
      [from, to],
    );
    await tx.query(
      `INSERT INTO quality_service (service_code, name, provider_kind, depends_on_membership, oldest_open_on, agency_code, version)
       SELECT 'XM' || 100000 + g, 'Made-up', 'pcn', true, '2020-04-01', 'XPAY', 1 FROM generate_series($1::int, $2::int) g`,
      [from, to],
    );
    await tx.query(
      `INSERT INTO calendar_entry (service_code, achievement_date, payment_period, opens_on, provider_deadline_on, cut_off_at, pay_on)
       SELECT 'XM' || 100000 + g, $3::date, '2026-08', '2020-08-09', '2100-08-24', '2100-09-01 17:00 Europe/London', '2100-09-20' FROM generate_series($1::int, $2::int) g`,
      [from, to, DATE],
    );
  });
}

async function waitForNoDisk(adminUrl: string, name: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  await admin.query(`ALTER DATABASE ${name} SET synchronous_commit = off`);
  // The same statements again and again on small tables: planning them anew costs more than any plan saves.
  await admin.query(`ALTER DATABASE ${name} SET plan_cache_mode = force_generic_plan`);
  await admin.end();
}
