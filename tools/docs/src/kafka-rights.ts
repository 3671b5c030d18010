// Which topics there are and who may do what with them, from the contracts and from what the built services read.
import { BARRIER_ROUTES, SERVICES, TOPICS, type BarrierRoute, type ServiceName } from '@attest/contracts';
import { atOnceGroup, dlqTopic, partitionsOf, restoreGroups } from '@attest/messaging';
import { topicConfig } from '@attest/messaging/kafka';

export type Operation = 'Describe' | 'Read' | 'Write' | 'Delete';

/** A topic as the platform creates it. */
export interface TopicToCreate {
  readonly name: string;
  readonly partitions: number;
  readonly replicas: number;
  readonly config: Readonly<Record<string, string>>;
}

/** One line of what a user may do. */
export interface Right {
  readonly resource: 'topic' | 'group';
  readonly name: string;
  /** Prefixed: whatever begins so. */
  readonly pattern: 'literal' | 'prefixed';
  readonly operations: readonly Operation[];
}

export interface KafkaRights {
  readonly topics: readonly TopicToCreate[];
  /** By user; each service has one of its own name. */
  readonly users: Readonly<Record<string, readonly Right[]>>;
}

/** What is stored by two must lie on three. */
const REPLICAS = 3;
const ALL: readonly (keyof typeof TOPICS)[] = Object.values(TOPICS).map(({ name }) => name);

/** @param consumed the topics for which each service has handlers */
export function kafkaRights(consumed: ReadonlyMap<ServiceName, readonly string[]>): KafkaRights {
  const readBy = new Map(
    SERVICES.map((service) => {
      const topics = new Set([...(consumed.get(service) ?? []), ...topicsOfRoutes(service)]);
      return [service, ALL.filter((topic) => topics.has(topic))];
    }),
  );
  const deadLetters = SERVICES.flatMap((service) =>
    readBy.get(service)!.map((topic) => dlqTopic(topic, service)),
  );
  return {
    topics: [...ALL, ...deadLetters].map(toCreate),
    users: Object.fromEntries(SERVICES.map((service) => [service, rightsOf(service, readBy.get(service)!)])),
  };
}

function rightsOf(service: ServiceName, read: readonly string[]): Right[] {
  const topics = ALL.map((topic): Right => {
    const writes = writesTopic(service, topic);
    return literal('topic', topic, [
      // What exists, with how many partitions, is no secret; what is in it is.
      'Describe',
      ...(writes || read.includes(topic) || looksThrough(topic) ? (['Read'] as const) : []),
      ...(writes ? (['Write'] as const) : []),
    ]);
  });
  return [
    ...topics,
    ...read.map((topic) => literal('topic', dlqTopic(topic, service), ['Describe', 'Write'])),
    literal('group', service, ['Read']),
    literal('group', atOnceGroup(service), ['Read']),
    {
      resource: 'group',
      name: restoreGroups(service),
      pattern: 'prefixed',
      operations: ['Read', 'Delete'],
    },
  ];
}

const literal = (resource: Right['resource'], name: string, operations: readonly Operation[]): Right => ({
  resource,
  name,
  pattern: 'literal',
  operations,
});

/** A restore looks for what its service wrote: in its own topics, and in what many may write. */
const looksThrough = (topic: keyof typeof TOPICS): boolean => TOPICS[topic].writer === 'any';

/** `barriers` is written by whoever has a part in a route, also by who asks for one. */
function writesTopic(service: ServiceName, topic: keyof typeof TOPICS): boolean {
  const { writer } = TOPICS[topic];
  return writer === 'any' ? topicsOfRoutes(service).length > 0 : writer === service;
}

/** What a service reads for barriers, whether or not it has handlers for it. */
function topicsOfRoutes(service: ServiceName): readonly string[] {
  const routes: readonly BarrierRoute[] = Object.values(BARRIER_ROUTES);
  const nodes = routes.flatMap(({ nodes }) => nodes[service] ?? []);
  return nodes.length === 0 ? [] : ['barriers', ...nodes.flatMap(({ after }) => after)];
}

const toCreate = (name: string): TopicToCreate => ({
  name,
  partitions: partitionsOf(name),
  replicas: REPLICAS,
  config: Object.fromEntries(topicConfig(name, REPLICAS).map((entry) => [entry.name, entry.value])),
});
