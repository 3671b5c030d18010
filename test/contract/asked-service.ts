import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { recordRoles } from '@attest/auth';
import { ROLES } from '@attest/contracts';
import type { Service, ServiceSettings } from '@attest/hosting';
import type { Database } from '@attest/persistence';
import { testDatabase, testIdentity } from '@attest/testing';
import type { Type } from '@nestjs/common';
import { createApplication } from '../../libs/hosting/src/application.js';
import { createPlatform } from '../../libs/hosting/src/platform.js';
import { exampleSettings } from '../../libs/hosting/src/service.js';

export interface AskedService {
  readonly url: string;
  readonly database: Database;
  /** Its OpenAPI document. */
  readonly document: unknown;
  headers(personId: string): Promise<{ authorization: string }>;
  /** Everything that can be done, at one organisation. */
  appoint(personId: string, organisationCode: string): Promise<void>;
}

/** A service's whole application over a real database, listening, with nothing of Kafka started. */
export async function askedService(
  name: string,
  work: (service: AskedService) => Promise<void>,
): Promise<void> {
  const load = (file: string): Promise<Record<string, unknown>> =>
    import(join(process.cwd(), 'services', name, 'src', file)) as Promise<Record<string, unknown>>;
  const only = <T>(module: Record<string, unknown>, fits: (value: unknown, name: string) => boolean): T =>
    Object.entries(module).find(([key, value]) => fits(value, key))![1] as T;
  const service = only<Service>(await load('index.ts'), (value) => typeof value === 'object');
  const Settings = only<new () => ServiceSettings>(await load(`config/${name}.settings.ts`), (_, key) =>
    key.endsWith('Settings'),
  );
  const AppModule = (await load('app.module.ts'))['AppModule'] as Type<unknown>;
  const folder = mkdtempSync(join(tmpdir(), 'asked-'));
  const [database, identity] = await Promise.all([testDatabase(name), testIdentity()]);
  await service.migrate(database.url);
  // The only texts that a service requires besides are folders.
  const settings = Object.assign(exampleSettings(Settings, folder), {
    DATABASE_URL: database.url,
    OIDC_ISSUER: identity.issuer,
    LOG_LEVEL: 'silent' as const,
  });
  const platform = createPlatform(service.name, settings);
  const app = await createApplication(platform, AppModule, Settings);
  try {
    await app.listen(0, '127.0.0.1');
    await work({
      url: await app.getUrl(),
      database: platform.database,
      document: await platform.apiDocument.get(),
      headers: (personId) => identity.headers(personId),
      appoint: (personId, organisationCode) =>
        platform.database.transaction((tx) =>
          recordRoles(
            tx,
            ROLES.map((role) => ({
              personId,
              role,
              organisationCode,
              validFrom: '2020-04-01',
              validTo: null,
              assignmentVersion: 1,
            })),
          ),
        ),
    });
  } finally {
    await app.close();
    await platform.database.close();
    await identity.close();
    await database.drop();
    rmSync(folder, { recursive: true, force: true });
  }
}
