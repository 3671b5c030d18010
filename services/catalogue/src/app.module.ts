import { Module } from '@nestjs/common';
import { AgenciesController } from './api/agencies.controller.js';
import { BusinessClockController } from './api/business-clock.controller.js';
import { ParticipationsController } from './api/participations.controller.js';
import { QualityServicesController } from './api/quality-services.controller.js';
import { EndParticipations } from './application/end-participations.js';
import { EndForClosed } from './application/end-for-closed.js';
import { MakeOffer } from './application/make-offer.js';
import { MoveClock } from './application/move-clock.js';
import { AgencyStore, ClockStore, ParticipationStore, Queries, ServiceStore } from './application/ports.js';
import { PublishAgency } from './application/publish-agency.js';
import { PublishService } from './application/publish-service.js';
import { RecordParticipations } from './application/record-participations.js';
import { RespondToOffers } from './application/respond-to-offers.js';
import { OrganisationsConsumer } from './messaging/organisations.consumer.js';
import { PgClockStore } from './persistence/clock.store.js';
import { PgParticipationStore } from './persistence/participation.store.js';
import { PgQueries } from './persistence/queries.js';
import {
  RepublishAgencies,
  RepublishClock,
  RepublishParticipations,
  RepublishServices,
} from './persistence/republish.js';
import { PgAgencyStore, PgServiceStore } from './persistence/service.store.js';

@Module({
  controllers: [
    QualityServicesController,
    AgenciesController,
    ParticipationsController,
    BusinessClockController,
    OrganisationsConsumer,
  ],
  providers: [
    PublishService,
    PublishAgency,
    MakeOffer,
    RespondToOffers,
    EndParticipations,
    EndForClosed,
    MoveClock,
    RecordParticipations,
    RepublishServices,
    RepublishParticipations,
    RepublishAgencies,
    RepublishClock,
    { provide: ServiceStore, useClass: PgServiceStore },
    { provide: AgencyStore, useClass: PgAgencyStore },
    { provide: ParticipationStore, useClass: PgParticipationStore },
    { provide: ClockStore, useClass: PgClockStore },
    { provide: Queries, useClass: PgQueries },
  ],
})
export class AppModule {}
