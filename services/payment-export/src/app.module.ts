import { AuditAppender } from '@attest/audit';
import { Database } from '@attest/persistence';
import { Module } from '@nestjs/common';
import { AccountsController } from './api/accounts.controller.js';
import { AcknowledgementFilesController } from './api/acknowledgement-files.controller.js';
import { PaymentFilesController } from './api/payment-files.controller.js';
import { QuarantineRepairsController } from './api/quarantine-repairs.controller.js';
import { QuarantinedAnswersController } from './api/quarantined-answers.controller.js';
import { ReleaseRunsController } from './api/release-runs.controller.js';
import { AdvanceRun } from './application/advance-run.js';
import { ApplyAnswers } from './application/apply-answers.js';
import { FollowDeclarations } from './application/follow-declarations.js';
import { HearBarrier } from './application/hear-barrier.js';
import { AcknowledgementStore } from './application/acknowledgement.ports.js';
import { FileStore, ReferenceStore, RunStore, SealStore } from './application/ports.js';
import { PaymentQueries } from './application/queries.js';
import { QuarantineStore } from './application/quarantine.ports.js';
import { QuarantinedAnswers } from './application/quarantined-answers.js';
import { RepairAnswers } from './application/repair-answers.js';
import { RunQueries } from './application/run.queries.js';
import { SealRun } from './application/seal-run.js';
import { StartDueRuns } from './application/start-due-runs.js';
import { StartRun } from './application/start-run.js';
import { TakeAcknowledgements } from './application/take-acknowledgements.js';
import { PaymentExportSettings } from './config/payment-export.settings.js';
import { DeclarationsConsumer } from './messaging/declarations.consumer.js';
import { DiscardedEvents } from './messaging/discarded-events.js';
import { OrganisationsConsumer } from './messaging/organisations.consumer.js';
import { PeriodsConsumer } from './messaging/periods.consumer.js';
import { QualityServicesConsumer } from './messaging/quality-services.consumer.js';
import { PgAcknowledgementStore } from './persistence/acknowledgement.store.js';
import { FolderFileStore } from './persistence/folder.file-store.js';
import { PgPaymentQueries } from './persistence/payment.queries.js';
import { PgQuarantineStore } from './persistence/quarantine.store.js';
import { PgQuarantinedAnswers } from './persistence/quarantined-answers.queries.js';
import { PgReferenceStore } from './persistence/reference.store.js';
import { RepublishPayments } from './persistence/republish.js';
import { PgRunQueries } from './persistence/run.queries.js';
import { PgRunStore } from './persistence/run.store.js';
import { PgSealStore } from './persistence/seal.store.js';

/** Seals, what the agencies answered, and what finance made of answers in quarantine. */
const AUDITED = [
  { table: 'sealed_file', except: ['stored_at'] },
  { table: 'sealed_line' },
  { table: 'ledger_entry' },
  { table: 'acknowledgement_line' },
  { table: 'quarantine_step' },
];

@Module({
  controllers: [
    ReleaseRunsController,
    PaymentFilesController,
    // Before the files themselves, whose identifiers stand in the same place of a path.
    QuarantinedAnswersController,
    QuarantineRepairsController,
    AcknowledgementFilesController,
    AccountsController,
    DeclarationsConsumer,
    OrganisationsConsumer,
    PeriodsConsumer,
    QualityServicesConsumer,
  ],
  providers: [
    StartRun,
    StartDueRuns,
    AdvanceRun,
    SealRun,
    HearBarrier,
    FollowDeclarations,
    DiscardedEvents,
    ApplyAnswers,
    TakeAcknowledgements,
    RepairAnswers,
    RepublishPayments,
    {
      provide: AuditAppender,
      inject: [Database, PaymentExportSettings],
      useFactory: (database: Database, settings: PaymentExportSettings) =>
        AuditAppender.of('payment-export', AUDITED, database, settings),
    },
    { provide: RunStore, useClass: PgRunStore },
    { provide: SealStore, useClass: PgSealStore },
    { provide: FileStore, useClass: FolderFileStore },
    { provide: ReferenceStore, useClass: PgReferenceStore },
    { provide: AcknowledgementStore, useClass: PgAcknowledgementStore },
    { provide: PaymentQueries, useClass: PgPaymentQueries },
    { provide: RunQueries, useClass: PgRunQueries },
    { provide: QuarantineStore, useClass: PgQuarantineStore },
    { provide: QuarantinedAnswers, useClass: PgQuarantinedAnswers },
  ],
})
export class AppModule {}
