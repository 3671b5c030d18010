import { Kafka, logLevel, type KafkaConfig, type LogEntry } from 'kafkajs';
import type { MessagingLogger } from '../ports.js';

export interface KafkaClientOptions {
  readonly brokers: readonly string[];
  readonly clientId: string;
  readonly logger: MessagingLogger;
}

/** A kafkajs client that logs to our logger. Its errors are retried or thrown, so what it logs is at most a warning. */
export function kafkaClient({ brokers, clientId, logger }: KafkaClientOptions): Kafka {
  return new Kafka({
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 5_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 8 },
    logLevel: logLevel.WARN,
    logCreator: () => (entry: LogEntry) => logEntry(logger, entry),
  });
}

/** A client that logs nothing: for specs, tools and measurements, which look at the broker beside the product. */
export function quietKafka(options: KafkaConfig): Kafka {
  return new Kafka({ ...options, logLevel: logLevel.NOTHING });
}

export function logEntry(logger: MessagingLogger, { namespace, level, log }: LogEntry): void {
  const facts = {
    kafka: namespace,
    error: (log as { error?: unknown })['error'],
    groupId: log['groupId'] as unknown,
  };
  if (level <= logLevel.ERROR) logger.warn(facts, `kafka client: ${log.message}`);
  else logger.debug(facts, `kafka client: ${log.message}`);
}

/** Whether the client threw it, which treats its own errors best. */
export function isFromKafka(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('KafkaJS');
}
