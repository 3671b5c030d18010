import { recordOrganisations, recordRoles } from '@attest/auth';
import type { Role } from '@attest/contracts';
import { migrate } from '@attest/persistence';
import { testDatabase, testIdentity, type TestIdentity } from '@attest/testing';
import type { Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createApplication } from '../src/application.js';
import { platformMigrations } from '../src/migrations/index.js';
import { createPlatform, type Platform } from '../src/platform.js';
import { ServiceSettings } from '../src/service-settings.js';

/** A service's whole application over a real database, listening, with nothing of Kafka started. */
export interface BareService {
  readonly app: NestFastifyApplication;
  readonly platform: Platform;
  readonly identity: TestIdentity;
  readonly url: string;
  /** Appoints a person from 1 April 2020, until a date where one is given. */
  appoint(
    personId: string,
    role: Role,
    organisationCode: string,
    version?: number,
    validTo?: string | null,
  ): Promise<void>;
  close(): Promise<void>;
}

const ORGANISATIONS = [
  ['ENGLAND', 'national', []],
  ['QHM', 'commissioner', ['ENGLAND']],
  ['QOX', 'commissioner', ['ENGLAND']],
  ['U07032', 'pcn', ['QHM', 'ENGLAND']],
  ['A81001', 'practice', ['U07032', 'QHM', 'ENGLAND']],
  ['A81002', 'practice', ['QOX', 'ENGLAND']],
] as const;

export interface BareOptions {
  /** The way to the database, where it is not the straight one. */
  readonly through?: (url: string) => Promise<string>;
  readonly settings?: Partial<ServiceSettings>;
}

export async function bareService(
  AppModule: Type<unknown>,
  { through, settings: others }: BareOptions = {},
): Promise<BareService> {
  const [database, identity] = await Promise.all([testDatabase('hosting'), testIdentity()]);
  await migrate(database.url, platformMigrations);
  const settings = Object.assign(new ServiceSettings(), {
    NODE_ENV: 'test' as const,
    DATABASE_URL: through ? await through(database.url) : database.url,
    KAFKA_BROKERS: '127.0.0.1:1',
    OIDC_ISSUER: identity.issuer,
    LOG_LEVEL: 'silent',
    ...others,
  });
  const platform = createPlatform('catalogue', settings);
  await platform.database.transaction((tx) =>
    recordOrganisations(
      tx,
      ORGANISATIONS.map(([code, kind, ancestors]) => ({
        code,
        kind,
        name: code,
        commissionerCode: null,
        ancestors: [...ancestors],
        openOn: '2013-04-01',
        closeOn: null,
        payee: null,
        listSizes: [],
        organisationVersion: 1,
      })),
    ),
  );
  const release = async (): Promise<void> => {
    await platform.database.close();
    await identity.close();
    await database.drop();
  };
  const app = await createApplication(platform, AppModule, ServiceSettings).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  await app.listen(0, '127.0.0.1');
  return {
    app,
    platform,
    identity,
    url: await app.getUrl(),
    appoint: (personId, role, organisationCode, version = 1, validTo = null) =>
      platform.database.transaction((tx) =>
        recordRoles(tx, [
          { personId, role, organisationCode, validFrom: '2020-04-01', validTo, assignmentVersion: version },
        ]),
      ),
    close: async () => {
      await app.close();
      await release();
    },
  };
}
