// A file through extraction-intake's HTTP endpoint to committed pages, beside PostgreSQL's own COPY of as many values.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { call, until } from '@attest/stack/http-client';
import { startIdentityProvider } from '@attest/stack/identity-provider/index';
import { openFolder } from '@attest/stack/paths';
import { fieldsOf, writeCopyFile, writeCqrsFile } from './extract-files.js';
import type { Figure } from './figure.js';
import { organisationEvents, practiceCodes, serviceEvents } from './made-up-organisations.js';
import { peakMemoryOf } from './process-memory.js';
import { publish } from './publisher.js';
import { rotate } from './rotation.js';
import { startService, type RunningService } from './service-process.js';
import { newPrefix, type Stand } from './stand.js';

const SERVICE_CODE = 'BENCHINTAKE';
const SUPPLIER = {
  personId: 'bench.supplier',
  role: 'EXTRACT_SUBMISSION',
  organisationCode: 'ENGLAND',
} as const;
const FIELDS = 80;

/** What intake answers to a file; more of it than this. */
interface Receipt {
  readonly counts: { readonly pagesReceived: number };
}

interface Intake extends RunningService {
  /** @returns milliseconds from the first byte sent to the receipt of what is committed */
  send(path: string, pages: number): Promise<number>;
}

export async function measure(stand: Stand): Promise<Figure[]> {
  // 6,250 practices of 80 fields are half a million rows; four dates in one file are two million.
  const practices = practiceCodes(stand.size(6_250, 300));
  const dates = Array.from({ length: 12 }, (_, month) => `2025-${String(month + 1).padStart(2, '0')}-28`);
  const rows = practices.length * FIELDS;
  const files = join(stand.folder, 'extracts');
  openFolder(files);
  const intake = await openIntake(stand, practices, dates);
  const copied = await copyPeer(stand, files, practices.length);

  const rates = await rotate(stand.rotations, {
    ours: async (rotation) => {
      // A date of its own: the same pages again would change nothing.
      const path = join(files, 'extract.csv');
      const what = {
        serviceCode: SERVICE_CODE,
        achievementDates: dates.slice(rotation + 1, rotation + 2),
        practices,
        fields: fieldsOf(FIELDS),
      };
      await writeCqrsFile(path, what);
      return (rows * 1000) / (await intake.send(path, practices.length));
    },
    peer: async () => (rows * 1000) / (await copied()),
  });
  await intake.stop();
  const memory = await memoryOfLargeFile(stand, files, practices, dates);
  return [
    {
      name: 'file → committed pages',
      unit: 'values/s',
      better: 'higher',
      ours: rates.ours,
      peer: { name: 'server COPY BINARY, keyless', values: rates.peer },
      target: { goalRatio: 1.2 },
      notes: { rows, pages: practices.length, valuesPerPage: FIELDS, layout: 'cqrs' },
    },
    memory,
  ];
}

async function openIntake(
  stand: Stand,
  practices: readonly string[],
  dates: readonly string[],
): Promise<Intake> {
  const topicPrefix = newPrefix();
  const identity = await startIdentityProvider({
    stateDir: stand.folder,
    people: [{ ...SUPPLIER, name: 'Supplier' }],
  });
  stand.untidy.push(() => identity.close());
  await publish(stand, {
    topicPrefix,
    service: 'organisations',
    events: organisationEvents(practices, [SUPPLIER]),
  });
  await publish(stand, {
    topicPrefix,
    service: 'catalogue',
    events: serviceEvents({ serviceCode: SERVICE_CODE, fields: fieldsOf(FIELDS), dates, practices }),
  });
  const service = await startService(stand, {
    name: 'extraction-intake',
    topicPrefix,
    issuer: identity.issuer,
  });
  const count = async (sql: string): Promise<number> =>
    Number((await service.pool.query<{ count: string }>(sql)).rows[0]?.count);
  await until('intake knows organisations and participations', async () => {
    const known = await count('SELECT count(*) FROM participation');
    return known === practices.length && (await count('SELECT count(*) FROM directory_role')) > 0;
  });
  const token = await identity.token(SUPPLIER.personId);
  let sent = 0;
  return {
    ...service,
    async send(path, pages) {
      const query = new URLSearchParams({ layout: 'cqrs', fileName: `bench-${++sent}.csv` });
      const started = performance.now();
      const receipt: Receipt = await call('POST', `${service.url}/api/v1/extract-files?${query}`, {
        token,
        file: path,
        headers: { 'content-type': 'text/csv' },
      });
      const ms = performance.now() - started;
      if (receipt.counts.pagesReceived !== pages)
        throw new Error(
          `of ${pages} pages ${receipt.counts.pagesReceived} were received: ${JSON.stringify(receipt.counts)}`,
        );
      // Its relay shall not run into the peer's turn.
      await until('the pages are published', async () => (await count('SELECT count(*) FROM outbox')) === 0, {
        everyMs: 200,
      });
      return ms;
    },
  };
}

/** COPY of a file that the server reads itself, into a table without a key. Answers milliseconds. */
async function copyPeer(stand: Stand, files: string, practices: number): Promise<() => Promise<number>> {
  const { url } = await stand.database('copy');
  const path = join(files, 'values.bin');
  await writeCopyFile(path, { practices, fields: FIELDS, date: 9_000 });
  // Only an administrator may name a file of the server's.
  const admin = await stand.admin(url);
  stand.untidy.push(() => admin.end());
  await admin.query('CREATE TABLE value (practice int, field int, date date, value int8)');
  return async () => {
    await admin.query('TRUNCATE value');
    const started = performance.now();
    await admin.query(`COPY value FROM '${path}' WITH (FORMAT binary)`);
    return performance.now() - started;
  };
}

/** A fresh process, so that nothing but this file has raised its highest mark. */
async function memoryOfLargeFile(
  stand: Stand,
  files: string,
  practices: readonly string[],
  dates: readonly string[],
): Promise<Figure> {
  const intake = await openIntake(stand, practices, dates);
  const path = join(files, 'large.csv');
  const achievementDates = dates.slice(0, 4);
  await writeCqrsFile(path, {
    serviceCode: SERVICE_CODE,
    achievementDates,
    practices,
    fields: fieldsOf(FIELDS),
  });
  const {
    peakMb,
    measure: how,
    result: ms,
  } = await peakMemoryOf(intake.pid, () => intake.send(path, practices.length * achievementDates.length));
  await intake.stop();
  rmSync(files, { recursive: true });
  return {
    name: 'peak memory of intake, 2 M rows',
    unit: 'MB',
    better: 'lower',
    ours: [peakMb],
    target: { value: 300 },
    notes: { rows: practices.length * achievementDates.length * FIELDS, measure: how, seconds: ms / 1000 },
  };
}
