import { BusinessClockMovedV1, newEvent } from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import { Database } from '@attest/persistence';
import {
  eventually,
  ownKafka,
  testDatabase,
  testIdentity,
  type OwnKafka,
  type TestDatabase,
  type TestIdentity,
} from '@attest/testing';
import { Public } from '@attest/auth';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Module, Post } from '@nestjs/common';
import { defineService, type RunningService } from '../src/service.js';
import { ServiceSettings } from '../src/service-settings.js';

@Controller('clock')
@Public()
class ClockController {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  @Post()
  async move(): Promise<void> {
    const data = { offsetMs: 86_400_000, movedAt: new Date().toISOString(), clockVersion: 1 };
    await this.database.transaction((tx) => this.outbox.add(tx, [newEvent(BusinessClockMovedV1, data)]));
  }
}

@Module({ controllers: [ClockController] })
class ClockModule {}

const catalogue = defineService({
  name: 'catalogue',
  settings: ServiceSettings,
  module: ClockModule,
  migrations: [],
});

describe('a service that starts while the broker is away', () => {
  let kafka: OwnKafka;
  let identity: TestIdentity;
  let database: TestDatabase;
  let db: Database;
  let service: RunningService | undefined;
  beforeAll(async () => {
    [kafka, identity, database] = await Promise.all([
      ownKafka({ nodes: 1 }),
      testIdentity(),
      testDatabase('hosting'),
    ]);
    // Its topics have never been there.
    await kafka.killBroker(0);
    await catalogue.migrate(database.url);
    db = new Database({ url: database.url, poolSize: 2, applicationName: 'spec' });
  });
  afterAll(async () => {
    await service?.close();
    await db.close();
    await Promise.all([kafka.stop(), identity.close()]);
    await database.drop();
  });

  const start = () =>
    catalogue.start({
      NODE_ENV: 'test',
      DATABASE_URL: database.url,
      KAFKA_BROKERS: kafka.brokers.join(','),
      OIDC_ISSUER: identity.issuer,
      LOG_LEVEL: 'silent',
      KAFKA_SESSION_TIMEOUT_MS: '6000',
      BUSINESS_CLOCK_MOVABLE: 'true',
    });
  const ready = async (at: RunningService) => {
    const answer = await fetch(`${at.url}/health/ready`);
    return { status: answer.status, ...((await answer.json()) as { checks: object[] }) };
  };

  it('is ready, takes what is written, and can be stopped', async () => {
    service = await start();
    expect(await ready(service)).toMatchObject({
      status: 'ready',
      checks: [
        { name: 'started', ok: true },
        { name: 'database', ok: true },
        { name: 'consumer', ok: false, warning: true },
        { name: 'relay', ok: false, warning: true },
      ],
    });
    expect((await fetch(`${service.url}/api/v1/clock`, { method: 'POST' })).status).toBe(201);
    await service.close();
    expect((await db.query(`SELECT FROM outbox`)).rowCount).toBe(1);
  });

  it('sends and reads by itself when the broker comes', async () => {
    service = await start();
    await kafka.startBroker(0);
    await eventually(async () => (await db.query(`SELECT FROM business_clock`)).rowCount === 1, {
      withinMs: 60_000,
    });
    expect((await db.query(`SELECT FROM outbox`)).rowCount).toBe(0);
    await eventually(async () => (await ready(service!)).checks.every((check) => 'ok' in check && check.ok));
  });
});
