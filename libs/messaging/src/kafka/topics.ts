import { setTimeout as pause } from 'node:timers/promises';
import type { Admin } from 'kafkajs';
import { TOPICS } from '@attest/contracts';
import { PartitionCountError, TopicsMissingError, TopicsNotReadyError } from '../messaging.errors.js';
import type { MessagingLogger } from '../ports.js';
import { partitionsOf, type TopicNames } from '../wire/topic-names.js';
import type { KafkaAccess } from './access.js';
import { connectedAdmin } from './kafka-client.js';
import { topicConfig } from './topic-config.js';

const READY_POLL_MS = 30;
const READY_LIMIT_MS = 30_000;

export interface EnsureTopicsOptions {
  readonly brokers: readonly string[];
  readonly access?: KafkaAccess | undefined;
  readonly names: TopicNames;
  readonly logger: MessagingLogger;
  /** Topics to create, by their declared names; all of TOPICS unless told. */
  readonly topics?: readonly string[];
}

/**
 * Creates what is missing of the declared topics and waits until each partition has a leader. Topics that exist are
 * left as they are: changing their configuration is an operator's act. With three brokers or more each record lies on
 * three and must be stored by two.
 * @throws PartitionCountError when a topic has another number of partitions than its contract says
 */
export async function ensureTopics(options: EnsureTopicsOptions): Promise<void> {
  const admin = await connectedAdmin({ ...options, clientId: 'attest-topics' });
  try {
    const topics = options.topics ?? Object.keys(TOPICS);
    await createMissing(admin, options.names, topics);
    await refuseOtherPartitionCounts(admin, options.names, topics);
  } finally {
    await admin.disconnect();
  }
}

async function createMissing(admin: Admin, names: TopicNames, topics: readonly string[]): Promise<void> {
  const existing = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !existing.has(names.atBroker(topic)));
  if (missing.length === 0) return;
  const replicas = Math.min(3, (await admin.describeCluster()).brokers.length);
  try {
    await admin.createTopics({
      // kafkajs waits for leaders in a way that can throw although the topic exists; we look ourselves below.
      waitForLeaders: false,
      topics: missing.map((topic) => ({
        topic: names.atBroker(topic),
        numPartitions: partitionsOf(topic),
        replicationFactor: replicas,
        configEntries: topicConfig(topic, replicas),
      })),
    });
  } catch (error) {
    refuseForbidden(error);
    // Another replica was faster with one of them; whether all are there is asked below.
    if (!/already exists|TOPIC_ALREADY_EXISTS|errored/i.test(String(error))) throw error;
  }
  await untilReady(
    admin,
    missing.map((topic) => names.atBroker(topic)),
  );
}

/** A shard's partition is computed from the declared number, so with another the records of a key would change places. */
async function refuseOtherPartitionCounts(
  admin: Admin,
  names: TopicNames,
  topics: readonly string[],
): Promise<void> {
  const found = await admin.fetchTopicMetadata({ topics: topics.map((topic) => names.atBroker(topic)) });
  const others = found.topics
    .map(({ name, partitions }) => {
      const topic = names.fromBroker(name);
      return { topic, has: partitions.length, declared: partitionsOf(topic) };
    })
    .filter(({ has, declared }) => has !== declared);
  if (others.length > 0) throw new PartitionCountError(others);
}

async function untilReady(admin: Admin, topics: string[]): Promise<void> {
  const deadline = Date.now() + READY_LIMIT_MS;
  for (;;) {
    const metadata = await admin.fetchTopicMetadata({ topics }).catch(() => undefined);
    const ready =
      metadata?.topics.length === topics.length &&
      metadata.topics.every((t) => t.partitions.length > 0 && t.partitions.every((p) => p.leader >= 0));
    if (ready) return;
    if (Date.now() > deadline) throw new TopicsNotReadyError(topics, READY_LIMIT_MS / 1_000);
    await pause(READY_POLL_MS);
  }
}

/** Who may create topics is the platform's choice; a service only needs them to be there. */
function refuseForbidden(error: unknown): void {
  const faults = (error as { errors?: readonly { type?: string; topic?: string }[] }).errors ?? [];
  const forbidden = faults.flatMap(({ type, topic }) =>
    type?.endsWith('_AUTHORIZATION_FAILED') && topic ? [topic] : [],
  );
  if (forbidden.length > 0) throw new TopicsMissingError(forbidden);
}
