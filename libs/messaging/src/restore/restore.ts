import { setTimeout as pause } from 'node:timers/promises';
import { BARRIER_RECORD_TYPE, TOPICS } from '@attest/contracts';
import { AttestError } from '@attest/errors';
import { plainArray, textArray, type Database, type Tx } from '@attest/persistence';
import type { KafkaAccess, KafkaMessage } from '../kafka/index.js';
import { countRelays } from '../outbox/shard-ownership.js';
import type { MessagingLogger } from '../ports.js';
import { HEADER } from '../wire/envelope.js';
import { headerText } from '../wire/log-record.js';
import type { TopicNames } from '../wire/topic-names.js';
import { forgottenByType, type ForgottenOfType } from './forgotten.js';
import { readFrom } from './own-records.js';
import { epochAfter, type Epoch } from './versions.js';

export interface RestoreOptions {
  readonly service: string;
  readonly database: Database;
  readonly brokers: readonly string[];
  /** How it makes itself known there; plaintext unless told. */
  readonly access?: KafkaAccess | undefined;
  readonly names: TopicNames;
  readonly logger: MessagingLogger;
  readonly who: string;
  readonly why: string;
}

export interface RestoreResult extends Epoch {
  /** Events in the service's own topics that its restored database knows nothing of; kept in `forgotten_event`. */
  readonly forgotten: number;
  /** What they are about. Others keep it until the same key is told again: somebody has to look. */
  readonly forgottenByType: readonly ForgottenOfType[];
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

interface Forgotten {
  readonly topic: string;
  readonly partition: number;
  readonly message: KafkaMessage;
}

/**
 * To be run once, with the service stopped, after its database was restored from a backup. Reads the service's own
 * topics past the last event that the database remembers, keeps what it has forgotten, and raises the producer's epoch
 * and with it the version that every later one stands above: readers keep the highest version, and what they know is
 * newer than what the database says. What the service itself had read comes again by itself: its fences were restored
 * with it.
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
    const { epoch, versionFloor } = await raiseEpoch(tx, who, why, read);
    const forgotten = await keepForgotten(tx, epoch, read, since);
    logger.info({ service, epoch, versionFloor, forgotten, read: read.length }, 'producer restored');
    return {
      epoch,
      versionFloor,
      forgotten,
      forgottenByType: await forgottenByType(tx, epoch),
      read: read.length,
    };
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

async function raiseEpoch(tx: Tx, who: string, why: string, read: readonly Forgotten[]): Promise<Epoch> {
  // The database remembers only its own: two restores at once would raise the same one, and one of them fails.
  const { rows } = await tx.query<{ epoch: number }>(
    `SELECT coalesce(max(epoch), 0) AS epoch FROM producer_epoch`,
  );
  const next = epochAfter(
    rows[0]!.epoch,
    read.map(({ message: { headers } }) => ({
      epoch: Number(headerText(headers, HEADER.producerEpoch) ?? 0),
      version: Number(headerText(headers, HEADER.aggregateVersion) ?? 0),
    })),
  );
  await tx.query(
    `INSERT INTO producer_epoch (epoch, version_floor, raised_by, reason) VALUES ($1, $2, $3, $4)`,
    [next.epoch, next.versionFloor, who, why],
  );
  return next;
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
