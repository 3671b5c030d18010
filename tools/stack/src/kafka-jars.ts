import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CannotStart } from './cannot-start.js';
import { cacheFolder, projectFolder } from './paths.js';
import { run } from './processes.js';

const CHOICES = 'install Java 17 and Maven, or set KAFKA_BROKERS to a running Kafka';
const POM = join(projectFolder, 'tools', 'stack', 'kafka', 'pom.xml');

/** How to run Kafka's Java programs on this machine. */
export interface KafkaJava {
  java: string;
  classPath: string;
  /** Where an archive of loaded classes for just this Java and these jars belongs. */
  archive: string;
}

let found: Promise<KafkaJava> | undefined;

/**
 * Finds Java 17 or newer and the jars of `tools/stack/kafka/pom.xml`, which Maven fetches once per machine. Looks once: who
 * asks early, beside other work, need not hand the answer on.
 * `signal`: ends the fetching
 */
export function kafkaJava(say?: (line: string) => void, signal?: AbortSignal): Promise<KafkaJava> {
  return (found ??= findKafka(say, signal));
}

async function findKafka(
  say: ((line: string) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<KafkaJava> {
  const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java';
  const { code, output } = await run(java, ['-version']);
  if (code !== 0) throw new CannotStart(`Kafka needs Java, and \`${java}\` does not run: ${CHOICES}.`);
  const major = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  if (major < 17)
    throw new CannotStart(`Kafka needs Java 17 or newer, and \`${java}\` is ${major}: ${CHOICES}.`);

  const folder = await fetchedJars(say, signal);
  const lib = join(folder, 'lib');
  // Sorted and written out: the archive of classes is only valid for the same jars in the same order.
  const classPath = readdirSync(lib)
    .filter((name) => name.endsWith('.jar'))
    .sort()
    .map((name) => join(lib, name))
    .join(':');
  return { java, classPath, archive: join(folder, `classes-${short(output + classPath)}.jsa`) };
}

/** The version that the pom names. */
export function kafkaVersion(): string | undefined {
  return /kafka_2\.13<\/artifactId>\s*<version>([^<]+)/.exec(readFileSync(POM, 'utf8'))?.[1];
}

/** The folder whose `lib` holds them. */
async function fetchedJars(
  say: ((line: string) => void) | undefined,
  signal: AbortSignal | undefined,
): Promise<string> {
  const pom = readFileSync(POM, 'utf8');
  const folder = join(cacheFolder(), `kafka-${kafkaVersion()}-${short(pom)}`);
  if (existsSync(join(folder, '.complete'))) return folder;

  say?.(`Kafka: fetching the jars of Apache Kafka ${kafkaVersion()} with Maven, once for this machine`);
  const making = `${folder}.${process.pid}`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { recursive: true });
  const { code, output } = await run(
    'mvn',
    [
      ...['-q', '-B', '-f', POM, 'dependency:copy-dependencies'],
      ...['-DincludeScope=runtime', `-DoutputDirectory=${join(making, 'lib')}`],
    ],
    { signal },
  );
  if (code === null)
    throw new CannotStart(`Kafka's jars are fetched by Maven, and \`mvn\` does not run: ${CHOICES}.`);
  if (code !== 0) {
    rmSync(making, { recursive: true, force: true });
    const log = join(cacheFolder(), 'maven.log');
    writeFileSync(log, output);
    throw new CannotStart(
      `Maven could not fetch Kafka's jars (${log} says why): check the network and start again, or set KAFKA_BROKERS to a running Kafka.`,
    );
  }
  writeFileSync(join(making, '.complete'), '');
  try {
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    // Another run was faster.
    if (!existsSync(join(folder, '.complete'))) throw error;
  }
  return folder;
}

function short(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 10);
}
