import { readFileSync } from 'node:fs';
import { Kafka, logLevel, type Admin, type KafkaConfig, type LogEntry } from 'kafkajs';
import { AttestError } from '@attest/errors';
import { OncePerMinute } from '@attest/telemetry';
import { TopicsNotReadyError } from '../messaging.errors.js';
import type { MessagingLogger } from '../ports.js';
import { refusedAccess } from './access-refused.js';
import { passwordIn, type KafkaAccess } from './access.js';

export interface KafkaClientOptions {
  readonly brokers: readonly string[];
  /** Without it the client speaks plaintext. */
  readonly access?: KafkaAccess | undefined;
  readonly clientId: string;
  readonly logger: MessagingLogger;
}

/** A kafkajs client that logs to our logger. Its errors are retried or thrown, so what it logs is at most a warning. */
export function kafkaClient(options: KafkaClientOptions): Kafka {
  return new Kafka({
    ...kafkaConfig(options),
    requestTimeout: 5_000,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 8 },
    logLevel: logLevel.WARN,
  });
}

/** What every client of the product has, also the one that Nest makes: where, who, and how it logs. */
export function kafkaConfig({ brokers, access, clientId, logger }: KafkaClientOptions): KafkaConfig {
  return {
    brokers: [...brokers],
    clientId,
    connectionTimeout: 3_000,
    logCreator: () => (entry: LogEntry) => logEntry(logger, entry),
    ...(access && accessConfig(access)),
  };
}

/** An admin client that is connected. @throws KafkaAccessRefusedError where the two do not trust each other */
export async function connectedAdmin(options: KafkaClientOptions): Promise<Admin> {
  const admin = kafkaClient(options).admin();
  try {
    await admin.connect();
    return admin;
  } catch (error) {
    await admin.disconnect().catch(() => undefined);
    throw refusedAccess(error, options.access) ?? error;
  }
}

/** A client that logs nothing: for specs, tools and measurements, which look at the broker beside the product. */
export function quietKafka({
  access,
  ...options
}: KafkaConfig & { readonly access?: KafkaAccess | undefined }): Kafka {
  return new Kafka({ ...options, ...(access && accessConfig(access)), logLevel: logLevel.NOTHING });
}

/**
 * kafkajs looks into both objects whenever it opens a connection, and each look reads the file: a certificate or a
 * password that was renewed needs no restart. A file that went away fails that connection, by its name.
 */
function accessConfig(access: KafkaAccess): Pick<KafkaConfig, 'ssl' | 'sasl'> {
  const { caFile, certFile, keyFile, username, passwordFile } = access;
  return {
    ssl: {
      get ca() {
        return read(caFile);
      },
      get cert() {
        return read(certFile);
      },
      get key() {
        return read(keyFile);
      },
    },
    ...(username !== undefined && {
      sasl: {
        mechanism: 'scram-sha-512',
        username,
        get password() {
          return passwordIn(read(passwordFile) ?? '');
        },
      },
    }),
  };
}

const read = (file: string | undefined): string | undefined =>
  file === undefined ? undefined : readFileSync(file, 'utf8');

/** By logger, not by client: a broker that is away is tried by one new client after the other. */
const told = new WeakMap<MessagingLogger, OncePerMinute>();

function logEntry(logger: MessagingLogger, { namespace, level, log }: LogEntry): void {
  const facts = {
    kafka: namespace,
    error: (log as { error?: unknown })['error'],
    groupId: log['groupId'] as unknown,
  };
  const message = `kafka client: ${log.message}`;
  const untold = level <= logLevel.ERROR ? toldBy(logger).tell(namespace) : undefined;
  if (untold === undefined) logger.debug(facts, message);
  else logger.warn({ ...facts, failures: untold + 1 }, message);
}

function toldBy(logger: MessagingLogger): OncePerMinute {
  const known = told.get(logger) ?? new OncePerMinute();
  told.set(logger, known);
  return known;
}

/** Whether no broker answers, or none that is ready: one may the next time. Refused access is none of this. */
export function isBrokerAway(error: unknown): boolean {
  if (error instanceof AttestError) return error instanceof TopicsNotReadyError;
  for (let at = error; at instanceof Error; at = at.cause)
    if (isFromKafka(at) && 'retriable' in at && at.retriable === true) return true;
  return false;
}

/** Whether the client threw it, which treats its own errors best. */
export function isFromKafka(error: unknown): boolean {
  return error instanceof Error && error.name.startsWith('KafkaJS');
}
