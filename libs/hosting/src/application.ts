import { httpAdapter, openApiDocument } from '@attest/http';
import { refuseUndecidedRoutes } from '@attest/auth';
import { Module, RequestMethod, type Type } from '@nestjs/common';
import { ModulesContainer, NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { nestLogger } from './adapters.js';
import { PlatformModule } from './platform.module.js';
import type { Platform } from './platform.js';
import { addRequestHooks } from './request-hooks.js';
import type { ServiceSettings } from './service-settings.js';

@Module({})
class RootModule {}

const PREFIX = 'api/v1';
const OUTSIDE_PREFIX = ['health/live', 'health/ready', 'metrics', 'openapi.json'];

/** The Nest application over a platform, with every route's rule checked. Listens to nothing yet. */
export async function createApplication(
  platform: Platform,
  AppModule: Type<unknown>,
  Settings: Type<ServiceSettings>,
): Promise<NestFastifyApplication> {
  const adapter = httpAdapter();
  addRequestHooks(
    adapter.getInstance() as unknown as Parameters<typeof addRequestHooks>[0],
    platform.metrics,
  );
  const app = await NestFactory.create<NestFastifyApplication>(
    { module: RootModule, imports: [PlatformModule.of(platform, Settings), AppModule] },
    adapter,
    // Fastify's own JSON parser refuses what poisons prototypes; Nest's would also take forms, which nothing here does.
    { logger: nestLogger(platform.logger), abortOnError: false, bodyParser: false },
  );
  app.setGlobalPrefix(PREFIX, {
    exclude: OUTSIDE_PREFIX.map((path) => ({ path, method: RequestMethod.GET })),
  });
  refuseUndecidedRoutes(app.get(ModulesContainer));
  platform.apiDocument.renderWith(() =>
    openApiDocument(app, {
      title: `Attest: ${platform.name}`,
      description: `The HTTP interface of the ${platform.name} service.`,
      version: '1',
    }),
  );
  return app;
}

/** Every provider and controller instance of the application. */
export function instancesOf(app: NestFastifyApplication): object[] {
  const instances = new Set<object>();
  for (const module of app.get(ModulesContainer).values()) {
    for (const wrapper of [...module.providers.values(), ...module.controllers.values()]) {
      const instance: unknown = wrapper.isDependencyTreeStatic() ? wrapper.instance : undefined;
      if (typeof instance === 'object' && instance !== null) instances.add(instance);
    }
  }
  return [...instances];
}
