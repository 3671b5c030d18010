// deploy/kafka: the same rights as one list, as commands for Kafka's own tools, and as Strimzi resources.
import type { KafkaRights, Right, TopicToCreate } from './kafka-rights.js';

const MADE = 'Made by `npm run docs:generate` from contracts and services: change those, never this file.';

/** Texts by file name. */
export function kafkaFiles(rights: KafkaRights): Map<string, string> {
  return new Map([
    ['rights.json', JSON.stringify(rights)],
    ['topics.sh', topicsScript(rights)],
    ['acls.sh', aclsScript(rights)],
    ['strimzi-topics.yaml', documents(rights.topics.map(strimziTopic))],
    ['strimzi-users.yaml', documents(Object.entries(rights.users).map(strimziUser))],
  ]);
}

const script = (lines: readonly string[]): string =>
  [
    '#!/usr/bin/env bash',
    `# ${MADE}`,
    "# BOOTSTRAP=host:port CLIENT_CONFIG=an-administrator.properties, with the folder of Kafka's tools in PATH.",
    'set -euo pipefail',
    ...lines,
    '',
  ].join('\n');

const AT_BROKER = '--bootstrap-server "$BOOTSTRAP" --command-config "$CLIENT_CONFIG"';

function topicsScript({ topics }: KafkaRights): string {
  return script([
    `topic() { kafka-topics.sh ${AT_BROKER} --create --if-not-exists --topic "$@"; }`,
    ...topics.map(
      ({ name, partitions, replicas, config }) =>
        `topic ${name} --partitions ${partitions} --replication-factor ${replicas} ${Object.entries(config)
          .map(([key, value]) => `--config ${key}=${value}`)
          .join(' ')}`,
    ),
  ]);
}

function aclsScript({ users }: KafkaRights): string {
  return script([
    `allow() { kafka-acls.sh ${AT_BROKER} --add --allow-principal "User:$1" "\${@:2}"; }`,
    ...Object.entries(users).flatMap(([user, rights]) =>
      rights.map(
        ({ resource, name, pattern, operations }) =>
          `allow ${user} ${operations.map((operation) => `--operation ${operation}`).join(' ')} --${resource} ${name}${pattern === 'prefixed' ? ' --resource-pattern-type prefixed' : ''}`,
      ),
    ),
  ]);
}

/** YAML, in which prettier reads and sets JSON too. */
const documents = (resources: readonly string[]): string =>
  `# ${MADE}\n${resources.map((resource) => `---\n${resource}`).join('')}`;

function strimziTopic({ name, partitions, replicas, config }: TopicToCreate): string {
  return [
    ...head('KafkaTopic', name),
    'spec:',
    `  partitions: ${partitions}`,
    `  replicas: ${replicas}`,
    '  config:',
    ...Object.entries(config).map(
      ([key, value]) => `    ${key}: ${/^(\d+|true|false)$/.test(value) ? value : JSON.stringify(value)}`,
    ),
    '',
  ].join('\n');
}

function strimziUser([user, rights]: readonly [string, readonly Right[]]): string {
  return [
    ...head('KafkaUser', user),
    'spec:',
    '  # Or `tls`, for a certificate.',
    '  authentication:',
    '    type: scram-sha-512',
    '  authorization:',
    '    type: simple',
    '    acls:',
    ...rights.flatMap(({ resource, name, pattern, operations }) => [
      `      - resource: { type: ${resource}, name: ${name}, patternType: ${pattern === 'prefixed' ? 'prefix' : pattern} }`,
      `        operations: [${operations.join(', ')}]`,
    ]),
    '',
  ].join('\n');
}

const head = (kind: string, name: string): string[] => [
  'apiVersion: kafka.strimzi.io/v1',
  `kind: ${kind}`,
  'metadata:',
  `  name: ${name}`,
  '  labels:',
  '    # The name of your Kafka resource.',
  '    strimzi.io/cluster: attest',
];
