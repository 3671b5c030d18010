import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** A barrier whose listener throws is tried again by itself, later each time. */
export class BarriersTriedAgain1766000000005 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE barrier
        ADD COLUMN failures integer NOT NULL DEFAULT 0,
        ADD COLUMN retry_at timestamptz`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE barrier DROP COLUMN failures, DROP COLUMN retry_at`);
  }
}
