import { Module } from '@nestjs/common';
import { AchievementsController } from './api/achievements.controller.js';
import { RecalculationsController } from './api/recalculations.controller.js';
import { BlockAchievements } from './application/block-achievements.js';
import { FigureWorker } from './application/figure-worker.js';
import {
  AchievementStore,
  FactStore,
  InputStore,
  Locks,
  RecalculationStore,
  ServiceStore,
  TouchedStore,
} from './application/ports.js';
import { PublishFigures } from './application/publish-figures.js';
import { AchievementQueries } from './application/queries.js';
import { RebuildPeriod } from './application/rebuild-period.js';
import { RecordInputs } from './application/record-inputs.js';
import { Refigure } from './application/refigure.js';
import { RequestRecalculation } from './application/request-recalculation.js';
import { RunRecalculations } from './application/run-recalculations.js';
import { MembershipsConsumer } from './messaging/memberships.consumer.js';
import { OrganisationsConsumer } from './messaging/organisations.consumer.js';
import { QualityServicesConsumer } from './messaging/quality-services.consumer.js';
import { SubmissionsConsumer } from './messaging/submissions.consumer.js';
import { PgAchievementQueries } from './persistence/achievement.queries.js';
import { PgAchievementStore } from './persistence/achievement.store.js';
import { PgFactStore } from './persistence/fact.store.js';
import { PgInputStore } from './persistence/input.store.js';
import { PgLocks } from './persistence/locks.js';
import { PgRecalculationStore } from './persistence/recalculation.store.js';
import { RepublishAchievements } from './persistence/republish.js';
import { PgServiceStore } from './persistence/service.store.js';
import { PgTouchedStore } from './persistence/touched.store.js';
import { ThreadedFigureWorker } from './worker/threaded-figure-worker.js';

@Module({
  controllers: [
    AchievementsController,
    RecalculationsController,
    SubmissionsConsumer,
    MembershipsConsumer,
    OrganisationsConsumer,
    QualityServicesConsumer,
  ],
  providers: [
    RecordInputs,
    Refigure,
    PublishFigures,
    RebuildPeriod,
    RunRecalculations,
    RequestRecalculation,
    BlockAchievements,
    RepublishAchievements,
    { provide: Locks, useClass: PgLocks },
    { provide: InputStore, useClass: PgInputStore },
    { provide: TouchedStore, useClass: PgTouchedStore },
    { provide: ServiceStore, useClass: PgServiceStore },
    { provide: FactStore, useClass: PgFactStore },
    { provide: AchievementStore, useClass: PgAchievementStore },
    { provide: RecalculationStore, useClass: PgRecalculationStore },
    { provide: AchievementQueries, useClass: PgAchievementQueries },
    { provide: FigureWorker, useFactory: () => new ThreadedFigureWorker() },
  ],
})
export class AppModule {}
