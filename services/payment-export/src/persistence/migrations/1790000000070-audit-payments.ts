import { auditTable, CREATE_AUDIT, DROP_AUDIT, dropAuditTable } from '@attest/audit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Append-only already; from here on also chained. */
const TABLES = ['sealed_file', 'sealed_line', 'ledger_entry', 'acknowledgement_line'];

export class AuditPayments1790000000070 implements MigrationInterface {
  name = 'AuditPayments1790000000070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(CREATE_AUDIT + TABLES.map(auditTable).join(''));
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(TABLES.map(dropAuditTable).join('') + DROP_AUDIT);
  }
}
