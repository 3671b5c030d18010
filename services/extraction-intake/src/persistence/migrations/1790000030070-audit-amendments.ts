import { auditTable, CREATE_AUDIT, DROP_AUDIT, dropAuditTable } from '@attest/audit';
import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Who asked for which other values and who accepted them moves money: those steps are chained. */
export class AuditAmendments1790000030070 implements MigrationInterface {
  name = 'AuditAmendments1790000030070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${CREATE_AUDIT}
      ${auditTable('amendment_history')}
      REVOKE UPDATE, DELETE, TRUNCATE ON amendment_history FROM CURRENT_USER;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(dropAuditTable('amendment_history') + DROP_AUDIT);
  }
}
