import { AuditAppender } from '@attest/audit';
import { bulkProviders } from '@attest/bulk';
import { EventStreams } from '@attest/http';
import { Database } from '@attest/persistence';
import { Module } from '@nestjs/common';
import { BulkDeclarationsController } from './api/bulk/bulk-declarations.controller.js';
import { BulkPreviewsController } from './api/bulk/bulk-previews.controller.js';
import { ActInBulk } from './application/bulk/act-in-bulk.js';
import { SeenBeforeStore } from './application/bulk/declaration-bulk.js';
import { CorrectionsController } from './api/signing/corrections.controller.js';
import { LateController } from './api/periods/late.controller.js';
import { OutsideSettlementsController } from './api/signing/outside-settlements.controller.js';
import { DeclarationMovesController } from './api/signing/declaration-moves.controller.js';
import { DeclarationsController } from './api/looking/declarations.controller.js';
import { FreezesController } from './api/periods/freezes.controller.js';
import { HoldsController } from './api/holds/holds.controller.js';
import { ProviderHistoryController } from './api/looking/provider-history.controller.js';
import { AdmitLate } from './application/periods/admit-late.js';
import { AnswerDiscarded } from './application/core/answer-discarded.js';
import { ApplyPayments } from './application/payments/apply-payments.js';
import { ApplySignatures } from './application/signing/apply-signatures.js';
import { CorrectDeclaration } from './application/signing/correct-declaration.js';
import { DeclareAchievements } from './application/signing/declare-achievements.js';
import { ForgottenStore } from './application/core/forgotten.ports.js';
import { TellForgotten } from './application/core/tell-forgotten.js';
import { AnswerItemsAtOnce } from './application/core/answer-items-at-once.js';
import { EscalateHolds } from './application/holds/escalate-holds.js';
import { FollowReferences } from './application/references/follow-references.js';
import { FreezePeriod } from './application/periods/freeze-period.js';
import { FreezeGuard, FreezeStore } from './application/periods/freeze.ports.js';
import { FollowPolicies } from './application/signing/follow-policies.js';
import { SystemSteps } from './application/signing/system-steps.js';
import { LookAtDeclaration } from './application/looking/look-at-declaration.js';
import { LookAtFreezes } from './application/periods/look-at-freezes.js';
import { LookAtHolds } from './application/holds/look-at-holds.js';
import { MoveDeclaration } from './application/core/move-declaration.js';
import { MoveEach } from './application/core/move-each.js';
import { KeepEarlierFigure } from './application/figures/keep-earlier-figure.js';
import { PlaceHold } from './application/holds/place-hold.js';
import { PolicyStore } from './application/signing/policy.ports.js';
import { BulkLimits, DeclarationStore, Locks, ParkedStore } from './application/core/declaration.ports.js';
import { CorrectionStore, OutsideSettlementStore } from './application/signing/proposal.ports.js';
import { OverrideStore, ResultStore, WaitingStore } from './application/figures/figures.ports.js';
import {
  ReferencesToFollow,
  ReferenceStore,
  ServiceStore,
} from './application/references/reference.ports.js';
import { DeclarationQueries } from './application/looking/queries.js';
import { RecordAchievements } from './application/figures/record-achievements.js';
import { RecordMemberships } from './application/holds/record-memberships.js';
import { ReleaseHolds } from './application/holds/release-holds.js';
import { RevertApprovals } from './application/periods/revert-approvals.js';
import { TakeSystemSteps } from './application/signing/take-system-steps.js';
import { SettleOutside } from './application/signing/settle-outside.js';
import { WriteDeclarations } from './application/core/write-declarations.js';
import { DeclarationWorkflowSettings } from './config/declaration-workflow.settings.js';
import { DiscardedEvents } from './messaging/core/discarded-events.js';
import { AchievementsConsumer } from './messaging/figures/achievements.consumer.js';
import { ApprovalsConsumer } from './messaging/signing/approvals.consumer.js';
import { OrganisationsConsumer } from './messaging/references/organisations.consumer.js';
import { PaymentsConsumer } from './messaging/payments/payments.consumer.js';
import { PcnMembershipsConsumer } from './messaging/holds/pcn-memberships.consumer.js';
import { QualityServicesConsumer } from './messaging/references/quality-services.consumer.js';
import { declarationBulkTables } from './persistence/bulk/bulk-tables.js';
import { DeclarationCandidates } from './persistence/bulk/declaration-candidates.js';
import { PgSeenBeforeStore } from './persistence/bulk/seen-before.store.js';
import { PgCorrectionStore } from './persistence/signing/correction.store.js';
import { PgDeclarationQueries } from './persistence/looking/declaration.queries.js';
import { PgDeclarationStore } from './persistence/core/declaration.store.js';
import { PgFreezeGuard } from './persistence/periods/freeze.guard.js';
import { PgFreezeStore } from './persistence/periods/freeze.store.js';
import { PgForgottenStore } from './persistence/core/forgotten.store.js';
import { PgLocks } from './persistence/core/locks.js';
import { PgOverrideStore } from './persistence/figures/override.store.js';
import { PgOutsideSettlementStore } from './persistence/signing/outside-settlement.store.js';
import { PgParkedStore } from './persistence/core/parked.store.js';
import { PgPolicyStore } from './persistence/signing/policy.store.js';
import { RepublishDeclarations, RepublishFreezes } from './persistence/republish.js';
import { PgReferencesToFollow } from './persistence/references/references-to-follow.store.js';
import { PgReferenceStore } from './persistence/references/reference.store.js';
import { PgResultStore } from './persistence/figures/result.store.js';
import { PgServiceStore } from './persistence/references/service.store.js';
import { PgWaitingStore } from './persistence/figures/waiting.store.js';

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
    AnswerItemsAtOnce,
    EscalateHolds,
    FollowReferences,
    FreezePeriod,
    FollowPolicies,
    SystemSteps,
    LookAtDeclaration,
    LookAtFreezes,
    LookAtHolds,
    MoveDeclaration,
    MoveEach,
    KeepEarlierFigure,
    PlaceHold,
    RecordAchievements,
    RecordMemberships,
    ReleaseHolds,
    RepublishDeclarations,
    RepublishFreezes,
    RevertApprovals,
    TakeSystemSteps,
    TellForgotten,
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
    { provide: ForgottenStore, useClass: PgForgottenStore },
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
