import type { MigrationInterface, QueryRunner } from 'typeorm';

const TABLES = 'sealed_file, sealed_line, ledger_entry, acknowledgement_line';

/** What the triggers refuse to everybody, the service's role has no right to either. */
export class GiveUpChanges1790000000130 implements MigrationInterface {
  name = 'GiveUpChanges1790000000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      REVOKE UPDATE, DELETE, TRUNCATE ON ${TABLES} FROM CURRENT_USER;
      -- That the bytes of a file stand is noted once. Lines that refer to a file lock it, which takes this right too.
      GRANT UPDATE (stored_at) ON sealed_file TO CURRENT_USER;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`GRANT UPDATE, DELETE, TRUNCATE ON ${TABLES} TO CURRENT_USER`);
  }
}
