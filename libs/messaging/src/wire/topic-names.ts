import { TOPICS, type TopicName } from '@attest/contracts';

/**
 * A topic's name at the broker. A prefix keeps specs that share one broker apart; databases, contracts and logs always
 * say the name without it.
 */
export class TopicNames {
  constructor(readonly prefix: string = '') {}

  atBroker(topic: string): string {
    return this.prefix + topic;
  }

  fromBroker(name: string): string {
    return name.startsWith(this.prefix) ? name.slice(this.prefix.length) : name;
  }

  group(consumer: string): string {
    return this.prefix + consumer;
  }
}

/** What reads at once what must not wait. */
export const atOnceGroup = (group: string): string => `${group}.at-once`;

/** How the groups begin with which a restore reads back what its service wrote. */
export const restoreGroups = (group: string): string => `${group}.restore-`;

export function dlqTopic(topic: string, consumer: string): string {
  return `${topic}.${consumer}.dlq`;
}

export function isDlq(topic: string): boolean {
  return topic.endsWith('.dlq');
}

/** How many partitions a topic was declared with; a dead-letter topic has one. */
export function partitionsOf(topic: string): number {
  return (
    (TOPICS as Readonly<Record<string, { readonly partitions: number } | undefined>>)[topic]?.partitions ?? 1
  );
}

export function isDeclared(topic: string): topic is TopicName {
  return Object.hasOwn(TOPICS, topic);
}
