import { AuditAppender } from '@attest/audit';
import { EventStreams } from '@attest/http';
import { Database } from '@attest/persistence';
import { Module } from '@nestjs/common';
import { ApprovalTasksController } from './api/approval-tasks.controller.js';
import { BulkApprovalsController } from './api/bulk-approvals.controller.js';
import { BulkPreviewsController } from './api/bulk-previews.controller.js';
import {
  BulkKeeping,
  BulkPreviewStore,
  BulkRequests,
  BulkStore,
  OldBulks,
} from './application/bulk.ports.js';
import { EndUnanswered } from './application/end-unanswered.js';
import { EndBulks } from './application/end-bulks.js';
import { ForgetBulks } from './application/forget-bulks.js';
import { LookAtTasks } from './application/look-at-tasks.js';
import { ApprovalStore } from './application/ports.js';
import { PreviewBulk } from './application/preview-bulk.js';
import { TaskProjection } from './application/projection.ports.js';
import { TaskQueries } from './application/queries.js';
import { RecordDeclarations } from './application/record-declarations.js';
import { RefuseLostStates } from './application/refuse-lost-states.js';
import { SignBulk } from './application/sign-bulk.js';
import { SignOne } from './application/sign-one.js';
import { SignTasks } from './application/sign-tasks.js';
import { WorkOnBulks } from './application/work-on-bulks.js';
import { CommissionerApprovalSettings } from './config/commissioner-approval.settings.js';
import { DiscardedEvents } from './messaging/discarded-events.js';
import { DeclarationsConsumer } from './messaging/declarations.consumer.js';
import { PgApprovalStore } from './persistence/approval.store.js';
import { PgBulkPreviewStore } from './persistence/bulk-preview.store.js';
import { PgBulkRequests } from './persistence/bulk-requests.store.js';
import { PgBulkStore } from './persistence/bulk.store.js';
import { PgOldBulks } from './persistence/old-bulks.store.js';
import { PgTaskProjection } from './persistence/task.projection.js';
import { PgTaskQueries } from './persistence/task.queries.js';

@Module({
  controllers: [
    ApprovalTasksController,
    BulkApprovalsController,
    BulkPreviewsController,
    DeclarationsConsumer,
  ],
  providers: [
    LookAtTasks,
    SignTasks,
    SignOne,
    SignBulk,
    PreviewBulk,
    WorkOnBulks,
    DiscardedEvents,
    EndBulks,
    EndUnanswered,
    ForgetBulks,
    RecordDeclarations,
    RefuseLostStates,
    {
      provide: AuditAppender,
      inject: [Database, CommissionerApprovalSettings],
      useFactory: (database: Database, settings: CommissionerApprovalSettings) =>
        AuditAppender.of('commissioner-approval', [{ table: 'signature_record' }], database, settings),
    },
    {
      provide: EventStreams,
      inject: [CommissionerApprovalSettings],
      useFactory: (settings: CommissionerApprovalSettings) => new EventStreams(settings.EVENT_STREAMS_MOST),
    },
    {
      provide: BulkKeeping,
      inject: [CommissionerApprovalSettings],
      useFactory: (settings: CommissionerApprovalSettings): BulkKeeping => ({
        keptDays: settings.BULKS_KEPT_DAYS,
      }),
    },
    { provide: ApprovalStore, useClass: PgApprovalStore },
    { provide: BulkPreviewStore, useClass: PgBulkPreviewStore },
    { provide: BulkRequests, useClass: PgBulkRequests },
    { provide: BulkStore, useClass: PgBulkStore },
    { provide: OldBulks, useClass: PgOldBulks },
    { provide: TaskQueries, useClass: PgTaskQueries },
    { provide: TaskProjection, useClass: PgTaskProjection },
  ],
})
export class AppModule {}
