import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.js';
import { run, startChild, type Child } from './processes.js';
import type { KafkaJava } from './kafka-jars.js';
import type { LocalTls } from './kafka-tls.js';

/** One Kafka process as it is laid out: number, ports, memory. */
export interface KafkaNode {
  readonly id: number;
  readonly roles: 'both' | 'broker' | 'controller';
  /** Where clients connect; over TLS, those with a password. */
  readonly port: number | undefined;
  /** Over TLS: where clients with a certificate connect, and other brokers. */
  readonly mutualPort?: number | undefined;
  readonly controllerPort: number | undefined;
  readonly folder: string;
}

/**
 * One node that is everything, or three brokers and a controller beside them, on neighbouring ports. Brokers come first.
 */
export function layOut({
  nodes,
  folder,
  firstPort,
  tls = false,
}: {
  nodes: 1 | 3;
  folder: string;
  firstPort: number;
  tls?: boolean;
}): KafkaNode[] {
  const at = (id: number) => join(folder, `node-${id}`);
  if (nodes === 1) {
    const mutualPort = tls ? firstPort + 2 : undefined;
    return [
      { id: 1, roles: 'both', port: firstPort, mutualPort, controllerPort: firstPort + 1, folder: at(1) },
    ];
  }
  const brokers: KafkaNode[] = [1, 2, 3].map((id) => ({
    id,
    roles: 'broker',
    port: firstPort + id,
    mutualPort: tls ? firstPort + 3 + id : undefined,
    controllerPort: undefined,
    folder: at(id),
  }));
  return [
    ...brokers,
    { id: 4, roles: 'controller', port: undefined, controllerPort: firstPort, folder: at(4) },
  ];
}

/** How many neighbouring ports a layout takes. */
export const portsOf = (nodes: 1 | 3, tls: boolean): number => (nodes === 1 ? 2 : 4) + (tls ? nodes : 0);

/** The text of its server.properties. */
export function propertiesOf(node: KafkaNode, all: readonly KafkaNode[], tls?: LocalTls): string {
  const controller = all.find((other) => other.controllerPort);
  const brokers = all.filter((other) => other.port).length;
  const replicas = Math.min(brokers, 3);
  const inSync = Math.max(1, replicas - 1);
  const forClients = [
    ...(node.port ? [`${tls ? 'SCRAM' : 'PLAINTEXT'}://127.0.0.1:${node.port}`] : []),
    ...(node.mutualPort ? [`MUTUAL://127.0.0.1:${node.mutualPort}`] : []),
  ];
  const listeners = [
    ...forClients,
    ...(node.controllerPort ? [`CONTROLLER://127.0.0.1:${node.controllerPort}`] : []),
  ];
  return Object.entries({
    'process.roles': node.roles === 'both' ? 'broker,controller' : node.roles,
    'node.id': node.id,
    'controller.quorum.voters': `${controller?.id}@127.0.0.1:${controller?.controllerPort}`,
    listeners: listeners.join(','),
    ...(node.port && { 'advertised.listeners': forClients.join(',') }),
    'listener.security.protocol.map': tls
      ? 'SCRAM:SASL_SSL,MUTUAL:SSL,CONTROLLER:SSL'
      : 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'controller.listener.names': 'CONTROLLER',
    ...(node.port && { 'inter.broker.listener.name': tls ? 'MUTUAL' : 'PLAINTEXT' }),
    ...tls?.properties,
    'log.dirs': join(node.folder, 'data'),
    'num.network.threads': 2,
    'num.io.threads': 2,
    'default.replication.factor': replicas,
    'min.insync.replicas': inSync,
    'unclean.leader.election.enable': false,
    'offsets.topic.replication.factor': replicas,
    'offsets.topic.num.partitions': 4,
    'transaction.state.log.replication.factor': replicas,
    'transaction.state.log.min.isr': inSync,
    'transaction.state.log.num.partitions': 4,
    'share.coordinator.state.topic.replication.factor': replicas,
    'share.coordinator.state.topic.min.isr': inSync,
    'group.initial.rebalance.delay.ms': 0,
    // Specs that kill processes need not wait six seconds until each is missed.
    'group.min.session.timeout.ms': 1000,
    // Topics come from the one declaration in contracts; a misspelt name must fail.
    'auto.create.topics.enable': false,
    'log.cleaner.dedupe.buffer.size': 4 * 1024 * 1024,
    'log.segment.bytes': 128 * 1024 * 1024,
    'log.index.size.max.bytes': 1024 * 1024,
    // A broker killed and started again is let back in after its old session ends: 3 s instead of 12.
    'broker.session.timeout.ms': brokers === 1 ? 1500 : 3000,
    'broker.heartbeat.interval.ms': brokers === 1 ? 300 : 500,
  })
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

/** Prepares a node's folder: its settings always, its empty store only once. */
export async function prepareNode(
  kafka: KafkaJava,
  node: KafkaNode,
  all: readonly KafkaNode[],
  clusterId: string,
  tls?: LocalTls,
): Promise<void> {
  mkdirSync(node.folder, { recursive: true });
  const file = join(node.folder, 'server.properties');
  writeFileSync(file, propertiesOf(node, all, tls));
  if (existsSync(join(node.folder, 'data', 'meta.properties'))) return;
  const format = ['kafka.tools.StorageTool', 'format', '-t', clusterId, '-c', file, '--ignore-formatted'];
  format.push(...(tls?.users ?? []));
  const quick = ['-Xmx128m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1'];
  const { code, output } = await run(kafka.java, [...quick, '-cp', kafka.classPath, ...format]);
  if (code !== 0) {
    throw new CannotStart(`Kafka could not prepare ${node.folder}: ${output.trim().split('\n').at(-1)}`);
  }
}

export function startNode(
  kafka: KafkaJava,
  node: KafkaNode,
  { outlivesUs, makeArchive }: { outlivesUs?: boolean; makeArchive?: boolean } = {},
): Promise<Child> {
  // An archive that is missing or does not fit is ignored; start-up then takes a second longer.
  const archive = makeArchive
    ? `-XX:ArchiveClassesAtExit=${kafka.archive}`
    : `-XX:SharedArchiveFile=${kafka.archive}`;
  return startChild({
    name: `Kafka ${node.roles === 'controller' ? 'controller' : 'broker'} ${node.id}`,
    command: kafka.java,
    args: [
      ...[
        '-Xms64m',
        `-Xmx${node.roles === 'controller' ? 128 : 384}m`,
        '-XX:+UseSerialGC',
        '-XX:TieredStopAtLevel=1',
      ],
      ...[archive, '-Xshare:auto', '-Xlog:disable', '-Xlog:all=error:stderr'],
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.showDateTime=true',
      ...['-cp', kafka.classPath, 'kafka.Kafka', join(node.folder, 'server.properties')],
    ],
    logFile: join(node.folder, 'kafka.log'),
    cwd: node.folder,
    outlivesUs,
  });
}
