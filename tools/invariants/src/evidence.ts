// What the checks look at: everything ever said on the topics, the sealed files, and what payment-export says is owed.
import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Kafka } from '@attest/messaging/kafka';
import type { EventOf, PAYMENT_FILE_COLUMNS, PaymentFileManifest, TopicName } from '@attest/contracts';
import { silent, type Progress } from './progress.js';
import type { Services } from './services.js';

/** One event, as it was said. */
export interface Said {
  readonly id: string;
  readonly type: string;
  readonly data: unknown;
}

/** What is said under these definitions: the type tells what the data is. */
export type SaidOf<Definition> = Definition extends { readonly type: infer Type extends string }
  ? Said & { readonly type: Type; readonly data: EventOf<Definition> }
  : never;

type PaymentFileColumn = (typeof PAYMENT_FILE_COLUMNS)[number];
/** A line of a payment file, as text by column. */
export type SealedLine = Readonly<Record<PaymentFileColumn, string>>;

export interface SealedFile {
  readonly manifest: PaymentFileManifest;
  /** Hex, of the bytes as they are now. */
  readonly sha256: string;
  readonly lines: readonly SealedLine[];
}

/** What one provider owes one agency by payment-export's own account. */
export interface OpenDebt {
  readonly provider: string;
  readonly agency: string;
  readonly pence: string;
}

/** Reads topics from their beginning to where they end now, in the order of each partition. */
export async function readTopics<Topic extends TopicName>(
  kafka: Kafka,
  topics: readonly Topic[],
  see: (topic: Topic, said: Said) => void,
  progress: Progress = silent,
): Promise<void> {
  const admin = kafka.admin();
  await admin.connect();
  const left = new Map<string, bigint>();
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
    await new Promise<void>((done, fail) => {
      if (left.size === 0) done();
      consumer.on(consumer.events.CRASH, ({ payload }) => fail(payload.error));
      consumer
        .run({
          autoCommit: false,
          eachBatchAutoResolve: false,
          eachBatch: async ({ batch, heartbeat }) => {
            const place = `${batch.topic}/${batch.partition}`;
            for (const message of batch.messages) {
              const header = (name: string) => message.headers?.[name]?.toString();
              const type = header('ce_type') ?? '';
              // Control records are no facts.
              if (type !== 'barrier.record.v1') {
                see(batch.topic as Topic, {
                  id: header('ce_id') ?? '',
                  type,
                  data: JSON.parse(String(message.value)) as unknown,
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
            if (left.size === 0) done();
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

/** The sealed files and their manifests, as bytes in the file store. */
export function readSealedFiles(folder: string): SealedFile[] {
  return filesBeneath(folder)
    .filter((path) => path.endsWith('.manifest.json'))
    .map((path) => {
      const bytes = readFileSync(path.slice(0, -'.manifest.json'.length));
      return {
        manifest: JSON.parse(readFileSync(path, 'utf8')) as PaymentFileManifest,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        lines: readCsv<PaymentFileColumn>(bytes.toString('utf8')),
      };
    });
}

export const readOpenDebts = (world: Pick<Services, 'rows'>): Promise<OpenDebt[]> =>
  world.rows<OpenDebt>(
    'payment-export',
    'SELECT provider_code AS provider, agency_code AS agency, sum(open_pence)::text AS pence FROM debt GROUP BY 1, 2',
  );

function filesBeneath(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? filesBeneath(path) : [path];
  });
}

/** The rows of a CSV with these columns in its header. An empty line in it is a row: it should not be there. */
export function readCsv<Column extends string>(text: string): Readonly<Record<Column, string>>[] {
  const [header = [], ...lines] = text.replace(/\n$/, '').split('\n').map(splitCsv);
  return lines.map(
    (cells) =>
      Object.fromEntries(header.map((name, at) => [name, cells[at] ?? ''])) as Record<Column, string>,
  );
}

/** RFC 4180, one line. */
function splitCsv(line: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < line.length; at++) {
    const letter = line.charAt(at);
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (line[at + 1] === '"') cell += line.charAt(++at);
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
