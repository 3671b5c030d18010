export * from './ports.js';
export * from './wire/received-event.js';
export { Consumes, ConsumesAtMost, ConsumesAtOnce } from './reading/consumes.js';
export * from './listeners.js';
export { Outbox } from './outbox/outbox.js';
export * from './barriers/barriers.js';
export { blockedKeys, EVERY_KEY, type BlockedKey } from './dead-letters/blocked-keys.js';
export * from './reading/consumption-control.js';
export { DeadLetters } from './replay/replay.js';
export type { ReplayRequest, ReplayResult, ReplayFailure } from './replay/replay-request.js';
export type { DeadLetter, DeadLetterPage } from './dead-letters/dead-letter-store.js';
export { rewindFence, type Rewind } from './reading/fence.js';
export { ensureTopics, type EnsureTopicsOptions } from './kafka/topics.js';
export * from './failpoint.js';
export * from './messaging.errors.js';
export { messagingMigrations } from './migrations/index.js';
export { TopicNames, dlqTopic, partitionsOf } from './wire/topic-names.js';
export { shardOf, partitionOf, shardsOf } from './wire/shards.js';
export * from './messaging.js';
export { CONSUMED_TOPICS, type ConsumedTopics } from './reading/batch-server-options.js';
export { KafkaBatchServer } from './reading/batch-server.js';
export { Relay } from './outbox/relay.js';
export { RelayPace } from './outbox/relay-pace.js';
export {
  restoreProducer,
  RelayStillRunningError,
  type RestoreOptions,
  type RestoreResult,
} from './restore/restore.js';
export { requestReplay } from './replay/request-replay.js';
