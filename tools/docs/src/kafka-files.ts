// deploy/kafka: the same rights as one list, as commands for Kafka's own tools, and as Strimzi resources.
import type { KafkaRights, Right, TopicToCreate } from './kafka-rights.js';

const MADE = 'Made by `npm run docs:generate` from contracts and services: change those, never this file.';
const LINE = 110;

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
    `: "\${BOOTSTRAP:?is not set: host:port of a broker}" "\${CLIENT_CONFIG:?is not set: the properties of an administrator}"`,
    '',
    ...lines,
    '',
  ].join('\n');

const AT_BROKER = '--bootstrap-server "$BOOTSTRAP" --command-config "$CLIENT_CONFIG"';

function topicsScript({ topics }: KafkaRights): string {
  const alike = groupBy(topics, ({ partitions, replicas, config }) => {
    const settings = Object.entries(config).map(([key, value]) => `${key}=${value}`);
    return `create ${partitions} ${replicas} '${settings.join(' ')}'`;
  });
  return script([
    '# PARTITIONS REPLICAS SETTINGS TOPIC…',
    'create() {',
    '  local settings=() setting topic',
    '  for setting in $3; do settings+=(--config "$setting"); done',
    '  for topic in "${@:4}"; do',
    `    kafka-topics.sh ${AT_BROKER} --create --if-not-exists \\`,
    '      --topic "$topic" --partitions "$1" --replication-factor "$2" "${settings[@]}"',
    '  done',
    '}',
    ...commands(alike),
  ]);
}

function aclsScript({ users }: KafkaRights): string {
  return script([
    '# USER RESOURCE PATTERN OPERATIONS NAME…: together what takes the same operations, because every call takes seconds.',
    'grant() {',
    '  local operations=() names=() operation name',
    '  for operation in $4; do operations+=(--operation "$operation"); done',
    '  for name in "${@:5}"; do names+=("--$2" "$name"); done',
    `  kafka-acls.sh ${AT_BROKER} --add \\`,
    '    --allow-principal "User:$1" --resource-pattern-type "$3" "${operations[@]}" "${names[@]}"',
    '}',
    ...Object.entries(users).flatMap(([user, rights]) => [
      '',
      ...commands(
        groupBy(
          rights,
          ({ resource, pattern, operations }) =>
            `grant ${user} ${resource} ${pattern} '${operations.join(' ')}'`,
        ),
      ),
    ]),
  ]);
}

/** Names by the command that takes them. */
function groupBy<Named extends { readonly name: string }>(
  all: readonly Named[],
  commandOf: (one: Named) => string,
): Map<string, string[]> {
  const groups = new Map<string, string[]>();
  for (const one of all) {
    const command = commandOf(one);
    groups.set(command, [...(groups.get(command) ?? []), one.name]);
  }
  return groups;
}

/** Each on a line, or with a line for each name where that would be long. */
const commands = (groups: ReadonlyMap<string, readonly string[]>): string[] =>
  [...groups].map(([command, names]) => {
    const line = [command, ...names].join(' ');
    return line.length <= LINE ? line : [command, ...names].join(' \\\n  ');
  });

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
