import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * Files and runs are never deleted, and what refers to one is written in the transaction that made it or holds it.
 * Looking it up once more for each of 45,000 rows took as long as writing half of them.
 */
export class LookUpNoParents1790000000332 implements MigrationInterface {
  name = 'LookUpNoParents1790000000332';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE run_item DROP CONSTRAINT run_item_run_id_fkey;
      ALTER TABLE sealed_line DROP CONSTRAINT sealed_line_file_name_fkey;
      ALTER TABLE acknowledgement_line DROP CONSTRAINT acknowledgement_line_file_id_fkey;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE acknowledgement_line ADD CONSTRAINT acknowledgement_line_file_id_fkey
        FOREIGN KEY (file_id) REFERENCES acknowledgement_file;
      ALTER TABLE sealed_line ADD CONSTRAINT sealed_line_file_name_fkey FOREIGN KEY (file_name) REFERENCES sealed_file;
      ALTER TABLE run_item ADD CONSTRAINT run_item_run_id_fkey FOREIGN KEY (run_id) REFERENCES release_run;
    `);
  }
}
