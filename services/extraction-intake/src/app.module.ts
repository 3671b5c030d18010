import { Module } from '@nestjs/common';
import { CompletenessController } from './api/completeness.controller.js';
import { ExtractFilesController } from './api/extract-files.controller.js';
import { PagesController } from './api/pages.controller.js';
import { ForgetUnfinishedUploads } from './application/forget-unfinished-uploads.js';
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
import { QualityServicesConsumer } from './messaging/quality-services.consumer.js';
import { PgCompletenessStore } from './persistence/completeness.store.js';
import { PgExtractFileStore } from './persistence/extract-file.store.js';
import { DiskOriginalFiles } from './persistence/original-files.js';
import { PgPageStore } from './persistence/page.store.js';
import { PgReferenceStore } from './persistence/reference.store.js';
import { DiskRejectedRowsSpool } from './persistence/rejected-rows.spool.js';

@Module({
  controllers: [ExtractFilesController, PagesController, CompletenessController, QualityServicesConsumer],
  providers: [
    ReceiveExtractFile,
    ReadAgain,
    TakeFile,
    RecordCompleteness,
    RecordQualityServices,
    ForgetUnfinishedUploads,
    { provide: OriginalFiles, useClass: DiskOriginalFiles },
    { provide: RejectedRowsSpool, useClass: DiskRejectedRowsSpool },
    { provide: ReferenceStore, useClass: PgReferenceStore },
    { provide: ExtractFileStore, useClass: PgExtractFileStore },
    { provide: PageStore, useClass: PgPageStore },
    { provide: CompletenessStore, useClass: PgCompletenessStore },
  ],
})
export class AppModule {}
