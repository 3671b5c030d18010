import { auditTable, CREATE_AUDIT, DROP_AUDIT, dropAuditTable, keepAppendOnly } from '@attest/audit';
import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Nobody changes what happened, and who tries is found: the history is append-only and chained. */
export class AuditHistory1790000000070 implements MigrationInterface {
  name = 'AuditHistory1790000000070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      CREATE_AUDIT + auditTable('declaration_history') + keepAppendOnly('declaration_history'),
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(dropAuditTable('declaration_history') + DROP_AUDIT);
  }
}
