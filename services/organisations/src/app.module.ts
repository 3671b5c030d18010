import { AuditAppender } from '@attest/audit';
import { parseLondonDate } from '@attest/calendar';
import { Database } from '@attest/persistence';
import { Module } from '@nestjs/common';
import { BulkMembershipChangesController } from './api/bulk-membership-changes.controller.js';
import { OrganisationFileStepsController } from './api/organisation-file-steps.controller.js';
import { OrganisationFilesController } from './api/organisation-files.controller.js';
import { OrganisationsController } from './api/organisations.controller.js';
import { PayeeChangesController } from './api/payee-changes.controller.js';
import { PcnMembershipChangesController } from './api/pcn-membership-changes.controller.js';
import { RoleAssignmentsController } from './api/role-assignments.controller.js';
import { AssignRole } from './application/assign-role.js';
import { ChangeMembership } from './application/change-membership.js';
import { ChangePayee } from './application/change-payee.js';
import { DecideOrganisationFile } from './application/decide-organisation-file.js';
import { DeriveRegister } from './application/derive-register.js';
import { FileChanges } from './application/file-changes.js';
import { ImportOrganisationFile } from './application/import-organisation-file.js';
import { Layouts } from './application/layouts.js';
import { PayeeStore } from './application/payee-store.js';
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
import { TakeRoles } from './application/take-roles.js';
import { TellForgotten } from './application/tell-forgotten.js';
import { OrganisationsSettings } from './config/organisations.settings.js';
import { LAYOUTS } from './domain/files/layouts.js';
import type { Share } from './domain/register/effect.js';
import { PgFileStore } from './persistence/file.store.js';
import { PgMembershipStore } from './persistence/membership.store.js';
import { PgOrganisationStore } from './persistence/organisation.store.js';
import { PgPayeeStore } from './persistence/payee.store.js';
import { PgQueries } from './persistence/queries.js';
import { PgRecordStore } from './persistence/record.store.js';
import { RepublishMemberships, RepublishOrganisations, RepublishRoles } from './persistence/republish.js';
import { PgRoleStore } from './persistence/role.store.js';
import { PgStatementStore } from './persistence/statement.store.js';

const UNLESS_SAID: Share = { percent: 2, least: 20 };

function limitsOf(settings: OrganisationsSettings): Limits {
  const shares = new Map<string | undefined, Share>(
    settings.CONFIRMATION_SHARES.split(',').flatMap((text) => {
      const [layout, percent, least] = text.split(/[=/]/);
      return layout === '' ? [] : [[layout, { percent: Number(percent), least: Number(least) }] as const];
    }),
  );
  for (const layout of shares.keys())
    if (!LAYOUTS.some((known) => known === layout))
      throw new Error(
        `CONFIRMATION_SHARES names the layout ${layout}, which there is not. Name one of ${LAYOUTS.join(', ')}.`,
      );
  return {
    fileMaxBytes: settings.ORGANISATION_FILE_MAX_BYTES,
    firstOperatorId: settings.BOOTSTRAP_OPERATOR_ID,
    filesFrom: parseLondonDate(`${settings.OLDEST_OPEN_YEAR.slice(0, 4)}-04-01`),
    shareOf: (layout) => shares.get(layout) ?? UNLESS_SAID,
  };
}

@Module({
  controllers: [
    OrganisationFilesController,
    OrganisationFileStepsController,
    OrganisationsController,
    PcnMembershipChangesController,
    BulkMembershipChangesController,
    RoleAssignmentsController,
    PayeeChangesController,
  ],
  providers: [
    ImportOrganisationFile,
    DecideOrganisationFile,
    DeriveRegister,
    FileChanges,
    TakeRoles,
    RepublishOrganisations,
    RepublishMemberships,
    RepublishRoles,
    ChangeMembership,
    AssignRole,
    ChangePayee,
    Layouts,
    Publish,
    RecordRoles,
    RegisterGround,
    TellForgotten,
    {
      provide: AuditAppender,
      inject: [Database, OrganisationsSettings],
      useFactory: (database: Database, settings: OrganisationsSettings) =>
        AuditAppender.of(
          'organisations',
          [{ table: 'payee_change_history' }, { table: 'organisation_file_history' }],
          database,
          settings,
        ),
    },
    { provide: Limits, inject: [OrganisationsSettings], useFactory: limitsOf },
    { provide: FileStore, useClass: PgFileStore },
    { provide: RecordStore, useClass: PgRecordStore },
    { provide: StatementStore, useClass: PgStatementStore },
    { provide: OrganisationStore, useClass: PgOrganisationStore },
    { provide: MembershipStore, useClass: PgMembershipStore },
    { provide: PayeeStore, useClass: PgPayeeStore },
    { provide: RoleStore, useClass: PgRoleStore },
    { provide: Queries, useClass: PgQueries },
  ],
})
export class AppModule {}
