import { Access, AuthGuard, Directory, DirectoryConsumer } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import {
  CursorInterceptor,
  FileBodyGuard,
  IdempotencyInterceptor,
  ProblemFilter,
  requestValidation,
} from '@attest/http';
import {
  Barriers,
  ConsumptionControl,
  DeadLetters,
  failpoint,
  Outbox,
  RelayPace,
  Republisher,
} from '@attest/messaging';
import { Database } from '@attest/persistence';
import { Logger, Metrics } from '@attest/telemetry';
import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, Reflector } from '@nestjs/core';
import { httpLog } from './adapters.js';
import { BusinessClockConsumer } from './clock/business-clock.consumer.js';
import { MovableClock } from './clock/movable-clock.js';
import { HealthController } from './health/health.controller.js';
import { ApiDocument, OpenApiController } from './health/openapi.controller.js';
import { Readiness } from './health/readiness.js';
import { ForgottenEventsController } from './operations/forgotten-events.controller.js';
import { OperationsController } from './operations/operations.controller.js';
import { RepublishRunsController } from './operations/republish-runs.controller.js';
import type { Platform } from './platform.js';
import { Scheduler } from './scheduler/scheduler.js';
import { ServiceSettings } from './service-settings.js';

/** What every service's own classes may ask for in their constructors. */
@Module({})
export class PlatformModule {
  static of(platform: Platform, Settings: Type<ServiceSettings>): DynamicModule {
    const offered: Provider[] = [
      { provide: Database, useValue: platform.database },
      { provide: Outbox, useValue: platform.messaging.outbox },
      { provide: RelayPace, useValue: platform.messaging.pace },
      { provide: Barriers, useValue: platform.messaging.barriers },
      { provide: ConsumptionControl, useValue: platform.messaging.control },
      { provide: DeadLetters, useValue: platform.messaging.deadLetters },
      { provide: Republisher, useValue: platform.messaging.republisher },
      { provide: Access, useValue: platform.access },
      { provide: Directory, useValue: platform.directory },
      { provide: BusinessClock, useValue: platform.clock },
      { provide: MovableClock, useValue: platform.movableClock },
      { provide: Logger, useValue: platform.logger },
      { provide: Metrics, useValue: platform.metrics },
      { provide: Scheduler, useValue: platform.scheduler },
      { provide: ServiceSettings, useValue: platform.settings },
      ...(Settings === ServiceSettings ? [] : [{ provide: Settings, useValue: platform.settings }]),
    ];
    return {
      module: PlatformModule,
      global: true,
      controllers: [
        HealthController,
        OpenApiController,
        OperationsController,
        ForgottenEventsController,
        RepublishRunsController,
        DirectoryConsumer,
        BusinessClockConsumer,
      ],
      providers: [
        ...offered,
        { provide: Readiness, useValue: platform.readiness },
        { provide: ApiDocument, useValue: platform.apiDocument },
        { provide: APP_FILTER, useValue: new ProblemFilter(httpLog(platform.logger)) },
        { provide: APP_PIPE, useValue: requestValidation() },
        // In this order: nobody learns anything about a route before they are known.
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new AuthGuard(reflector, platform.verifier, platform.access),
        },
        {
          provide: APP_GUARD,
          inject: [Reflector],
          useFactory: (reflector: Reflector) => new FileBodyGuard(reflector),
        },
        { provide: APP_INTERCEPTOR, useValue: new CursorInterceptor() },
        {
          provide: APP_INTERCEPTOR,
          inject: [Reflector],
          useFactory: (reflector: Reflector) =>
            new IdempotencyInterceptor(reflector, platform.database, failpoint),
        },
      ],
      exports: offered,
    };
  }
}
