import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, migrate } from '@attest/persistence';
import { ownPostgres, type OwnPostgres } from '@attest/testing';
import {
  add,
  AppliesCounted,
  appliedCount,
  counted,
  faultsOf,
  specDatabase,
  specMigrations,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
  type SpecService,
} from './harness.js';

describe('a database that goes away', () => {
  const topicPrefix = specPrefix();
  let postgres: OwnPostgres;
  let away: Database;
  let stays: SpecDatabase;
  let services: SpecService[];
  const start = (service: string, database: Database) =>
    specService(
      { service, database, topicPrefix },
      { controllers: service === 'aggregation' ? [AppliesCounted] : [] },
    );

  beforeAll(async () => {
    [postgres, stays] = await Promise.all([ownPostgres(), specDatabase()]);
    await migrate(postgres.adminUrl, specMigrations);
    away = new Database({ url: postgres.adminUrl, poolSize: 8, applicationName: 'messaging-spec' });
  });
  afterAll(async () => {
    await stays?.drop();
    await away?.close();
    await postgres?.stop();
  });

  const events = (from: number) =>
    Array.from({ length: 6_000 }, (_, i) => counted(`k${i % 50}`, from + (i - (i % 50)) / 50));

  it('under a consumer delays its events, and none is dead-lettered for it', async () => {
    services = [await start('extraction-intake', stays.database), await start('aggregation', away)];
    await add(services[0]!.messaging, stays.database, events(0));
    await until('some applied', async () => (await appliedCount(away)) > 0);
    await postgres.kill();
    await add(services[0]!.messaging, stays.database, events(200));
    await postgres.start();
    await until('all applied', async () => (await appliedCount(away).catch(() => 0)) >= 12_000, 60_000);
    expect(await appliedCount(away)).toBe(12_000);
    expect(await faultsOf(away)).toEqual({ twice: 0, outOfOrder: 0 });
    expect((await away.query(`SELECT FROM dead_letter`)).rows).toHaveLength(0);
    expect(services[1]!.fatal()).toBeUndefined();
    await Promise.all(services.map((service) => service.close()));
  }, 120_000);

  it('under a relay delays what is committed in it, and all of it arrives', async () => {
    services = [await start('extraction-intake', away), await start('aggregation', stays.database)];
    // A consumer that is new begins with what the topic still holds.
    const before = 12_000;
    await until(
      'read from the beginning',
      async () => (await appliedCount(stays.database)) >= before,
      30_000,
    );
    await add(services[0]!.messaging, away, events(1_000));
    await postgres.kill();
    await postgres.start();
    await until('the next is written', () =>
      add(services[0]!.messaging, away, events(2_000)).then(
        () => true,
        () => false,
      ),
    );
    await until('all applied', async () => (await appliedCount(stays.database)) >= before + 12_000, 60_000);
    expect(await appliedCount(stays.database)).toBe(before + 12_000);
    expect(await faultsOf(stays.database)).toEqual({ twice: 0, outOfOrder: 0 });
    await Promise.all(services.map((service) => service.close()));
  }, 120_000);
});
