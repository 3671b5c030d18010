import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Which run a declaration is being sent by, and the payment event that its workflow applied last. */
export class FindForgottenRuns1790000000210 implements MigrationInterface {
  name = 'FindForgottenRuns1790000000210';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE declaration_state ADD COLUMN run_id uuid, ADD COLUMN told_version bigint NOT NULL DEFAULT 0;
      CREATE INDEX declaration_state_releasing ON declaration_state (declaration_id) WHERE status = 'RELEASING';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX declaration_state_releasing;
      ALTER TABLE declaration_state DROP COLUMN run_id, DROP COLUMN told_version;
    `);
  }
}
