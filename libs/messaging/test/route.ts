import type { Type as Class } from '@nestjs/common';
import type { MessagingOptions } from '../src/index.js';
import { quietKafka, type Kafka, type Producer } from '../src/kafka/index.js';
import {
  AppliesCounted,
  BROKERS,
  specDatabase,
  specPrefix,
  specService,
  type SpecDatabase,
  type SpecService,
} from './harness.js';

/** extraction-intake sends, aggregation applies. */
export interface SpecPair {
  readonly sender: SpecDatabase;
  readonly receiver: SpecDatabase;
  readonly intake: SpecService;
  readonly aggregation: SpecService;
  close(): Promise<void>;
}

export interface PairOptions {
  readonly topicPrefix?: string;
  readonly brokers?: readonly string[];
  /** Of aggregation, as the listeners are. */
  readonly controllers?: Class[];
  readonly listeners?: object[];
  /** What aggregation is told besides. */
  readonly reads?: Partial<MessagingOptions>;
}

export async function specPair({
  topicPrefix = specPrefix(),
  brokers = BROKERS,
  controllers = [AppliesCounted],
  listeners = [],
  reads = {},
}: PairOptions = {}): Promise<SpecPair> {
  const [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
  const intake = await specService({
    service: 'extraction-intake',
    database: sender.database,
    topicPrefix,
    brokers,
  });
  const aggregation = await specService(
    { service: 'aggregation', database: receiver.database, topicPrefix, brokers, ...reads },
    { controllers, listeners },
  );
  const close = async (): Promise<void> => {
    await Promise.all([intake.close(), aggregation.close()]);
    await Promise.all([sender.drop(), receiver.drop()]);
  };
  return { sender, receiver, intake, aggregation, close };
}

/** A pair, and a producer that writes what no service of ours would. */
export interface SpecRoute extends SpecPair {
  readonly kafka: Kafka;
  readonly producer: Producer;
}

/** @param listeners of aggregation */
export async function specRoute(topicPrefix: string, listeners: object[]): Promise<SpecRoute> {
  const kafka = quietKafka({ brokers: BROKERS });
  const producer = kafka.producer({ idempotent: false });
  const pair = await specPair({ topicPrefix, listeners });
  await producer.connect();
  const close = async (): Promise<void> => {
    await producer.disconnect();
    await pair.close();
  };
  return { ...pair, kafka, producer, close };
}
