import { AuditAppender } from '@attest/audit';
import { bulkProviders } from '@attest/bulk';
import { EventStreams } from '@attest/http';
import { Database } from '@attest/persistence';
import { Module } from '@nestjs/common';
import { ApprovalTasksController } from './api/approval-tasks.controller.js';
import { BulkApprovalsController } from './api/bulk/bulk-approvals.controller.js';
import { BulkPreviewsController } from './api/bulk/bulk-previews.controller.js';
import { SignInBulk } from './application/bulk/sign-in-bulk.js';
import { EndUnanswered } from './application/end-unanswered.js';
import { LookAtTasks } from './application/look-at-tasks.js';
import { ApprovalStore } from './application/ports.js';
import { TaskProjection } from './application/projection.ports.js';
import { TaskQueries } from './application/queries.js';
import { RecordDeclarations } from './application/record-declarations.js';
import { SignOne } from './application/sign-one.js';
import { SignTasks } from './application/sign-tasks.js';
import { CommissionerApprovalSettings } from './config/commissioner-approval.settings.js';
import { DiscardedEvents } from './messaging/discarded-events.js';
import { DeclarationsConsumer } from './messaging/declarations.consumer.js';
import { PgApprovalStore } from './persistence/approval.store.js';
import { approvalBulkTables } from './persistence/bulk/bulk-tables.js';
import { TaskCandidates } from './persistence/bulk/task-candidates.js';
import { RepublishSignatures } from './persistence/republish.js';
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
    DiscardedEvents,
    EndUnanswered,
    RecordDeclarations,
    RepublishSignatures,
    ...bulkProviders({ tables: approvalBulkTables, candidates: TaskCandidates, work: SignInBulk }),
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
    { provide: ApprovalStore, useClass: PgApprovalStore },
    { provide: TaskQueries, useClass: PgTaskQueries },
    { provide: TaskProjection, useClass: PgTaskProjection },
  ],
})
export class AppModule {}
