/** What messaging needs of a logger; pino and the telemetry lib's logger fit. */
export interface MessagingLogger {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** What messaging needs of a metrics registry. Names are in METRICS. */
export interface MessagingMetrics {
  /** Adds to a counter. */
  count(name: MetricName, by: number, labels: Readonly<Record<string, string>>): void;
  /** Sets a gauge. */
  gauge(name: MetricName, value: number, labels: Readonly<Record<string, string>>): void;
  /** Takes a gauge's value back: there is nothing any more that it would be about. */
  forget(name: MetricName, labels: Readonly<Record<string, string>>): void;
}

export const METRICS = {
  outboxDepth: 'attest_outbox_depth',
  outboxOldestSeconds: 'attest_outbox_oldest_seconds',
  relayed: 'attest_outbox_relayed_total',
  resent: 'attest_outbox_resent_total',
  ownedShards: 'attest_outbox_owned_shards',
  stalledShards: 'attest_outbox_stalled_shards',
  consumed: 'attest_consumed_total',
  duplicates: 'attest_consumed_duplicates_total',
  lag: 'attest_consumer_lag',
  deadLettered: 'attest_dead_letters_total',
  parked: 'attest_parked_total',
  storms: 'attest_poison_storms_total',
  retried: 'attest_consumer_retries_total',
} as const;
export type MetricName = (typeof METRICS)[keyof typeof METRICS];

export const silentLogger: MessagingLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

export const noMetrics: MessagingMetrics = {
  count: () => undefined,
  gauge: () => undefined,
  forget: () => undefined,
};
