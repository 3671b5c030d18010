import 'reflect-metadata';
import { setTimeout as pause } from 'node:timers/promises';
import { Controller, Module, type INestMicroservice, type Type as Class } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Ctx, Payload } from '@nestjs/microservices';
import { Type } from '@sinclair/typebox';
import pg from 'pg';
import { defineEvent, newEvent } from '@attest/contracts';
import { AttestError } from '@attest/errors';
import {
  Database,
  migrate,
  plainArray,
  textArray,
  type MigrationClass,
  type MigrationInterface,
  type QueryRunner,
} from '@attest/persistence';
import { testDatabase, testKafka, topicPrefix } from '@attest/testing';
import {
  Consumes,
  createMessaging,
  messagingMigrations,
  type BatchContext,
  type Messaging,
  type MessagingLogger,
  type MessagingOptions,
  type ReceivedEvent,
} from '../src/index.js';

export const BROKERS = testKafka();

/** Written by extraction-intake, as `submissions` are. `n` counts up per key. */
export const Counted = defineEvent({
  type: 'spec.counted.v1',
  topic: 'submissions',
  says: 'something was counted, for specs',
  data: Type.Object({ key: Type.String(), n: Type.Integer(), padding: Type.Optional(Type.String()) }),
  key: (data) => data.key,
  version: (data) => Math.max(0, data.n),
});

/** Written by extraction-intake too; no spec handles it. */
export const Unheard = defineEvent({
  type: 'spec.unheard.v1',
  topic: 'submissions',
  says: 'something nobody listens to, for specs',
  data: Type.Object({ key: Type.String() }),
  key: (data) => data.key,
  version: () => 1,
});

export const counted = (key: string, n: number) => newEvent(Counted, { key, n });

class CreateApplied1776000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // No unique constraint: what is applied twice has to show.
    await runner.query(
      `CREATE TABLE applied (seq bigint GENERATED ALWAYS AS IDENTITY, key text NOT NULL, n integer NOT NULL, event_id uuid NOT NULL)`,
    );
    await runner.query(`CREATE TABLE defect (key text PRIMARY KEY, n integer NOT NULL)`);
  }
  async down(): Promise<void> {}
}
export const specMigrations: readonly MigrationClass[] = [...messagingMigrations, CreateApplied1776000000001];

export class SpecDefectError extends AttestError {
  constructor() {
    super('SPEC_DEFECT', 500, 'The spec says that this event cannot be applied.');
  }
}

/** Applies events to a table, and fails on those that the table `defect` names. */
@Controller()
export class AppliesCounted {
  @Consumes(Counted)
  async handle(
    @Payload() events: readonly ReceivedEvent<typeof Counted>[],
    @Ctx() { tx }: BatchContext,
  ): Promise<void> {
    await tx.query(
      `INSERT INTO applied (key, n, event_id) SELECT * FROM unnest($1::text[], $2::int[], $3::uuid[])`,
      [
        textArray(events.map((event) => event.data.key)),
        plainArray(events.map((event) => event.data.n)),
        plainArray(events.map((event) => event.id)),
      ],
    );
    const { rows } = await tx.query<{ key: string; n: number }>(`SELECT key, n FROM defect`);
    const bad = new Set(rows.map(({ key, n }) => `${key}/${n}`));
    if (events.some((event) => bad.has(`${event.data.key}/${event.data.n}`))) throw new SpecDefectError();
  }
}

export interface SpecDatabase {
  readonly url: string;
  readonly database: Database;
  /** One statement in this database as the server's administrator. */
  asAdmin(statement: string): Promise<void>;
  drop(): Promise<void>;
}

export async function specDatabase(poolSize = 8, migrations = specMigrations): Promise<SpecDatabase> {
  const made = await testDatabase('messaging');
  await migrate(made.url, migrations);
  const database = new Database({ url: made.url, poolSize, applicationName: 'messaging-spec' });
  return {
    url: made.url,
    database,
    asAdmin: async (statement) => {
      const client = new pg.Client({ connectionString: made.adminUrl });
      await client.connect();
      await client.query(statement).finally(() => client.end());
    },
    drop: async () => {
      await database.close();
      await made.drop();
    },
  };
}

export const specPrefix = (): string => topicPrefix('messaging');

export interface SpecService {
  readonly messaging: Messaging;
  /** What made consumption end, if anything did. */
  readonly fatal: () => Error | undefined;
  close(): Promise<void>;
}

/** A service as hosting would run it, with nothing in it but messaging and these controllers. */
export async function specService(
  options: Pick<MessagingOptions, 'service' | 'database' | 'topicPrefix'> & Partial<MessagingOptions>,
  {
    controllers = [],
    listeners = [],
    relay = true,
  }: { controllers?: Class[]; listeners?: object[]; relay?: boolean } = {},
): Promise<SpecService> {
  let fatal: Error | undefined;
  const messaging = createMessaging({
    brokers: BROKERS,
    logger: specLogger,
    sessionTimeoutMs: 6_000,
    onFatal: (error) => void (fatal = error),
    ...options,
  });
  @Module({ controllers })
  class SpecModule {}
  for (const listener of listeners) messaging.listeners.offer(listener);
  await messaging.start();
  if (!relay) await messaging.stop();
  const app: INestMicroservice = await NestFactory.createMicroservice(SpecModule, {
    strategy: messaging.server,
    logger: false,
  });
  await app.listen();
  return {
    messaging,
    fatal: () => fatal,
    close: async () => {
      await app.close();
      await messaging.stop();
    },
  };
}

const verbose = process.env['SPEC_LOG'] === '1';
export const specLogger: MessagingLogger = {
  debug: () => undefined,
  info: () => undefined,
  warn: (facts, message) => void (verbose && console.log('warn', message, facts)),
  error: (facts, message) => void (verbose && console.log('error', message, facts)),
};

/** Waits until a condition holds; throws what it last saw when it does not in time. */
export async function until<T>(
  what: string,
  look: () => Promise<T> | T,
  limitMs = 60_000,
): Promise<Exclude<T, false | null | undefined | 0 | ''>> {
  const deadline = Date.now() + limitMs;
  for (;;) {
    const seen = await look();
    if (seen) return seen as Exclude<T, false | null | undefined | 0 | ''>;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${limitMs / 1000} s`);
    await pause(20);
  }
}

export async function add(
  messaging: Messaging,
  database: Database,
  events: Parameters<Messaging['outbox']['add']>[1],
): Promise<void> {
  await database.transaction((tx) => messaging.outbox.add(tx, events));
}

export async function appliedCount(database: Database): Promise<number> {
  const { rows } = await database.query<{ n: number }>(`SELECT count(*)::int AS n FROM applied`);
  return rows[0]!.n;
}

/** Events that came twice, and keys whose events did not come in their order. */
export async function faultsOf(database: Database): Promise<{ twice: number; outOfOrder: number }> {
  const { rows } = await database.query<{ twice: number; outOfOrder: number }>(
    `SELECT (SELECT count(*)::int FROM (SELECT FROM applied GROUP BY event_id HAVING count(*) > 1) t) AS twice,
            (SELECT count(*)::int FROM (SELECT n, lag(n) OVER (PARTITION BY key ORDER BY seq) AS before FROM applied) o
             WHERE n < before) AS "outOfOrder"`,
  );
  return rows[0]!;
}
