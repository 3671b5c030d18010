// What the checks look at: everything ever said on the topics, and the sealed files. Nothing of a service's own code.
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { silent } from '../story/progress.mjs';

/**
 * @typedef {object} Said
 * @property {string} id
 * @property {string} type
 * @property {number} partition
 * @property {any} data
 */

/**
 * Reads topics from their beginning to where they end now, in the order of each partition.
 * @param {import('@attest/messaging/kafka').Kafka} kafka
 * @param {readonly string[]} topics
 * @param {(topic: string, said: Said) => void} see
 * @param {import('../story/progress.mjs').Progress} [progress]
 */
export async function readTopics(kafka, topics, see, progress = silent) {
  const admin = kafka.admin();
  await admin.connect();
  const left = new Map();
  let total = 0;
  let read = 0;
  for (const topic of topics) {
    for (const { partition, high, low } of await admin.fetchTopicOffsets(topic)) {
      total += Number(BigInt(high) - BigInt(low));
      if (BigInt(high) > BigInt(low)) left.set(`${topic}/${partition}`, BigInt(high));
    }
  }
  const groupId = `attest-check-${randomUUID()}`;
  const consumer = kafka.consumer({ groupId, maxBytesPerPartition: 4 * 1024 * 1024 });
  await consumer.connect();
  await consumer.subscribe({ topics: [...topics], fromBeginning: true });
  try {
    await new Promise((done, fail) => {
      if (left.size === 0) done(undefined);
      consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          eachBatch: async ({ batch, heartbeat }) => {
            const place = `${batch.topic}/${batch.partition}`;
            for (const message of batch.messages) {
              const header = (name) => message.headers?.[name]?.toString();
              const type = header('ce_type') ?? '';
              // Control records are no facts.
              if (type !== 'barrier.record.v1') {
                see(batch.topic, {
                  id: header('ce_id') ?? '',
                  type,
                  partition: batch.partition,
                  data: JSON.parse(message.value.toString()),
                });
              }
            }
            read += batch.messages.length;
            progress(Math.min(read, total), total, 'read again what was said:');
            await heartbeat();
            consumer.seek({
              topic: batch.topic,
              partition: batch.partition,
              offset: String(BigInt(batch.lastOffset()) + 1n),
            });
            const end = left.get(place);
            if (end !== undefined && BigInt(batch.lastOffset()) + 1n >= end) left.delete(place);
            if (left.size === 0) done(undefined);
          },
        })
        .catch(fail);
    });
  } finally {
    await consumer.disconnect();
    await admin.deleteGroups([groupId]).catch(() => undefined);
    await admin.disconnect();
  }
}

/**
 * The sealed files and their manifests, as bytes in the file store.
 * @param {string} folder
 */
export function readSealedFiles(folder) {
  return filesBeneath(folder)
    .filter((path) => path.endsWith('.manifest.json'))
    .map((path) => {
      const manifest = JSON.parse(readFileSync(path, 'utf8'));
      const bytes = readFileSync(path.slice(0, -'.manifest.json'.length));
      const [header, ...lines] = bytes.toString('utf8').replace(/\n$/, '').split('\n').map(splitCsv);
      return {
        manifest,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        lines: lines.map((cells) => Object.fromEntries(header.map((name, at) => [name, cells[at]]))),
      };
    });
}

function filesBeneath(folder) {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBeneath(path) : [path];
  });
}

/** RFC 4180, one line. */
export function splitCsv(line) {
  const cells = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const letter = line[at];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (line[at + 1] === '"') cell += line[++at];
      else quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === ',') {
      cells.push(cell);
      cell = '';
    } else cell += letter;
  }
  cells.push(cell);
  return cells;
}
