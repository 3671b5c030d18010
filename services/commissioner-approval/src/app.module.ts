import { AuditAppender } from '@attest/audit';
import { Database } from '@attest/persistence';
import { Module } from '@nestjs/common';
import { ApprovalTasksController } from './api/approval-tasks.controller.js';
import { BulkApprovalsController } from './api/bulk-approvals.controller.js';
import { ApprovalStore, BulkStore } from './application/ports.js';
import { TaskProjection } from './application/projection.ports.js';
import { BulkQueries, TaskQueries } from './application/queries.js';
import { RecordDeclarations } from './application/record-declarations.js';
import { ResumeBulks } from './application/resume-bulks.js';
import { SignBulk } from './application/sign-bulk.js';
import { SignOne } from './application/sign-one.js';
import { SignTasks } from './application/sign-tasks.js';
import { CommissionerApprovalSettings } from './config/commissioner-approval.settings.js';
import { DeclarationsConsumer } from './messaging/declarations.consumer.js';
import { PgApprovalStore } from './persistence/approval.store.js';
import { PgBulkQueries } from './persistence/bulk.queries.js';
import { PgBulkStore } from './persistence/bulk.store.js';
import { PgTaskProjection } from './persistence/task.projection.js';
import { PgTaskQueries } from './persistence/task.queries.js';

@Module({
  controllers: [ApprovalTasksController, BulkApprovalsController, DeclarationsConsumer],
  providers: [
    SignTasks,
    SignOne,
    SignBulk,
    ResumeBulks,
    RecordDeclarations,
    {
      provide: AuditAppender,
      inject: [Database, CommissionerApprovalSettings],
      useFactory: (database: Database, settings: CommissionerApprovalSettings) =>
        AuditAppender.of('commissioner-approval', [{ table: 'signature_record' }], database, settings),
    },
    { provide: ApprovalStore, useClass: PgApprovalStore },
    { provide: BulkStore, useClass: PgBulkStore },
    { provide: TaskQueries, useClass: PgTaskQueries },
    { provide: BulkQueries, useClass: PgBulkQueries },
    { provide: TaskProjection, useClass: PgTaskProjection },
  ],
})
export class AppModule {}
