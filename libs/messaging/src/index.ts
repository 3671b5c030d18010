export * from './ports.js';
export * from './received-event.js';
export { Consumes, ConsumesAtMost, ConsumesAtOnce } from './consumes.js';
export * from './listeners.js';
export { Outbox } from './outbox.js';
export * from './barriers.js';
export { blockedKeys, EVERY_KEY, type BlockedKey } from './blocked-keys.js';
export * from './consumption-control.js';
export { DeadLetters, type ReplayRequest, type ReplayResult, type ReplayFailure } from './replay.js';
export type { DeadLetter, DeadLetterPage } from './replay-store.js';
export { rewindFence, type Rewind } from './fence.js';
export { ensureTopics, type EnsureTopicsOptions } from './topics.js';
export * from './failpoint.js';
export * from './messaging.errors.js';
export { messagingMigrations } from './migrations/index.js';
export { TopicNames, dlqTopic, partitionsOf } from './topic-names.js';
export { shardOf, partitionOf, shardsOf } from './shards.js';
export * from './messaging.js';
export { CONSUMED_TOPICS, KafkaBatchServer, type ConsumedTopics } from './batch-server.js';
export { Relay } from './relay.js';
export { RelayPace } from './relay-pace.js';
export {
  restoreProducer,
  RelayStillRunningError,
  type RestoreOptions,
  type RestoreResult,
} from './restore.js';
export { requestReplay } from './request-replay.js';
