import { TOPICS } from '@attest/contracts';

const DAY_MS = 86_400_000;
/** Of one partition's records in one send. Kafka's own 1 MB would refuse, for good, a send of 16 events of 65 kB. */
const MOST_RECORD_BATCH_BYTES = 8 * 1024 * 1024;
const DLQ_RETENTION_DAYS = 90;

/** How a topic is configured at the broker, dead-letter topics too. With three replicas, two must store each record. */
export function topicConfig(topic: string, replicas: number): { name: string; value: string }[] {
  return [
    { name: 'retention.ms', value: String(retentionDays(topic) * DAY_MS) },
    { name: 'cleanup.policy', value: 'delete' },
    { name: 'max.message.bytes', value: String(MOST_RECORD_BATCH_BYTES) },
    { name: 'unclean.leader.election.enable', value: 'false' },
    ...(replicas === 3 ? [{ name: 'min.insync.replicas', value: '2' }] : []),
  ];
}

function retentionDays(topic: string): number {
  return (
    (TOPICS as Readonly<Record<string, { readonly retentionDays: number } | undefined>>)[topic]
      ?.retentionDays ?? DLQ_RETENTION_DAYS
  );
}
