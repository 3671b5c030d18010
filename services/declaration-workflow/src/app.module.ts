import { AuditAppender } from '@attest/audit';
import { bulkProviders } from '@attest/bulk';
import { EventStreams } from '@attest/http';
import { Database } from '@attest/persistence';
import { Module } from '@nestjs/common';
import { BulkDeclarationsController } from './api/bulk/bulk-declarations.controller.js';
import { BulkPreviewsController } from './api/bulk/bulk-previews.controller.js';
import { CorrectionsController } from './api/corrections.controller.js';
import { LateController } from './api/late.controller.js';
import { OutsideSettlementsController } from './api/outside-settlements.controller.js';
import { DeclarationMovesController } from './api/declaration-moves.controller.js';
import { DeclarationsController } from './api/declarations.controller.js';
import { FreezesController } from './api/freezes.controller.js';
import { HoldsController } from './api/holds.controller.js';
import { ProviderHistoryController } from './api/provider-history.controller.js';
import { AdmitLate } from './application/admit-late.js';
import { AnswerDiscarded } from './application/answer-discarded.js';
import { ApplyPayments } from './application/apply-payments.js';
import { ApplySignatures } from './application/apply-signatures.js';
import { ActInBulk } from './application/bulk/act-in-bulk.js';
import { SeenBeforeStore } from './application/bulk/declaration-bulk.js';
import { CorrectDeclaration } from './application/correct-declaration.js';
import { DeclareAchievements } from './application/declare-achievements.js';
import { EachInOne } from './application/each-in-one.js';
import { EscalateHolds } from './application/escalate-holds.js';
import { FollowReferences } from './application/follow-references.js';
import { FreezePeriod } from './application/freeze-period.js';
import { FreezeGuard, FreezeStore } from './application/freeze.ports.js';
import { FollowPolicies } from './application/follow-policies.js';
import { GoOnBySystem } from './application/go-on-by-system.js';
import { LookAtDeclaration } from './application/look-at-declaration.js';
import { LookAtFreezes } from './application/look-at-freezes.js';
import { LookAtHolds } from './application/look-at-holds.js';
import { MoveDeclaration } from './application/move-declaration.js';
import { PlaceHold } from './application/place-hold.js';
import { PolicyStore } from './application/policy.ports.js';
import {
  BulkLimits,
  CorrectionStore,
  DeclarationStore,
  Locks,
  OverrideStore,
  OutsideSettlementStore,
  ParkedStore,
  ReferencesToFollow,
  ReferenceStore,
  ResultStore,
  ServiceStore,
  WaitingStore,
} from './application/ports.js';
import { DeclarationQueries } from './application/queries.js';
import { RecordAchievements } from './application/record-achievements.js';
import { RecordMemberships } from './application/record-memberships.js';
import { ReleaseHolds } from './application/release-holds.js';
import { RevertApprovals } from './application/revert-approvals.js';
import { TakeSystemSteps } from './application/take-system-steps.js';
import { SettleOutside } from './application/settle-outside.js';
import { WriteDeclarations } from './application/write-declarations.js';
import { DeclarationWorkflowSettings } from './config/declaration-workflow.settings.js';
import { DiscardedEvents } from './messaging/discarded-events.js';
import { AchievementsConsumer } from './messaging/achievements.consumer.js';
import { ApprovalsConsumer } from './messaging/approvals.consumer.js';
import { OrganisationsConsumer } from './messaging/organisations.consumer.js';
import { PaymentsConsumer } from './messaging/payments.consumer.js';
import { PcnMembershipsConsumer } from './messaging/pcn-memberships.consumer.js';
import { QualityServicesConsumer } from './messaging/quality-services.consumer.js';
import { declarationBulkTables } from './persistence/bulk/bulk-tables.js';
import { DeclarationCandidates } from './persistence/bulk/declaration-candidates.js';
import { PgSeenBeforeStore } from './persistence/bulk/seen-before.store.js';
import { PgCorrectionStore } from './persistence/correction.store.js';
import { PgDeclarationQueries } from './persistence/declaration.queries.js';
import { PgDeclarationStore } from './persistence/declaration.store.js';
import { PgFreezeGuard } from './persistence/freeze.guard.js';
import { PgFreezeStore } from './persistence/freeze.store.js';
import { PgLocks } from './persistence/locks.js';
import { PgOverrideStore } from './persistence/override.store.js';
import { PgOutsideSettlementStore } from './persistence/outside-settlement.store.js';
import { PgParkedStore } from './persistence/parked.store.js';
import { PgPolicyStore } from './persistence/policy.store.js';
import { PgReferencesToFollow } from './persistence/references-to-follow.store.js';
import { PgReferenceStore } from './persistence/reference.store.js';
import { PgResultStore } from './persistence/result.store.js';
import { PgServiceStore } from './persistence/service.store.js';
import { PgWaitingStore } from './persistence/waiting.store.js';

@Module({
  controllers: [
    // Before the routes by id: `bulk-declare` is no id.
    LateController,
    DeclarationMovesController,
    HoldsController,
    DeclarationsController,
    BulkDeclarationsController,
    BulkPreviewsController,
    CorrectionsController,
    FreezesController,
    ProviderHistoryController,
    OutsideSettlementsController,
    AchievementsConsumer,
    ApprovalsConsumer,
    OrganisationsConsumer,
    PaymentsConsumer,
    PcnMembershipsConsumer,
    QualityServicesConsumer,
  ],
  providers: [
    AdmitLate,
    AnswerDiscarded,
    ApplyPayments,
    ApplySignatures,
    CorrectDeclaration,
    DeclareAchievements,
    DiscardedEvents,
    EachInOne,
    EscalateHolds,
    FollowReferences,
    FreezePeriod,
    FollowPolicies,
    GoOnBySystem,
    LookAtDeclaration,
    LookAtFreezes,
    LookAtHolds,
    MoveDeclaration,
    PlaceHold,
    RecordAchievements,
    RecordMemberships,
    ReleaseHolds,
    RevertApprovals,
    TakeSystemSteps,
    SettleOutside,
    WriteDeclarations,
    ...bulkProviders({ tables: declarationBulkTables, candidates: DeclarationCandidates, work: ActInBulk }),
    {
      provide: AuditAppender,
      inject: [Database, DeclarationWorkflowSettings],
      useFactory: (database: Database, settings: DeclarationWorkflowSettings) =>
        AuditAppender.of('declaration-workflow', [{ table: 'declaration_history' }], database, settings),
    },
    {
      provide: BulkLimits,
      inject: [DeclarationWorkflowSettings],
      useFactory: (settings: DeclarationWorkflowSettings): BulkLimits => ({
        chunkSize: settings.BULK_CHUNK_SIZE,
      }),
    },
    {
      provide: EventStreams,
      inject: [DeclarationWorkflowSettings],
      useFactory: (settings: DeclarationWorkflowSettings) => new EventStreams(settings.EVENT_STREAMS_MOST),
    },
    { provide: CorrectionStore, useClass: PgCorrectionStore },
    { provide: DeclarationQueries, useClass: PgDeclarationQueries },
    { provide: DeclarationStore, useClass: PgDeclarationStore },
    { provide: FreezeGuard, useClass: PgFreezeGuard },
    { provide: FreezeStore, useClass: PgFreezeStore },
    { provide: Locks, useClass: PgLocks },
    { provide: OverrideStore, useClass: PgOverrideStore },
    { provide: OutsideSettlementStore, useClass: PgOutsideSettlementStore },
    { provide: ParkedStore, useClass: PgParkedStore },
    { provide: PolicyStore, useClass: PgPolicyStore },
    { provide: ReferencesToFollow, useClass: PgReferencesToFollow },
    { provide: ReferenceStore, useClass: PgReferenceStore },
    { provide: ResultStore, useClass: PgResultStore },
    { provide: SeenBeforeStore, useClass: PgSeenBeforeStore },
    { provide: ServiceStore, useClass: PgServiceStore },
    { provide: WaitingStore, useClass: PgWaitingStore },
  ],
})
export class AppModule {}
