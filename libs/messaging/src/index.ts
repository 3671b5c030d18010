export * from './ports.js';
export * from './wire/received-event.js';
export { Consumes, ConsumesAtMost, ConsumesAtOnce, topicsConsumedBy } from './reading/consumes.js';
export * from './listeners.js';
export { Outbox } from './outbox/outbox.js';
export * from './barriers/barriers.js';
export { blockedKeys, EVERY_KEY } from './dead-letters/blocked-keys.js';
export * from './reading/consumption-control.js';
export { DeadLetters } from './replay/replay.js';
export type { ReplayResult } from './replay/replay-request.js';
export { refuseLostStates, type LostState } from './dead-letters/lost-states.js';
export type { DeadLetter } from './dead-letters/dead-letter-store.js';
export { rewindFence } from './reading/rewind.js';
export { accessFaults, KAFKA_SECURITY, type KafkaAccess, type KafkaSecurity } from './kafka/access.js';
export { ensureTopics } from './kafka/topics.js';
export * from './failpoint.js';
export * from './messaging.errors.js';
export { messagingMigrations } from './migrations/index.js';
export { atOnceGroup, dlqTopic, partitionsOf, restoreGroups, TopicNames } from './wire/topic-names.js';
export { shardOf, partitionOf } from './wire/shards.js';
export * from './messaging.js';
export { CONSUMED_TOPICS, type ConsumedTopics } from './reading/batch-server-options.js';
export { RelayPace } from './outbox/relay-pace.js';
export { restoreProducer, type RestoreResult } from './restore/restore.js';
export * from './restore/forgotten.js';
export { versionAfter, versionsOf, type Versions } from './restore/versions.js';
export {
  pageOfRows,
  republishedBy,
  Republishes,
  type RepublishedPage,
  type Republishing,
  type RepublishSlice,
} from './republish/republishing.js';
export { Republisher } from './republish/republisher.js';
export { republishLater } from './republish/request-republish.js';
export type { RepublishRun } from './republish/republish-runs.js';
export { relearn } from './reading/relearn.js';
