import { OUTBOX_SHARDS, type BarrierRoute, type ServiceName, type TopicName } from '@attest/contracts';
import type { BarrierFailure, BarrierLack } from '../listeners.js';
import { shardsOf } from '../wire/shards.js';
import { partitionsOf } from '../wire/topic-names.js';

/** Which control records a service has not seen, as one entry per topic and partition. */
export function lackedBy(
  service: string,
  after: readonly TopicName[],
  seen: ReadonlySet<string>,
): BarrierLack[] {
  const lacks: BarrierLack[] = [];
  for (const topic of after) {
    const partitions = partitionsOf(topic);
    for (let partition = 0; partition < partitions; partition++) {
      const shards = shardsOf(partition, partitions).filter((shard) => !seen.has(`${topic}/${shard}`));
      if (shards.length > 0) lacks.push({ service, topic, partition, shards });
    }
  }
  return lacks;
}

/** What a service that says nothing owes: its records on the topics that it writes. */
function owedBy(service: string, writes: readonly TopicName[]): BarrierLack[] {
  return lackedBy(service, writes, new Set());
}

export interface RouteProgress {
  /** Services that said that they passed. */
  readonly passed: ReadonlySet<string>;
  /** What live services said that they lacked when the time was over. */
  readonly reports: ReadonlyMap<string, readonly BarrierLack[]>;
}

/**
 * Who is to blame: the services that did not pass although all before them did. One that reported is named with what
 * it lacked; one that said nothing, with what it owed. Those behind them only waited.
 */
export function failureOf(route: BarrierRoute, { passed, reports }: RouteProgress): BarrierFailure {
  const writers = new Map<TopicName, ServiceName>();
  const nodes = Object.entries(route.nodes) as [
    ServiceName,
    NonNullable<BarrierRoute['nodes'][ServiceName]>,
  ][];
  for (const [service, node] of nodes) for (const topic of node.writes) writers.set(topic, service);
  const blamed = nodes.filter(
    ([service, node]) =>
      !passed.has(service) && node.after.every((topic) => passed.has(writers.get(topic) ?? service)),
  );
  const lacking: BarrierLack[] = [];
  const words: string[] = [];
  for (const [service, node] of blamed) {
    const report = reports.get(service);
    if (report && report.length > 0) {
      lacking.push(...report);
      words.push(`${service} has not received ${report.map(namesOf).join(', ')}`);
    } else {
      const owed = owedBy(service, node.writes);
      lacking.push(...(owed.length > 0 ? owed : lackedBy(service, node.after, new Set())));
      words.push(`${service} did not answer`);
    }
  }
  return { words: words.join('; ') || 'the last answer came too late', lacking };
}

function namesOf({ topic, partition, shards }: BarrierLack): string {
  const all = shards.length === OUTBOX_SHARDS / partitionsOf(topic);
  return `${topic}/${partition}${all ? '' : ` shards ${shards.join(' ')}`}`;
}
