import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:tls';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TOPICS, type TopicName } from '@attest/contracts';
import {
  dlqTopic,
  ensureTopics,
  messagingMigrations,
  restoreProducer,
  silentLogger,
  TopicNames,
} from '@attest/messaging';
import { connectedAdmin, quietKafka, type KafkaAccess } from '@attest/messaging/kafka';
import { Database, migrate } from '@attest/persistence';
import { certificateAuthority } from '@attest/stack/certificates';
import { KAFKA_TLS_WAYS, type KafkaDoor, type KafkaTlsWay } from '@attest/stack/kafka-door';
import { testDatabase } from '@attest/testing';
import { SEPARATE, startLocalServices, type LocalServices } from './local-services.js';
import { SmallMonth } from './small-month.js';

/**
 * One broker that knows only TLS, its rights those of deploy/kafka, and the eight services in few processes: everything
 * that needs such a broker is asked here. It takes longer than ten seconds because a whole month is paid on it.
 */
const PRACTICE = 'X00000';
let folder: string;
let services: LocalServices;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'attest-tls-'));
  services = await startLocalServices(folder, {
    ...SEPARATE,
    separate: false,
    kafkaTls: 'scram',
  });
}, 240_000);
afterAll(async () => {
  await services?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const doorOf = (user: string, way: KafkaTlsWay): KafkaDoor => services.kafka.doorOf(user, way);

/** Sends nothing anybody could read as an event; answers the broker's refusal, if it refuses. */
async function refusalToWrite(door: KafkaDoor, topic: string): Promise<string | undefined> {
  const producer = quietKafka({ ...door, retry: { retries: 0 } }).producer();
  await producer.connect();
  try {
    await producer.send({ topic, messages: [{ partition: 0, value: null }] });
    return undefined;
  } catch (error) {
    return typeOf(error);
  } finally {
    await producer.disconnect();
  }
}

/** Reads a topic until its first record or the broker's refusal. */
async function refusalToRead(door: KafkaDoor, topic: TopicName, group: string): Promise<string | undefined> {
  const consumer = quietKafka({ ...door, retry: { retries: 0 } }).consumer({
    groupId: group,
    maxWaitTimeInMs: 100,
    retry: { retries: 0, restartOnFailure: async () => false },
  });
  await consumer.connect();
  try {
    await consumer.subscribe({ topic, fromBeginning: true });
    return await new Promise<string | undefined>((resolve) => {
      const refused = (error: unknown): void => resolve(typeOf(error));
      consumer.on(consumer.events.CRASH, ({ payload }) => refused(payload.error));
      consumer.run({ autoCommit: false, eachBatch: async () => resolve(undefined) }).catch(refused);
    });
  } finally {
    await consumer.disconnect();
  }
}

/** The broker's own name of a refusal, wherever kafkajs keeps it. */
function typeOf(error: unknown): string {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('type' in at && typeof at.type === 'string') return at.type;
  return String(error);
}

describe('a month over TLS', () => {
  it('is paid with SASL SCRAM-SHA-512, each service as its own user', async () => {
    const month = new SmallMonth(services);
    try {
      await month.prepare([PRACTICE]);
      expect(await month.play(PRACTICE, 12)).toBe(14n * 1006n);
    } finally {
      await month.asked.close();
    }
    const logs = join(folder, 'logs');
    for (const name of readdirSync(logs))
      expect([name, readFileSync(join(logs, name), 'utf8')]).toEqual([
        name,
        expect.not.stringMatching(/not authorized|authorization/i),
      ]);
  }, 240_000);
});

describe.each(KAFKA_TLS_WAYS)("a service's user (%s)", (way) => {
  it('cannot write a topic of another, and writes its own', async () => {
    const aggregation = doorOf('aggregation', way);
    const refusals = await Promise.all(
      Object.values(TOPICS)
        .filter(({ writer }) => writer !== 'any')
        .map(async ({ name, writer }) => [writer, await refusalToWrite(aggregation, name)] as const),
    );
    for (const [writer, refusal] of refusals)
      expect([writer, refusal]).toEqual([
        writer,
        writer === 'aggregation' ? undefined : 'TOPIC_AUTHORIZATION_FAILED',
      ]);
  });

  it('cannot bury in the name of another, and buries in its own', async () => {
    const centre = doorOf('messaging-centre', way);
    expect(await refusalToWrite(centre, dlqTopic('declarations', 'messaging-centre'))).toBeUndefined();
    expect(await refusalToWrite(centre, dlqTopic('declarations', 'payment-export'))).toBe(
      'TOPIC_AUTHORIZATION_FAILED',
    );
  });

  it('cannot read what it does not consume, nor in the group of another', async () => {
    const catalogue = doorOf('catalogue', way);
    expect(await refusalToRead(catalogue, 'payments', 'catalogue.restore-spec')).toBe(
      'TOPIC_AUTHORIZATION_FAILED',
    );
    expect(await refusalToRead(catalogue, 'organisations', 'catalogue.restore-spec')).toBeUndefined();
    // So kafkajs calls the broker's GROUP_AUTHORIZATION_FAILED.
    expect(await refusalToRead(catalogue, 'organisations', 'aggregation')).toContain(
      'KafkaJSGroupCoordinatorNotFound',
    );
  });

  it('reads back what it wrote when its database is restored', async () => {
    const [service, made] = ['commissioner-approval', await testDatabase('restored')];
    await migrate(made.url, messagingMigrations);
    const database = new Database({ url: made.url, poolSize: 2, applicationName: 'tls-spec' });
    try {
      const restored = await restoreProducer({
        ...doorOf(service, way),
        ...{ service, database, names: new TopicNames(), logger: silentLogger, who: 'a spec', why: 'a rule' },
      });
      expect(restored.forgotten).toBeGreaterThan(0);
    } finally {
      await database.close();
      await made.drop();
    }
  });

  it('is told which topic is missing, because it may not create it', async () => {
    const door = doorOf('catalogue', way);
    const topics = [dlqTopic('payments', 'catalogue')];
    await expect(
      ensureTopics({ ...door, names: new TopicNames(), logger: silentLogger, topics }),
    ).rejects.toMatchObject({
      code: 'TOPICS_MISSING',
      message: expect.stringContaining('does not show payments.catalogue.dlq'),
    });
  });
});

describe('a client over TLS', () => {
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const refused = (brokers: readonly string[], access: KafkaAccess | undefined, words: RegExp) =>
    expect(connectedAdmin({ brokers, access, clientId: 'spec', logger: silentLogger })).rejects.toMatchObject(
      { code: 'KAFKA_ACCESS_REFUSED', message: expect.stringMatching(words) },
    );

  it('is told which side refused, and what to look at', async () => {
    const scram = doorOf('catalogue', 'scram');
    const mutual = doorOf('catalogue', 'mutual');
    const stranger = await certificateAuthority('a stranger');
    const own = await stranger.issue('catalogue');
    const late = await stranger.issue('broker', { from: new Date(0), to: new Date(86_400_000) });
    const expired = createServer({ cert: late.certificate, key: late.key });
    await new Promise<void>((ready) => expired.listen(0, '127.0.0.1', ready));
    const { port } = expired.address() as { port: number };
    const strangers = file('stranger.pem', stranger.certificate);
    try {
      // At once: a client tries for five seconds before it believes a handshake that failed.
      await Promise.all([
        refused(
          scram.brokers,
          { ...scram.access, caFile: strangers },
          /signed by nobody whom KAFKA_TLS_CA_FILE/,
        ),
        refused(
          scram.brokers,
          { ...scram.access, passwordFile: file('wrong.password', 'wrong') },
          /does not know the user catalogue with the password of KAFKA_SASL_PASSWORD_FILE/,
        ),
        refused(
          mutual.brokers,
          { ...mutual.access, certFile: file('s.pem', own.certificate), keyFile: file('s.key', own.key) },
          /ended the TLS handshake/,
        ),
        refused([`127.0.0.1:${port}`], { ...scram.access, caFile: strangers }, /broker has expired/),
      ]);
    } finally {
      expired.close();
    }
  }, 30_000);

  it('reads a renewed password at its next connection, without a restart', async () => {
    const { brokers, access } = doorOf('catalogue', 'scram');
    const passwordFile = file('renewed.password', 'the old one');
    const kafka = quietKafka({ brokers, access: { ...access, passwordFile }, retry: { retries: 0 } });
    const connects = async (): Promise<boolean> => {
      const admin = kafka.admin();
      return admin
        .connect()
        .then(() => true)
        .catch(() => false)
        .finally(() => admin.disconnect());
    };
    expect(await connects()).toBe(false);
    file('renewed.password', readFileSync(access!.passwordFile!, 'utf8'));
    expect(await connects()).toBe(true);
  });
});
