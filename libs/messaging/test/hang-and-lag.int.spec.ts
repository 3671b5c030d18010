import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller } from '@nestjs/common';
import type { Client } from 'pg';
import { Database } from '@attest/persistence';
import { Consumes, createMessaging, METRICS, noMetrics, type MessagingMetrics } from '../src/index.js';
import {
  add,
  AppliesCounted,
  BROKERS,
  counted,
  Counted,
  specDatabase,
  specLogger,
  specPrefix,
  specService,
  until,
  type SpecDatabase,
  type SpecService,
} from './harness.js';
import { specPair } from './route.js';

const HANG_LIMIT_MS = 1_000;
let letGo: () => void;
const gate = new Promise<void>((resolve) => (letGo = resolve));

@Controller()
class NeverEnds {
  @Consumes(Counted)
  handle(): Promise<void> {
    return gate;
  }
}

describe('what hangs', () => {
  it('as a batch that makes no progress ends the process', async () => {
    const pair = await specPair({ controllers: [NeverEnds], reads: { hangLimitMs: HANG_LIMIT_MS } });
    const { sender, intake, aggregation } = pair;
    await add(intake.messaging, sender.database, [counted('k1', 1)]);
    const fatal = await until('it is seen', () => aggregation.fatal());
    expect(fatal).toMatchObject({ code: 'MESSAGING_HANGS', facts: { what: 'A batch of events' } });
    expect(aggregation.messaging.fatal()).toBe(fatal);
    letGo();
    await pair.close();
  });

  it('as a relay that does not turn ends the process; one that fails again and again does not', async () => {
    const away = new Database({
      url: 'postgres://127.0.0.1:1/none',
      poolSize: 1,
      applicationName: 'messaging-spec',
    });
    const fatals: Error[] = [];
    let tries = 0;
    const connect = away.connect.bind(away);
    const hangsFromNowOn = new Promise<Client>(() => undefined);
    away.connect = () => (++tries < 4 ? connect() : hangsFromNowOn);
    const messaging = createMessaging({
      service: 'extraction-intake',
      brokers: BROKERS,
      database: away,
      topicPrefix: specPrefix(),
      logger: specLogger,
      hangLimitMs: HANG_LIMIT_MS,
      onFatal: (error) => void fatals.push(error),
    });
    await messaging.start();
    await until('it has failed more than once', () => tries >= 3);
    expect(fatals).toEqual([]);
    const fatal = await until('it is seen', () => fatals[0]);
    expect(fatal).toMatchObject({ code: 'MESSAGING_HANGS', facts: { what: 'The relay' } });
    expect(tries).toBe(4);
    await messaging.republisher.stop();
    await away.close();
  });
});

/** The lag that is told at present, by partition. */
class TellsLag implements MessagingMetrics {
  readonly lag = new Map<string, number>();
  readonly count = noMetrics.count;

  gauge(...[name, value, labels]: Parameters<MessagingMetrics['gauge']>): void {
    if (name === METRICS.lag && labels['topic'] === 'submissions') this.lag.set(labels['partition']!, value);
  }

  forget(...[name, labels]: Parameters<MessagingMetrics['forget']>): void {
    if (name === METRICS.lag && labels['topic'] === 'submissions') this.lag.delete(labels['partition']!);
  }
}

describe('the lag of a consumer', () => {
  const topicPrefix = specPrefix();
  const [first, second] = [new TellsLag(), new TellsLag()];
  let db: SpecDatabase;
  const services: SpecService[] = [];
  const start = async (metrics: MessagingMetrics): Promise<void> => {
    services.push(
      await specService(
        { service: 'aggregation', database: db.database, topicPrefix, metrics, lagEveryMs: 50 },
        { controllers: [AppliesCounted] },
      ),
    );
  };
  beforeAll(async () => {
    db = await specDatabase();
  });
  afterAll(async () => {
    await Promise.all(services.map((service) => service.close()));
    await db.drop();
  });

  it('is told also when nothing arrives', async () => {
    await start(first);
    await until('all partitions are told', () => first.lag.size === 4);
    expect([...first.lag.values()]).toEqual([0, 0, 0, 0]);
  });

  it('is told of a partition only by the one that has it', async () => {
    await start(second);
    await until('each tells its part', () => first.lag.size === 2 && second.lag.size === 2);
    expect([...first.lag.keys(), ...second.lag.keys()].sort()).toEqual(['0', '1', '2', '3']);
  });
});
