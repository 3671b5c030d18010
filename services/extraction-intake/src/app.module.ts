import { AuditAppender } from '@attest/audit';
import { Database } from '@attest/persistence';
import { Module } from '@nestjs/common';
import { AmendmentRequestsController } from './api/amendment-requests.controller.js';
import { CompletenessController } from './api/completeness.controller.js';
import { ExtractFilesController } from './api/extract-files.controller.js';
import { PagesController } from './api/pages.controller.js';
import { WithdrawalsController } from './api/withdrawals.controller.js';
import { AmendmentReferenceStore, AmendmentStore } from './application/amendment-ports.js';
import { AskAmendment } from './application/ask-amendment.js';
import { DecideAmendment } from './application/decide-amendment.js';
import { FindEffectOfWithdrawal } from './application/effect-of-withdrawal.js';
import { ForgetUnfinishedUploads } from './application/forget-unfinished-uploads.js';
import { LookAtAmendments } from './application/look-at-amendments.js';
import { OvertakeAmendments } from './application/overtake-amendments.js';
import {
  CompletenessStore,
  ExtractFileStore,
  OriginalFiles,
  PageStore,
  ReferenceStore,
  RejectedRowsSpool,
} from './application/ports.js';
import { ReadAgain } from './application/read-again.js';
import { ReceiveExtractFile } from './application/receive-extract-file.js';
import { RecordCompleteness } from './application/record-completeness.js';
import { RecordQualityServices } from './application/record-quality-services.js';
import { TakeFile } from './application/take-file.js';
import { TellRows } from './application/tell-rows.js';
import { RestorePages } from './application/restore-pages.js';
import { WithdrawFile } from './application/withdraw-file.js';
import { WithdrawalStore } from './application/withdrawal-ports.js';
import { ExtractionIntakeSettings } from './config/extraction-intake.settings.js';
import { QualityServicesConsumer } from './messaging/quality-services.consumer.js';
import { PgAmendmentReferenceStore } from './persistence/amendment-reference.store.js';
import { PgAmendmentStore } from './persistence/amendment.store.js';
import { PgCompletenessStore } from './persistence/completeness.store.js';
import { PgExtractFileStore } from './persistence/extract-file.store.js';
import { DiskOriginalFiles } from './persistence/original-files.js';
import { PgPageStore } from './persistence/page.store.js';
import { PgReferenceStore } from './persistence/reference.store.js';
import { RepublishAmendments, RepublishCompleteness, RepublishPages } from './persistence/republish.js';
import { DiskRejectedRowsSpool } from './persistence/rejected-rows.spool.js';
import { PgWithdrawalStore } from './persistence/withdrawal.store.js';

@Module({
  controllers: [
    ExtractFilesController,
    WithdrawalsController,
    PagesController,
    CompletenessController,
    AmendmentRequestsController,
    QualityServicesConsumer,
  ],
  providers: [
    ReceiveExtractFile,
    ReadAgain,
    TakeFile,
    TellRows,
    FindEffectOfWithdrawal,
    RestorePages,
    WithdrawFile,
    RecordCompleteness,
    RepublishPages,
    RepublishCompleteness,
    RepublishAmendments,
    RecordQualityServices,
    ForgetUnfinishedUploads,
    AskAmendment,
    DecideAmendment,
    LookAtAmendments,
    OvertakeAmendments,
    {
      provide: AuditAppender,
      inject: [Database, ExtractionIntakeSettings],
      useFactory: (database: Database, settings: ExtractionIntakeSettings) =>
        AuditAppender.of(
          'extraction-intake',
          [{ table: 'amendment_history' }, { table: 'file_withdrawal_history' }],
          database,
          settings,
        ),
    },
    { provide: OriginalFiles, useClass: DiskOriginalFiles },
    { provide: RejectedRowsSpool, useClass: DiskRejectedRowsSpool },
    { provide: ReferenceStore, useClass: PgReferenceStore },
    { provide: ExtractFileStore, useClass: PgExtractFileStore },
    { provide: PageStore, useClass: PgPageStore },
    { provide: CompletenessStore, useClass: PgCompletenessStore },
    { provide: WithdrawalStore, useClass: PgWithdrawalStore },
    { provide: AmendmentStore, useClass: PgAmendmentStore },
    { provide: AmendmentReferenceStore, useClass: PgAmendmentReferenceStore },
  ],
})
export class AppModule {}
