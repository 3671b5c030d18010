import { Kafka, logLevel, type LogEntry } from 'kafkajs';
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

export function logEntry(logger: MessagingLogger, { namespace, level, log }: LogEntry): void {
  const facts = {
    kafka: namespace,
    error: (log as { error?: unknown })['error'],
    groupId: log['groupId'] as unknown,
  };
  if (level <= logLevel.ERROR) logger.warn(facts, `kafka client: ${log.message}`);
  else logger.debug(facts, `kafka client: ${log.message}`);
}
