import { quietKafka, type Kafka, type Producer } from '../src/kafka/index.js';
import {
  AppliesCounted,
  BROKERS,
  specDatabase,
  specService,
  type SpecDatabase,
  type SpecService,
} from './harness.js';

/** extraction-intake sends, aggregation applies; the producer writes what no service of ours would. */
export interface SpecRoute {
  readonly kafka: Kafka;
  readonly producer: Producer;
  readonly sender: SpecDatabase;
  readonly receiver: SpecDatabase;
  readonly intake: SpecService;
  readonly aggregation: SpecService;
  close(): Promise<void>;
}

/** @param listeners of aggregation */
export async function specRoute(topicPrefix: string, listeners: object[]): Promise<SpecRoute> {
  const kafka = quietKafka({ brokers: BROKERS });
  const producer = kafka.producer({ idempotent: false });
  const [sender, receiver] = await Promise.all([specDatabase(), specDatabase()]);
  const intake = await specService({ service: 'extraction-intake', database: sender.database, topicPrefix });
  const aggregation = await specService(
    { service: 'aggregation', database: receiver.database, topicPrefix },
    { controllers: [AppliesCounted], listeners },
  );
  await producer.connect();
  const close = async (): Promise<void> => {
    await producer.disconnect();
    await intake.close();
    await aggregation.close();
    await sender.drop();
    await receiver.drop();
  };
  return { kafka, producer, sender, receiver, intake, aggregation, close };
}
