import { randomUUID } from 'node:crypto';
import pg from 'pg';
import {
  newEvent,
  OrganisationRegisteredV1,
  RoleAssignmentRecordedV1,
  type EventOf,
  type Role,
} from '@attest/contracts';
import { eventually } from './eventually.js';
import { EventTopics } from './event-topics.js';
import type { Json } from './json.js';
import { topicPrefix } from './names.js';
import { testDatabase } from './test-database.js';
import { testKafka } from './test-servers.js';
import { testIdentity } from './tokens.js';

/** What hosting's `defineService` gives; said here so that nothing here need know hosting. */
export interface StartableService {
  readonly name: string;
  migrate(databaseUrl: string): Promise<unknown>;
  start(env: Record<string, string | undefined>): Promise<{ readonly url: string; close(): Promise<void> }>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

export interface ServiceUnderTest {
  readonly url: string;
  readonly env: Record<string, string | undefined>;
  readonly topics: EventTopics;
  /** The service's own database, for looking. */
  readonly database: pg.Pool;
  get(personId: string, path: string, headers?: Record<string, string>): Promise<Answer>;
  post(personId: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Makes organisations and people known to the service and waits until it knows them. */
  know(organisations: readonly KnownOrganisation[], people: readonly KnownPerson[]): Promise<void>;
  close(): Promise<void>;
}

export interface KnownOrganisation {
  readonly code: string;
  readonly kind: 'practice' | 'pcn' | 'commissioner' | 'region' | 'national' | 'agency';
  readonly commissionerCode?: string | null;
  /** Nearest first; ENGLAND where left out. */
  readonly ancestors?: readonly string[];
  readonly closeOn?: string | null;
  readonly registeredPatients?: number;
}
export interface KnownPerson {
  readonly personId: string;
  readonly role: Role;
  readonly organisationCode: string;
}

/**
 * Starts one service as it is, on a database, topics and an issuer of its own. Close it in `afterAll`.
 * @param now the business time at the start, so that a spec does not depend on the day on which it runs
 */
export async function startServiceUnderTest(
  service: StartableService,
  more: Record<string, string | undefined> = {},
  { now }: { readonly now?: string } = {},
): Promise<ServiceUnderTest> {
  const prefix = topicPrefix(service.name).slice(0, 40);
  const [database, identity] = await Promise.all([testDatabase(service.name), testIdentity()]);
  await service.migrate(database.url);
  const pool = new pg.Pool({ connectionString: database.url, max: 2 });
  if (now !== undefined)
    await pool.query(`INSERT INTO business_clock (offset_ms, version, moved_at) VALUES ($1, 0, now())`, [
      Date.parse(now) - Date.now(),
    ]);
  const topics = await EventTopics.create(prefix);
  const env = {
    NODE_ENV: 'test',
    PORT: '0',
    DATABASE_URL: database.url,
    DATABASE_POOL_SIZE: '6',
    KAFKA_BROKERS: testKafka().join(','),
    KAFKA_SESSION_TIMEOUT_MS: '6000',
    // Nobody in a spec asks so much that gathering it would pay.
    GATHER_AT_MOST_MS: '0',
    TOPIC_PREFIX: prefix,
    OIDC_ISSUER: identity.issuer,
    BUSINESS_CLOCK_MOVABLE: 'true',
    JOBS_AT_LEAST_EVERY_MS: '500',
    LOG_LEVEL: 'error',
    ...more,
  };
  const running = await service.start(env);

  const ask = async (
    method: string,
    personId: string,
    path: string,
    init: RequestInit,
    headers: Record<string, string>,
  ): Promise<Answer> => {
    const answer = await fetch(`${running.url}/api/v1/${path}`, {
      method,
      ...init,
      headers: { ...(await identity.headers(personId)), ...headers },
    });
    const text = await answer.text();
    const json = /json/.test(answer.headers.get('content-type') ?? '') && text.length > 0;
    return {
      status: answer.status,
      headers: answer.headers,
      body: json ? (JSON.parse(text) as unknown) : text,
    };
  };

  return {
    url: running.url,
    env,
    topics,
    database: pool,
    get: (personId, path, headers = {}) => ask('GET', personId, path, {}, headers),
    post: (personId, path, body = {}, headers = {}) =>
      ask(
        'POST',
        personId,
        path,
        { body: typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) },
        {
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
          ...headers,
        },
      ),
    know: async (organisations, people) => {
      await topics.publish([
        ...organisations.map((organisation) => newEvent(OrganisationRegisteredV1, stateOf(organisation))),
        ...people.map((person) =>
          newEvent(RoleAssignmentRecordedV1, {
            ...person,
            validFrom: '2020-01-01',
            validTo: null,
            assignmentVersion: 1,
          }),
        ),
      ]);
      await eventually(
        async () => {
          const { rows } = await pool.query<{ organisations: string; roles: string }>(
            `SELECT (SELECT count(*) FROM directory_organisation WHERE code = ANY($1)) AS organisations,
                    (SELECT count(*) FROM directory_role WHERE person_id = ANY($2)) AS roles`,
            [organisations.map((o) => o.code), people.map((p) => p.personId)],
          );
          return (
            Number(rows[0]!.organisations) >= organisations.length && Number(rows[0]!.roles) >= people.length
          );
        },
        { withinMs: 20_000, everyMs: 20 },
      );
    },
    close: async () => {
      await running.close();
      await pool.end();
      await topics.close();
      await identity.close();
      await database.drop();
    },
  };
}

function stateOf(organisation: KnownOrganisation): EventOf<typeof OrganisationRegisteredV1> {
  const {
    code,
    kind,
    commissionerCode = null,
    ancestors = ['ENGLAND'],
    closeOn = null,
    registeredPatients,
  } = organisation;
  return {
    code,
    kind,
    name: `Made-up ${kind} ${code}`,
    commissionerCode,
    ancestors: [...ancestors],
    openOn: '2010-04-01',
    closeOn,
    payee: { payeeCode: code, payeeName: `Made-up ${kind} ${code}`, accountReference: `ATTEST-${code}` },
    listSizes: registeredPatients === undefined ? [] : [{ listSizeOn: '2026-07-01', registeredPatients }],
    organisationVersion: 1,
  };
}
