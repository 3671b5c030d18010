import { Access, CurrentCaller, RequiresRole, type Caller } from '@attest/auth';
import { BusinessClock, type LondonDate } from '@attest/calendar';
import {
  BusinessClockMovedV1,
  newEvent,
  OrganisationRegisteredV1,
  RoleAssignmentRecordedV1,
  type Role,
} from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import { Database } from '@attest/persistence';
import {
  eventually,
  testDatabase,
  testIdentity,
  testKafka,
  topicPrefix,
  type TestDatabase,
  type TestIdentity,
} from '@attest/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post, type OnApplicationBootstrap } from '@nestjs/common';
import { IsInt, IsOptional, IsString } from 'class-validator';
import { defineService, type RunningService } from '../src/service.js';
import { ServiceSettings } from '../src/service-settings.js';

class AppointDto {
  @IsString()
  personId!: string;
  @IsString()
  role!: Role;
  @IsInt()
  version!: number;
  @IsOptional()
  @IsString()
  validTo?: string;
}

const LOCK_LIMIT = `SELECT current_setting('lock_timeout') AS lock`;
const lockLimit = async (database: Database): Promise<string> =>
  (await database.query<{ lock: string }>(LOCK_LIMIT)).rows[0]!.lock;
/** How long a hook of the start could wait for a lock. */
let lockLimitAtStart: string | undefined;

/** A small organisations service: who is appointed here is known everywhere. */
@Controller('role-assignments')
@RequiresRole('NATIONAL_OPERATOR')
class AppointmentsController implements OnApplicationBootstrap {
  constructor(
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    lockLimitAtStart = await lockLimit(this.database);
  }

  @Get('lock-limit')
  async limit(): Promise<{ lock: string }> {
    return { lock: await lockLimit(this.database) };
  }

  @Post()
  async appoint(@Body() body: AppointDto): Promise<void> {
    await this.database.transaction((tx) =>
      this.outbox.add(tx, [
        newEvent(RoleAssignmentRecordedV1, {
          personId: body.personId,
          role: body.role,
          organisationCode: 'A81001',
          validFrom: '2020-04-01',
          validTo: body.validTo ?? null,
          assignmentVersion: body.version,
        }),
      ]),
    );
  }

  @Post('organisation')
  async register(): Promise<void> {
    const organisation = {
      code: 'A81001',
      kind: 'practice' as const,
      name: 'Practice',
      commissionerCode: 'QHM',
      ancestors: ['QHM', 'ENGLAND'],
      openOn: '2013-04-01',
      closeOn: null,
      payee: null,
      listSizes: [],
      organisationVersion: 1,
    };
    await this.database.transaction((tx) =>
      this.outbox.add(tx, [newEvent(OrganisationRegisteredV1, organisation)]),
    );
  }
}

@Module({ controllers: [AppointmentsController] })
class AppointmentsModule {}

class AppointmentsSettings extends ServiceSettings {
  @IsOptional()
  @IsString()
  BOOTSTRAP_OPERATOR_ID?: string;
}

/** One request that has arrived and ends when the spec says so. */
let letSlowRequestEnd = (): void => undefined;
const slowRequest = {
  arrived: false,
  mayEnd: new Promise<void>((resolve) => (letSlowRequestEnd = resolve)),
};

@Controller('calendar')
@RequiresRole('VIEW')
class CalendarController {
  constructor(
    private readonly access: Access,
    private readonly clock: BusinessClock,
    private readonly database: Database,
    private readonly outbox: Outbox,
  ) {}

  @Get('today/:code')
  async today(@Param('code') code: string, @CurrentCaller() caller: Caller): Promise<{ today: LondonDate }> {
    await this.access.require(caller, ['VIEW'], code);
    return { today: this.clock.today() };
  }

  @Post('moves/:days')
  async move(@Param('days') days: string): Promise<void> {
    const data = {
      offsetMs: Number(days) * 86_400_000,
      movedAt: new Date().toISOString(),
      clockVersion: Number(days),
    };
    await this.database.transaction((tx) => this.outbox.add(tx, [newEvent(BusinessClockMovedV1, data)]));
  }

  @Get('slow')
  async slow(): Promise<{ ended: boolean }> {
    slowRequest.arrived = true;
    await slowRequest.mayEnd;
    return { ended: true };
  }
}

@Module({ controllers: [CalendarController] })
class CalendarModule {}

const organisations = defineService({
  name: 'organisations',
  settings: AppointmentsSettings,
  module: AppointmentsModule,
  migrations: [],
});
const catalogue = defineService({
  name: 'catalogue',
  settings: ServiceSettings,
  module: CalendarModule,
  migrations: [],
});

describe('two services in one process', () => {
  let identity: TestIdentity;
  const databases: TestDatabase[] = [];
  let appointing: RunningService;
  let telling: RunningService;
  let env: Record<string, string>;

  beforeAll(async () => {
    identity = await testIdentity();
    for (const name of ['organisations', 'catalogue']) databases.push(await testDatabase(`hosting-${name}`));
    env = {
      NODE_ENV: 'test',
      KAFKA_BROKERS: testKafka().join(','),
      TOPIC_PREFIX: topicPrefix('hosting'),
      OIDC_ISSUER: identity.issuer,
      LOG_LEVEL: 'silent',
      KAFKA_SESSION_TIMEOUT_MS: '6000',
    };
  });
  afterAll(async () => {
    await Promise.all([appointing?.close(), telling?.close()]);
    await identity.close();
    await Promise.all(databases.map((database) => database.drop()));
  });

  const ask = async (
    service: RunningService,
    method: string,
    path: string,
    person: string,
    body?: object,
  ) => {
    const answer = await fetch(`${service.url}/api/v1/${path}`, {
      method,
      headers: {
        ...(await identity.headers(person)),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await answer.text();
    return {
      status: answer.status,
      body: (text ? JSON.parse(text) : undefined) as Record<string, unknown> | undefined,
    };
  };
  const appoint = (personId: string, role: Role, version: number, validTo?: string) =>
    ask(appointing, 'POST', 'role-assignments', 'operator', {
      personId,
      role,
      version,
      ...(validTo ? { validTo } : {}),
    });

  it('do not start before their databases are migrated', async () => {
    await expect(catalogue.start({ ...env, DATABASE_URL: databases[1]!.url })).rejects.toMatchObject({
      code: 'MIGRATIONS_PENDING',
      detail: expect.stringContaining('services/catalogue/dist/migrate.js'),
    });
  });

  it('migrate once', async () => {
    expect((await organisations.migrate(databases[0]!.url)).length).toBeGreaterThan(4);
    expect(await organisations.migrate(databases[0]!.url)).toEqual([]);
    await catalogue.migrate(databases[1]!.url);
  });

  it('start, and are ready', async () => {
    appointing = await organisations.start({
      ...env,
      DATABASE_URL: databases[0]!.url,
      BOOTSTRAP_OPERATOR_ID: 'operator',
    });
    telling = await catalogue.start({
      ...env,
      DATABASE_URL: databases[1]!.url,
      BUSINESS_CLOCK_MOVABLE: 'true',
    });
    for (const service of [appointing, telling]) {
      const checks = async () => (await (await fetch(`${service.url}/health/ready`)).json()) as object;
      await eventually(async () => (await fetch(`${service.url}/health/ready`)).ok);
      expect(await checks()).toMatchObject({
        status: 'ready',
        checks: ['started', 'database', 'consumer', 'relay'].map((name) => ({ name, ok: true })),
      });
    }
  });

  it('the first operator can work before anything is known, where settings name one', async () => {
    expect((await ask(appointing, 'POST', 'role-assignments/organisation', 'operator')).status).toBe(201);
    expect((await ask(telling, 'GET', 'operations/consumption', 'operator')).status).toBe(403);
  });

  it('what one does at its start has the limits of a job, and requests have theirs', async () => {
    const asked = await ask(appointing, 'GET', 'role-assignments/lock-limit', 'operator');
    expect([lockLimitAtStart, asked.body?.['lock']]).toEqual(['1min', '10s']);
  });

  it('a role works in the other service as soon as its event arrives, and stops as soon', async () => {
    expect((await ask(telling, 'GET', 'calendar/today/A81001', 'viewer')).status).toBe(403);
    await appoint('viewer', 'VIEW', 1);
    await eventually(
      async () => (await ask(telling, 'GET', 'calendar/today/A81001', 'viewer')).status === 200,
    );
    await appoint('viewer', 'VIEW', 2, '2021-01-01');
    await eventually(
      async () => (await ask(telling, 'GET', 'calendar/today/A81001', 'viewer')).status === 403,
    );
    await appoint('viewer', 'VIEW', 3);
    await eventually(
      async () => (await ask(telling, 'GET', 'calendar/today/A81001', 'viewer')).status === 200,
    );
  });

  it('an event carries the correlation id of the request that made it', async () => {
    await fetch(`${appointing.url}/api/v1/role-assignments/organisation`, {
      method: 'POST',
      headers: { ...(await identity.headers('operator')), 'x-correlation-id': 'from-a-request' },
    });
    const archive = new Database({ url: databases[0]!.url, poolSize: 2, applicationName: 'spec' });
    await eventually(
      async () =>
        (
          await archive.query(
            `SELECT 1 FROM outbox_archive WHERE headers ->> 'ce_correlationid' = 'from-a-request'`,
          )
        ).rowCount === 1,
    );
    await archive.close();
  });

  it('business time is moved where it may be, and only there', async () => {
    const before = (await ask(telling, 'GET', 'calendar/today/A81001', 'viewer')).body?.['today'];
    await ask(telling, 'POST', 'calendar/moves/40', 'viewer');
    await eventually(
      async () => (await ask(telling, 'GET', 'calendar/today/A81001', 'viewer')).body?.['today'] !== before,
    );
    const fixed = new Database({ url: databases[0]!.url, poolSize: 2, applicationName: 'spec' });
    expect((await fixed.query('SELECT * FROM business_clock')).rows).toEqual([]);
    await fixed.close();
  });

  it('a pause holds a topic back until it is resumed', async () => {
    const moving = new Database({ url: databases[1]!.url, poolSize: 2, applicationName: 'spec' });
    await moving.query(
      `INSERT INTO directory_role VALUES ('operator', 'NATIONAL_OPERATOR', 'ENGLAND', '2020-01-01', NULL, 1)`,
    );
    await moving.close();
    const paused = await ask(telling, 'POST', 'operations/consumption/pause', 'operator', {
      topic: 'organisations',
      reason: 'a spec',
    });
    expect(paused).toMatchObject({
      status: 200,
      body: { paused: [{ topic: 'organisations', pausedBy: 'operator' }] },
    });
    await appoint('late', 'VIEW', 1);
    const elsewhere = new Database({ url: databases[0]!.url, poolSize: 2, applicationName: 'spec' });
    await eventually(
      async () =>
        (await elsewhere.query(`SELECT 1 FROM directory_role WHERE person_id = 'late'`)).rowCount === 1,
    );
    await elsewhere.close();
    expect((await ask(telling, 'GET', 'calendar/today/A81001', 'late')).status).toBe(403);
    await ask(telling, 'POST', 'operations/consumption/resume', 'operator', { topic: 'organisations' });
    await eventually(async () => (await ask(telling, 'GET', 'calendar/today/A81001', 'late')).status === 200);
  });

  it('lists dead letters and refuses a replay without a key', async () => {
    expect(await ask(telling, 'GET', 'operations/dead-letters', 'operator')).toEqual({
      status: 200,
      body: { items: [], nextCursor: null },
    });
    expect(
      (await ask(telling, 'POST', 'operations/dead-letters/replay', 'operator', { reason: 'x' })).body,
    ).toMatchObject({
      code: 'IDEMPOTENCY_KEY_MISSING',
    });
  });

  it('a stop lets a request end, leaves no connection, and the other goes on', async () => {
    const asked = ask(telling, 'GET', 'calendar/slow', 'viewer');
    await eventually(() => slowRequest.arrived);
    const stopped = telling.close();
    expect(telling.close()).toBe(stopped);
    await eventually(() =>
      fetch(`${telling.url}/health/live`).then(
        ({ status }) => status === 503,
        () => true,
      ),
    );
    letSlowRequestEnd();
    expect((await asked).body).toEqual({ ended: true });
    await stopped;
    await expect(fetch(`${telling.url}/health/live`)).rejects.toThrow();
    const left = new Database({ url: databases[1]!.url, poolSize: 1, applicationName: 'spec-left' });
    await eventually(
      async () =>
        (
          await left.query(
            `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND application_name <> 'spec-left'`,
          )
        ).rowCount === 0,
    );
    await left.close();
    expect((await fetch(`${appointing.url}/health/ready`)).status).toBe(200);
  });
});

describe('settings of a service', () => {
  it('are told all at once, by name', async () => {
    await expect(catalogue.start({ PORT: 'many', KAFKA_BROKERS: 'nonsense' })).rejects.toMatchObject({
      code: 'SETTINGS_FAULTY',
      detail: expect.stringMatching(
        /DATABASE_URL is missing.*KAFKA_BROKERS must.*NODE_ENV is missing.*OIDC_ISSUER is missing.*PORT must/s,
      ),
    });
  });

  it.each([
    ['BUSINESS_CLOCK_MOVABLE', 'true'],
    ['CRASH_AT', 'after-commit:2'],
    ['CRASH_WHEN_TOLD', 'true'],
  ])('refuse %s in production', async (name, value) => {
    const env = {
      NODE_ENV: 'production',
      DATABASE_URL: 'postgres://127.0.0.1:1/none',
      KAFKA_BROKERS: '127.0.0.1:1',
      OIDC_ISSUER: 'https://issuer.example',
      [name]: value,
    };
    await expect(catalogue.start(env)).rejects.toMatchObject({
      code: 'NOT_IN_PRODUCTION',
      detail: expect.stringContaining(name),
    });
  });
});

describe('the address of the issuer', () => {
  const started = (NODE_ENV: string, OIDC_ISSUER: string): Promise<unknown> =>
    catalogue
      .start({ NODE_ENV, DATABASE_URL: 'nowhere', KAFKA_BROKERS: '127.0.0.1:1', OIDC_ISSUER })
      .catch((error: { detail: string }) => error.detail);
  const refused = expect.stringContaining('OIDC_ISSUER must be the https address');

  it.each([
    ['production', 'https://issuer.example', false],
    ['production', 'http://issuer.example', true],
    ['production', 'http://127.0.0.1:8080', true],
    ['production', 'https://user:word@issuer.example', true],
    ['development', 'http://127.0.0.1:8080', false],
    ['test', 'http://localhost:8080', false],
    ['development', 'http://issuer.example', true],
    ['development', 'http://127.0.0.1.issuer.example', true],
    ['', 'http://127.0.0.1:8080', true],
  ])('in %j, %s is refused: %s', async (nodeEnv, issuer, isRefused) => {
    expect(await started(nodeEnv, issuer)).toEqual(isRefused ? refused : expect.not.stringContaining('OIDC'));
  });
});

describe('the OpenAPI document of a service', () => {
  it('is made without a database or a broker, the same each time', async () => {
    const [once, again] = [await organisations.renderOpenApi(), await organisations.renderOpenApi()];
    expect(JSON.stringify(once)).toBe(JSON.stringify(again));
    expect(once).toMatchObject({
      openapi: '3.1.0',
      paths: { '/api/v1/role-assignments': expect.any(Object) },
    });
  });
});
