import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Admin, RetryOptions } from '@attest/messaging/kafka';
import { CannotStart } from './cannot-start.js';
import { kafkaJava, type KafkaJava } from './kafka-jars.js';
import { KAFKA_OPERATOR, type KafkaDoor, type KafkaTlsWay } from './kafka-door.js';
import { layOut, portsOf, prepareNode, startNode } from './kafka-nodes.js';
import { openFolder, temporaryFolder } from './paths.js';
import { answers, freePort } from './ports.js';
import type { Child } from './processes.js';

export const KAFKA_PORT = 19092;
const READY_WITHIN_MS = 60_000;

/** A Kafka that runs. */
export interface Kafka {
  /** host:port. */
  readonly brokers: string[];
  /** Where and how this user comes in; `way` where it is not the one that was asked for at the start. */
  doorOf: (user: string, way?: KafkaTlsWay) => KafkaDoor;
  /** None when KAFKA_BROKERS named brokers that are not ours. */
  readonly pids: number[];
  stop: () => Promise<void>;
  /** Everything at once, for data that nobody needs any more. */
  kill: () => Promise<void>;
  /** kill -9 of the broker at `brokers[index]`. */
  killBroker: (index: number) => Promise<void>;
  /** Starts it again on the same data; resolves when it answers. */
  startBroker: (index: number) => Promise<void>;
}

/**
 * A running Kafka: the one that KAFKA_BROKERS names, else Apache Kafka on Java: one node, or three brokers with
 * replication 3 and min.insync.replicas 2 beside a controller.
 */
export async function startKafka({
  folder,
  nodes = 1,
  tls,
  port = KAFKA_PORT,
  given = process.env.KAFKA_BROKERS,
  outlivesUs,
  say,
}: {
  /** Holds data and logs. */
  folder: string;
  nodes?: 1 | 3;
  /** Only over TLS, with the rights of deploy/kafka; `brokers` are those of this way. */
  tls?: KafkaTlsWay | undefined;
  /** Where to begin looking for free ones. */
  port?: number;
  /** '' starts one of our own whatever KAFKA_BROKERS says. */
  given?: string;
  outlivesUs?: boolean;
  say?: (line: string) => void;
}): Promise<Kafka> {
  if (given && tls)
    throw new CannotStart(
      'KAFKA_BROKERS names brokers that are there: say with KAFKA_SECURITY how they are reached.',
    );
  if (given) return useGivenBrokers(given);
  openFolder(folder);
  const kafka = await kafkaJava(say);
  await makeClassArchive(kafka, say);

  const firstPort = await freePort(port, portsOf(nodes, tls !== undefined));
  const all = layOut({ nodes, folder, firstPort, tls: tls !== undefined });
  const clusterId = keptClusterId(folder, nodes, tls !== undefined);
  const overTls = tls && (await import('./kafka-tls.js'));
  const local = await overTls?.makeLocalTls(folder);
  await Promise.all(all.map((node) => prepareNode(kafka, node, all, clusterId, local)));

  const children = await Promise.all(all.map((node) => startNode(kafka, node, { outlivesUs })));
  const doorOf: Kafka['doorOf'] = (user, way = tls) => ({
    brokers: all.flatMap(({ port, mutualPort }) => {
      const at = way === 'mutual' ? mutualPort : port;
      return at ? [`127.0.0.1:${at}`] : [];
    }),
    access: way && local?.accessOf(user, way),
  });
  const operator = doorOf(KAFKA_OPERATOR);
  const { brokers } = operator;
  try {
    await untilReady(children, operator, brokers.length);
    await warmUpCoordinator(operator);
    if (operator.access) await overTls?.grantRights(brokers, operator.access);
  } catch (error) {
    await Promise.all(children.map((child) => child.kill()));
    throw error;
  }
  return {
    brokers,
    doorOf,
    get pids() {
      return children.map((child) => child.pid);
    },
    stop: async () => {
      // Brokers before their controller: they hand over to it while stopping.
      await Promise.all(children.slice(0, brokers.length).map((child) => child.stop()));
      await Promise.all(children.slice(brokers.length).map((child) => child.stop()));
    },
    kill: async () => void (await Promise.all(children.map((child) => child.kill()))),
    killBroker: async (index) => at(children, index).kill(),
    startBroker: async (index) => {
      const again = await startNode(kafka, at(all, index), { outlivesUs });
      children[index] = again;
      await untilReady([again], { ...operator, brokers: [String(brokers[index])] }, 1);
    },
  };

  /** That of the broker at `brokers[index]`. */
  function at<Part>(parts: readonly Part[], index: number): Part {
    const found = index < brokers.length ? parts[index] : undefined;
    if (!found) throw new RangeError(`there is no broker ${index}, only ${brokers.length}`);
    return found;
  }
}

async function useGivenBrokers(list: string): Promise<Kafka> {
  const brokers = list.split(',').map((broker) => broker.trim());
  const reachable = await Promise.all(
    brokers.map((broker) => {
      const [, host, port] = /^(.*):(\d+)$/.exec(broker) ?? [];
      return host ? answers(host, Number(port)) : false;
    }),
  );
  if (!reachable.some(Boolean)) {
    throw new CannotStart(
      `No broker of KAFKA_BROKERS answers: check its host:port list, or unset it to start a local Kafka.`,
    );
  }
  const notOurs = async () => {
    throw new CannotStart('KAFKA_BROKERS names brokers that this run did not start and must not kill.');
  };
  const leave = async () => undefined;
  const { givenAccess } = await import('./given-access.js');
  const access = givenAccess();
  return {
    brokers,
    doorOf: () => ({ brokers, access }),
    pids: [],
    stop: leave,
    kill: leave,
    killBroker: notOurs,
    startBroker: notOurs,
  };
}

/**
 * Java loads Kafka's classes from an archive in half the time. It is written when a broker ends, so one is started and
 * stopped for it, once per machine.
 */
async function makeClassArchive(kafka: KafkaJava, say: ((line: string) => void) | undefined): Promise<void> {
  if (existsSync(kafka.archive)) return;
  say?.('Kafka: preparing quicker starts, once for this machine');
  const folder = temporaryFolder();
  const making = `${kafka.archive}.${process.pid}`;
  try {
    const [node] = layOut({ nodes: 1, folder, firstPort: await freePort(KAFKA_PORT + 1000, 2) });
    if (!node) return;
    await prepareNode(kafka, node, [node], newClusterId());
    const child = await startNode({ ...kafka, archive: making }, node, { makeArchive: true });
    const door = { brokers: [`127.0.0.1:${node.port}`], access: undefined };
    await untilReady([child], door, 1);
    await warmUpCoordinator(door);
    await child.stop(30_000);
    renameSync(making, kafka.archive);
  } catch {
    // Only speed is lost; if Kafka cannot run here, the real start says why.
    say?.('Kafka: could not, so it starts a second slower');
  } finally {
    rmSync(making, { force: true });
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The id that a data folder was formatted with. */
function keptClusterId(folder: string, nodes: 1 | 3, tls: boolean): string {
  const file = join(folder, 'cluster.json');
  if (existsSync(file)) {
    const kept: { clusterId: string; nodes: 1 | 3; tls?: boolean } = JSON.parse(readFileSync(file, 'utf8'));
    if (kept.nodes === nodes && (kept.tls ?? false) === tls) return kept.clusterId;
    const words = (nodes: number, tls: boolean) => `${nodes} nodes${tls ? ' over TLS' : ' without TLS'}`;
    throw new CannotStart(
      `${folder} holds a Kafka of ${words(kept.nodes, kept.tls ?? false)}, not ${words(nodes, tls)}: \`npm run reset\` removes it and begins again.`,
    );
  }
  const clusterId = newClusterId();
  writeFileSync(file, JSON.stringify({ clusterId, nodes, tls }));
  return clusterId;
}

/** 16 random bytes, base64url. One that begins with a dash would be taken for an option: one start in 64 failed. */
function newClusterId(): string {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

/** Waits until all of them know each other, and the cluster lists so many brokers. */
async function untilReady(children: readonly Child[], door: KafkaDoor, expected: number): Promise<void> {
  const admin = await quietAdmin(door);
  try {
    for (const giveUpAt = Date.now() + READY_WITHIN_MS; Date.now() < giveUpAt; await pause(50)) {
      const dead = children.find((child) => !child.running());
      if (dead) throw new CannotStart(`${dead.name} ended while starting; ${dead.logFile} says why.`);
      const ready = await admin
        .connect()
        .then(() => admin.describeCluster())
        .then((cluster) => cluster.brokers.length >= expected)
        .catch(() => false);
      if (ready) return;
      await admin.disconnect();
    }
  } finally {
    await admin.disconnect();
  }
  await Promise.all(children.map((child) => child.kill()));
  throw new CannotStart(
    `Kafka was not ready within ${READY_WITHIN_MS / 1000} s; ${children[0]?.logFile} says why.`,
  );
}

/** Makes Kafka create its offsets topic now: the first consumer would otherwise be refused for up to a second. */
async function warmUpCoordinator(door: KafkaDoor): Promise<void> {
  const admin = await quietAdmin(door, { initialRetryTime: 50, maxRetryTime: 200, retries: 50 });
  await admin.connect();
  try {
    await admin.fetchOffsets({ groupId: 'attest-warm-up', topics: ['attest-warm-up'] });
  } catch {
    // The topic does not exist; asking was the point.
  } finally {
    await admin.disconnect();
  }
}

async function quietAdmin(door: KafkaDoor, retry: RetryOptions = { retries: 0 }): Promise<Admin> {
  const { quietKafka } = await import('@attest/messaging/kafka');
  return quietKafka({ ...door, retry, clientId: 'attest-local', connectionTimeout: 2000 }).admin({ retry });
}
