/** Every metric and span attribute in one place: the conventions for messaging are still being developed. */
export const METRIC = {
  httpDuration: 'attest_http_request_seconds',
  outboxRows: 'attest_outbox_rows',
  outboxOldest: 'attest_outbox_oldest_seconds',
  relayed: 'attest_relay_events_total',
  relayDuration: 'attest_relay_send_seconds',
  consumed: 'attest_consumer_events_total',
  consumerDuration: 'attest_consumer_chunk_seconds',
  consumerLag: 'attest_consumer_lag_events',
  deadLetters: 'attest_dead_letters_total',
  parkedKeys: 'attest_parked_keys',
  firings: 'attest_scheduler_firings_total',
  firingDuration: 'attest_scheduler_firing_seconds',
  poolConnections: 'attest_database_connections',
} as const;

export const ATTRIBUTE = {
  messagingSystem: 'messaging.system',
  destination: 'messaging.destination.name',
  operationName: 'messaging.operation.name',
  operationType: 'messaging.operation.type',
  batchCount: 'messaging.batch.message_count',
  partition: 'messaging.destination.partition.id',
  consumerGroup: 'messaging.consumer.group.name',
} as const;

/** A batch's span links to at most so many of the spans that caused it. */
export const MAX_SPAN_LINKS = 128;
