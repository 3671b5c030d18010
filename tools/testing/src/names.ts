import { randomBytes } from 'node:crypto';

/** Eight characters that no other run has. */
export function runToken(): string {
  return randomBytes(4).toString('hex');
}

/** A `TOPIC_PREFIX` of one's own, so that specs running side by side on one Kafka never read each other's topics. */
export function topicPrefix(subject: string): string {
  return `test-${subject.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 40)}-${runToken()}-`;
}
