import { setTimeout as pause } from 'node:timers/promises';
import { BARRIER_RECORD_TYPE, TOPICS, uuidV7 } from '@attest/contracts';
import { AttestError } from '@attest/errors';
import { plainArray, textArray, type Database, type Tx } from '@attest/persistence';
import {
  connectedAdmin,
  kafkaClient,
  type Admin,
  type KafkaAccess,
  type KafkaClientOptions,
  type KafkaMessage,
} from '../kafka/index.js';
import { countRelays } from '../outbox/shard-ownership.js';
import type { MessagingLogger } from '../ports.js';
import { HEADER } from '../wire/envelope.js';
import { headerText } from '../wire/log-record.js';
import { restoreGroups, type TopicNames } from '../wire/topic-names.js';

export interface RestoreOptions {
  readonly service: string;
  readonly database: Database;
  readonly brokers: readonly string[];
  readonly access?: KafkaAccess | undefined;
  readonly names: TopicNames;
  readonly logger: MessagingLogger;
  readonly who: string;
  readonly why: string;
}

export interface RestoreResult {
  /** In the envelope of everything that this service says from now on. */
  readonly epoch: number;
  /** Events in the service's own topics that its restored database knows nothing of; kept in `forgotten_event`. */
  readonly forgotten: number;
  readonly read: number;
}

export class RelayStillRunningError extends AttestError {
  constructor(service: string) {
    super(
      'RELAY_STILL_RUNNING',
      409,
      `${service} is still sending. Stop all its replicas, then restore: what they send meanwhile would be missed.`,
      { service },
    );
  }
}

/** Rows are archived a little after they were written, and clocks differ: read from so much earlier. */
const MARGIN_MS = 10 * 60_000;
const GONE_WITHIN_MS = 1_000;

interface End {
  readonly topic: string;
  readonly partition: number;
  readonly from: bigint;
  readonly to: bigint;
}

interface Forgotten {
  readonly topic: string;
  readonly partition: number;
  readonly message: KafkaMessage;
}

/**
 * To be run once, with the service stopped, after its database was restored from a backup. Reads the service's own
 * topics past the last event that the database remembers, keeps what it has forgotten, and raises the producer's
 * epoch, which stands in every later event: whoever looks into the log sees what was said twice under one version. What the service itself had read comes again
 * by itself: its fences were restored with it.
 */
export async function restoreProducer(options: RestoreOptions): Promise<RestoreResult> {
  const { service, database, logger, who, why } = options;
  await untilNoRelay(service, database);
  const own = Object.values(TOPICS).filter((topic) => topic.writer === service || topic.writer === 'any');
  const since = await lastRemembered(database);
  const read: Forgotten[] = [];
  await readFrom(
    options,
    own.map((topic) => topic.name),
    since,
    (topic, partition, message) => {
      const { headers } = message;
      if (
        headerText(headers, HEADER.source) !== service ||
        headerText(headers, HEADER.type) === BARRIER_RECORD_TYPE
      )
        return;
      read.push({ topic, partition, message });
    },
  );
  return database.transaction(async (tx) => {
    const epoch = await raiseEpoch(tx, who, why);
    const forgotten = await keepForgotten(tx, epoch, read, since);
    logger.info({ service, epoch, forgotten, read: read.length }, 'producer restored');
    return { epoch, forgotten, read: read.length };
  });
}

/** A relay that has just ended is still seen for the moment that its backend needs to end too. */
async function untilNoRelay(service: string, database: Database): Promise<void> {
  for (const giveUpAt = Date.now() + GONE_WITHIN_MS; (await countRelays(database)) > 0; await pause(50))
    if (Date.now() > giveUpAt) throw new RelayStillRunningError(service);
}

async function lastRemembered(database: Database): Promise<Date | undefined> {
  const { rows } = await database.query<{ last: Date | null }>(
    `SELECT max(created_at) AS last FROM (SELECT created_at FROM outbox UNION ALL SELECT created_at FROM outbox_archive) o`,
  );
  return rows[0]!.last ? new Date(rows[0]!.last.getTime() - MARGIN_MS) : undefined;
}

async function raiseEpoch(tx: Tx, who: string, why: string): Promise<number> {
  const { rows } = await tx.query<{ epoch: number }>(
    `INSERT INTO producer_epoch (epoch, raised_by, reason) SELECT coalesce(max(epoch), 0) + 1, $1, $2 FROM producer_epoch
     RETURNING epoch`,
    [who, why],
  );
  return rows[0]!.epoch;
}

async function keepForgotten(
  tx: Tx,
  epoch: number,
  read: readonly Forgotten[],
  since: Date | undefined,
): Promise<number> {
  const { rowCount } = await tx.query(
    `INSERT INTO forgotten_event (event_id, epoch, topic, partition, "offset", key, type, aggregate_version, payload)
     SELECT r.event_id, $1, r.topic, r.partition, r.o, r.key, r.type, r.version, r.payload
     FROM unnest($2::uuid[], $3::text[], $4::int[], $5::bigint[], $6::text[], $7::text[], $8::bigint[], $9::text[])
          AS r(event_id, topic, partition, o, key, type, version, payload)
     WHERE NOT EXISTS (SELECT FROM outbox k WHERE k.event_id = r.event_id)
       AND NOT EXISTS (SELECT FROM outbox_archive k WHERE k.event_id = r.event_id
                       AND k.created_at >= coalesce($10::timestamptz, '-infinity'))
     ON CONFLICT (event_id) DO NOTHING`,
    [
      epoch,
      plainArray(read.map(({ message }) => headerText(message.headers, HEADER.id))),
      textArray(read.map(({ topic }) => topic)),
      plainArray(read.map(({ partition }) => partition)),
      plainArray(read.map(({ message }) => message.offset)),
      textArray(read.map(({ message }) => message.key?.toString() ?? '')),
      textArray(read.map(({ message }) => headerText(message.headers, HEADER.type) ?? '')),
      plainArray(read.map(({ message }) => headerText(message.headers, HEADER.aggregateVersion) ?? 0)),
      textArray(read.map(({ message }) => message.value?.toString() ?? '')),
      since ?? null,
    ],
  );
  return rowCount;
}

async function readFrom(
  { service, brokers, access, names, logger }: RestoreOptions,
  topics: readonly string[],
  since: Date | undefined,
  onRecord: (topic: string, partition: number, message: KafkaMessage) => void,
): Promise<void> {
  const client: KafkaClientOptions = { brokers, access, clientId: `${service}-restore`, logger };
  const admin = await connectedAdmin(client);
  const groupId = `${restoreGroups(names.group(service))}${uuidV7()}`;
  const consumer = kafkaClient(client).consumer({
    groupId,
    maxWaitTimeInMs: 100,
    allowAutoTopicCreation: false,
  });
  try {
    const ends = (await Promise.all(topics.map((topic) => endsOf(admin, names, topic, since)))).flat();
    const open = new Map(
      ends.filter((end) => end.from < end.to).map((end) => [`${end.topic}/${end.partition}`, end]),
    );
    if (open.size === 0) return;
    await consumer.connect();
    await consumer.subscribe({
      topics: [...new Set([...open.values()].map((end) => names.atBroker(end.topic)))],
      fromBeginning: true,
    });
    await new Promise<void>((resolve, reject) => {
      consumer.on(consumer.events.CRASH, ({ payload }) => void (payload.restart || reject(payload.error)));
      const run = consumer.run({
        autoCommit: false,
        eachBatch: async ({ batch }) => {
          const topic = names.fromBroker(batch.topic);
          const end = open.get(`${topic}/${batch.partition}`);
          for (const message of batch.messages)
            if (end && BigInt(message.offset) >= end.from && BigInt(message.offset) < end.to)
              onRecord(topic, batch.partition, message);
          if (end && BigInt(batch.lastOffset()) + 1n >= end.to) open.delete(`${topic}/${batch.partition}`);
          if (open.size === 0) resolve();
        },
      });
      run.then(() => {
        for (const { topic, partition, from } of open.values())
          consumer.seek({ topic: names.atBroker(topic), partition, offset: String(from) });
      }, reject);
    });
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

async function endsOf(
  admin: Admin,
  names: TopicNames,
  topic: string,
  since: Date | undefined,
): Promise<End[]> {
  const ends = await admin.fetchTopicOffsets(names.atBroker(topic));
  const starts = since
    ? await admin.fetchTopicOffsetsByTimestamp(names.atBroker(topic), since.getTime())
    : ends.map(({ partition, low }) => ({ partition, offset: low }));
  return ends.map(({ partition, high }) => ({
    topic,
    partition,
    from: BigInt(starts.find((start) => start.partition === partition)?.offset ?? 0),
    to: BigInt(high),
  }));
}
