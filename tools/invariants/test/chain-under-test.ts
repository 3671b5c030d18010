import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { Database } from '@attest/persistence';
import { eventually, testDatabase } from '@attest/testing';
import {
  AnchorFolder,
  AuditAppender,
  auditTable,
  AUDIT_IN_LOTS,
  CREATE_AUDIT,
  keepAppendOnly,
} from '@attest/audit';
import type { Anchors } from '../src/audit/verify-anchors.js';
import type { Chain, Fault } from '../src/audit/verify-chain.js';

export const KEY = 'a key of thirty-two characters at least';
/** Long over, so that its anchor is not one that may still come. */
export const DAY = '2024-08-20';

const INSERT = `INSERT INTO history (line_id, revision, at, pence, holds, note)
  SELECT '01990000-0000-7000-8000-000000000001', g, '2026-08-01 12:00:00.123456+00', 9007199254740993,
         '[{"code": "PCN_CLOSED"}]', 'said "so"' || g FROM generate_series`;

/** What the command printed, and how it ended. */
export interface Verified extends Chain, Anchors {
  readonly code: number;
  readonly faults: readonly Fault[];
  readonly said: string;
}

export interface ChainUnderTest {
  readonly database: Database;
  readonly databaseUrl: string;
  /** As somebody who may do anything in the database, triggers or not. */
  readonly admin: pg.Client;
  /** Of the anchors, another one after each `begin`. */
  readonly folder: string;
  /** Eight rows, chained and anchored at one o'clock. */
  begin(): Promise<void>;
  appenderAt(at: string, anchored?: boolean): AuditAppender;
  /** Runs it until so many are chained: whoever else writes on this server holds the watermark back for a moment. */
  chain(appender: AuditAppender, entries: number): Promise<void>;
  record(rows: number, from: number, by?: { query(text: string): Promise<unknown> }): Promise<void>;
  /** The command itself, as an auditor runs it. */
  verify(anchors?: string): Promise<Verified>;
  close(): Promise<void>;
}

export async function chainUnderTest(name: string): Promise<ChainUnderTest> {
  const place = await testDatabase(name);
  const database = new Database({ url: place.url, poolSize: 6, applicationName: name });
  await database.query(
    `CREATE TABLE history (line_id uuid, revision bigint, at timestamptz, pence bigint, holds jsonb, note text,
       PRIMARY KEY (line_id, revision));
     CREATE TABLE sent (file_name text PRIMARY KEY, pence bigint, stored_at timestamptz);
     ${CREATE_AUDIT} ${AUDIT_IN_LOTS} ${auditTable('history')} ${keepAppendOnly('history')} ${auditTable('sent')}`,
  );
  const admin = new pg.Client({ connectionString: place.adminUrl });
  await admin.connect();
  await admin.query('SET session_replication_role = replica');
  const folders: string[] = [];

  const chain: ChainUnderTest = {
    database,
    databaseUrl: place.url,
    admin,
    get folder() {
      return folders.at(-1)!;
    },
    begin: async () => {
      folders.push(await mkdtemp(join(tmpdir(), 'audit-')));
      await admin.query('TRUNCATE audit_entry_row, audit_lot, history, sent');
      // One table after the other, and the day's anchor over both: a transaction of anybody on this server, still open
      // as one is chained, would let the other go first.
      const unanchored = chain.appenderAt(`${DAY}T01:00:00.000Z`, false);
      await chain.record(6, 1);
      await chain.chain(unanchored, 6);
      await database.query(`INSERT INTO sent VALUES ('one', 10, NULL), ('two', 20, NULL)`);
      await chain.chain(unanchored, 8);
      await chain.appenderAt(`${DAY}T01:00:00.000Z`).run();
    },
    appenderAt: (at, anchored = true) =>
      new AuditAppender(
        database,
        'payment-export',
        [{ table: 'history' }, { table: 'sent', except: ['stored_at'] }],
        anchored ? new AnchorFolder(chain.folder, KEY) : undefined,
        () => new Date(at),
      ),
    chain: async (appender, entries) => {
      await eventually(async () => {
        await appender.run();
        const { rows } = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM audit_entry');
        return rows[0]!.n === entries;
      });
    },
    record: async (rows, from, by = database) => {
      await by.query(`${INSERT}(${from}, ${from + rows - 1}) AS g`);
    },
    verify: (anchors = chain.folder) =>
      new Promise((resolve) => {
        const of = ['--service', 'payment-export', '--database-url', place.url, '--anchors', anchors];
        execFile(
          process.execPath,
          [join(process.cwd(), 'tools', 'invariants', 'dist', 'audit', 'verify.js'), ...of, '--json'],
          { env: { ...process.env, AUDIT_ANCHOR_KEY: KEY } },
          (error, stdout, stderr) => {
            const [found] = stdout ? (JSON.parse(stdout) as Omit<Verified, 'code' | 'said'>[]) : [];
            resolve({ ...found!, code: Number(error?.code ?? 0), said: stdout + stderr });
          },
        );
      }),
    close: async () => {
      await admin.end();
      await database.close();
      await place.drop();
      for (const folder of folders) await rm(folder, { recursive: true, force: true });
    },
  };
  return chain;
}

export const codes = ({ faults }: Verified): string[] => faults.map(({ code, what }) => `${code} ${what}`);
