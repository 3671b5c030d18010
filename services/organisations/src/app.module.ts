import { Module } from '@nestjs/common';
import { BulkMembershipChangesController } from './api/bulk-membership-changes.controller.js';
import { OrganisationFilesController } from './api/organisation-files.controller.js';
import { OrganisationsController } from './api/organisations.controller.js';
import { PcnMembershipChangesController } from './api/pcn-membership-changes.controller.js';
import { RoleAssignmentsController } from './api/role-assignments.controller.js';
import { AssignRole } from './application/assign-role.js';
import { ChangeMembership } from './application/change-membership.js';
import { ImportOrganisationFile } from './application/import-organisation-file.js';
import { Layouts } from './application/layouts.js';
import {
  FileStore,
  Limits,
  MembershipStore,
  OrganisationStore,
  RecordStore,
  StatementStore,
} from './application/ports.js';
import { Publish } from './application/publish.js';
import { Queries } from './application/queries.js';
import { RecordRoles } from './application/record-roles.js';
import { RegisterGround } from './application/register-ground.js';
import { RoleStore } from './application/role-store.js';
import { OrganisationsSettings } from './config/organisations.settings.js';
import { PgFileStore } from './persistence/file.store.js';
import { PgMembershipStore } from './persistence/membership.store.js';
import { PgOrganisationStore } from './persistence/organisation.store.js';
import { PgQueries } from './persistence/queries.js';
import { PgRecordStore } from './persistence/record.store.js';
import { PgRoleStore } from './persistence/role.store.js';
import { PgStatementStore } from './persistence/statement.store.js';

const limitsOf = (settings: OrganisationsSettings): Limits => ({
  fileMaxBytes: settings.ORGANISATION_FILE_MAX_BYTES,
  firstOperatorId: settings.BOOTSTRAP_OPERATOR_ID,
});

@Module({
  controllers: [
    OrganisationFilesController,
    OrganisationsController,
    PcnMembershipChangesController,
    BulkMembershipChangesController,
    RoleAssignmentsController,
  ],
  providers: [
    ImportOrganisationFile,
    ChangeMembership,
    AssignRole,
    Layouts,
    Publish,
    RecordRoles,
    RegisterGround,
    { provide: Limits, inject: [OrganisationsSettings], useFactory: limitsOf },
    { provide: FileStore, useClass: PgFileStore },
    { provide: RecordStore, useClass: PgRecordStore },
    { provide: StatementStore, useClass: PgStatementStore },
    { provide: OrganisationStore, useClass: PgOrganisationStore },
    { provide: MembershipStore, useClass: PgMembershipStore },
    { provide: RoleStore, useClass: PgRoleStore },
    { provide: Queries, useClass: PgQueries },
  ],
})
export class AppModule {}
