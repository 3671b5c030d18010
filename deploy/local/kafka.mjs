import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { CannotStart } from './cannot-start.mjs';
import { kafkaJava } from './kafka-jars.mjs';
import { layOut, prepareNode, startNode } from './kafka-nodes.mjs';
import { openFolder, temporaryFolder } from './paths.mjs';
import { answers, freePort } from './ports.mjs';

export const KAFKA_PORT = 19092;
const READY_WITHIN_MS = 60_000;

/**
 * @typedef {object} Kafka
 * @property {string[]} brokers host:port
 * @property {number[]} pids none when KAFKA_BROKERS named brokers that are not ours
 * @property {() => Promise<void>} stop
 * @property {() => Promise<void>} kill everything at once, for data that nobody needs any more
 * @property {(index: number) => Promise<void>} killBroker kill -9 of the broker at `brokers[index]`
 * @property {(index: number) => Promise<void>} startBroker starts it again on the same data; resolves when it answers
 */

/**
 * A running Kafka: the one that KAFKA_BROKERS names, else Apache Kafka on Java: one node, or three brokers with
 * replication 3 and min.insync.replicas 2 beside a controller.
 * @param {object} options
 * @param {string} options.folder holds data and logs
 * @param {1 | 3} [options.nodes]
 * @param {number} [options.port] where to begin looking for free ones
 * @param {string} [options.given] '' starts one of our own whatever KAFKA_BROKERS says
 * @param {boolean} [options.outlivesUs]
 * @param {(line: string) => void} [options.say]
 * @returns {Promise<Kafka>}
 */
export async function startKafka({
  folder,
  nodes = 1,
  port = KAFKA_PORT,
  given = process.env.KAFKA_BROKERS,
  outlivesUs,
  say,
}) {
  if (given) return useGivenBrokers(given);
  openFolder(folder);
  const kafka = await kafkaJava(say);
  await makeClassArchive(kafka, say);

  const firstPort = await freePort(port, nodes === 1 ? 2 : 4);
  const all = layOut({ nodes, folder, firstPort });
  const clusterId = keptClusterId(folder, nodes);
  await Promise.all(all.map((node) => prepareNode(kafka, node, all, clusterId)));

  const children = await Promise.all(all.map((node) => startNode(kafka, node, { outlivesUs })));
  const brokers = all.flatMap((node) => (node.port ? [`127.0.0.1:${node.port}`] : []));
  await untilReady(children, brokers, brokers.length);
  await warmUpCoordinator(brokers);
  return {
    brokers,
    get pids() {
      return children.map((child) => child.pid);
    },
    stop: async () => {
      // Brokers before their controller: they hand over to it while stopping.
      await Promise.all(children.slice(0, brokers.length).map((child) => child.stop()));
      await Promise.all(children.slice(brokers.length).map((child) => child.stop()));
    },
    kill: async () => void (await Promise.all(children.map((child) => child.kill()))),
    killBroker: async (index) => child(index).kill(),
    startBroker: async (index) => {
      const again = await startNode(
        kafka,
        /** @type {import('./kafka-nodes.mjs').KafkaNode} */ (all[index]),
        {
          outlivesUs,
        },
      );
      children[index] = again;
      await untilReady([again], [String(brokers[index])], 1);
    },
  };

  /** @param {number} index */
  function child(index) {
    const found = index < brokers.length ? children[index] : undefined;
    if (!found) throw new RangeError(`there is no broker ${index}, only ${brokers.length}`);
    return found;
  }
}

/**
 * @param {string} list
 * @returns {Promise<Kafka>}
 */
async function useGivenBrokers(list) {
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
  return { brokers, pids: [], stop: leave, kill: leave, killBroker: notOurs, startBroker: notOurs };
}

/**
 * Java loads Kafka's classes from an archive in half the time. It is written when a broker ends, so one is started and
 * stopped for it, once per machine.
 * @param {import('./kafka-jars.mjs').KafkaJava} kafka
 * @param {((line: string) => void) | undefined} say
 */
async function makeClassArchive(kafka, say) {
  if (existsSync(kafka.archive)) return;
  say?.('Kafka: preparing quicker starts, once for this machine');
  const folder = temporaryFolder();
  const making = `${kafka.archive}.${process.pid}`;
  try {
    const [node] = layOut({ nodes: 1, folder, firstPort: await freePort(KAFKA_PORT + 1000, 2) });
    if (!node) return;
    await prepareNode(kafka, node, [node], newClusterId());
    const child = await startNode({ ...kafka, archive: making }, node, { makeArchive: true });
    const brokers = [`127.0.0.1:${node.port}`];
    await untilReady([child], brokers, 1);
    await warmUpCoordinator(brokers);
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

/**
 * The id that a data folder was formatted with.
 * @param {string} folder
 * @param {1 | 3} nodes
 */
function keptClusterId(folder, nodes) {
  const file = join(folder, 'cluster.json');
  if (existsSync(file)) {
    const kept = JSON.parse(readFileSync(file, 'utf8'));
    if (kept.nodes === nodes) return kept.clusterId;
    throw new CannotStart(
      `${folder} holds a Kafka of ${kept.nodes} nodes, not ${nodes}: \`npm run reset\` removes it and begins again.`,
    );
  }
  const clusterId = newClusterId();
  writeFileSync(file, JSON.stringify({ clusterId, nodes }));
  return clusterId;
}

/** 16 random bytes, base64url. One that begins with a dash would be taken for an option: one start in 64 failed. */
function newClusterId() {
  const id = randomBytes(16).toString('base64url');
  return id.startsWith('-') ? newClusterId() : id;
}

/**
 * Waits until all of them know each other.
 * @param {readonly import('./processes.mjs').Child[]} children
 * @param {readonly string[]} brokers
 * @param {number} expected how many brokers the cluster must list
 */
async function untilReady(children, brokers, expected) {
  const admin = await quietAdmin(brokers);
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

/**
 * Makes Kafka create its offsets topic now: the first consumer would otherwise be refused for up to a second.
 * @param {readonly string[]} brokers
 */
async function warmUpCoordinator(brokers) {
  const admin = await quietAdmin(brokers, { initialRetryTime: 50, maxRetryTime: 200, retries: 50 });
  await admin.connect();
  try {
    await admin.fetchOffsets({ groupId: 'attest-warm-up', topics: ['attest-warm-up'] });
  } catch {
    // The topic does not exist; asking was the point.
  } finally {
    await admin.disconnect();
  }
}

/**
 * @param {readonly string[]} brokers
 * @param {import('@attest/messaging/kafka').RetryOptions} [retry]
 */
async function quietAdmin(brokers, retry = { retries: 0 }) {
  const { Kafka, logLevel } = await import('@attest/messaging/kafka');
  const options = { clientId: 'attest-local', connectionTimeout: 2000, logLevel: logLevel.NOTHING };
  return new Kafka({ brokers: [...brokers], retry, ...options }).admin({ retry });
}
