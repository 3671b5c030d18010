import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** A topic of which too much dies pauses itself; the count starts anew when an operator resumes it. */
export class PoisonStorms1766000000006 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    // While it lasts, every key of the topic counts as blocked.
    await runner.query(
      `ALTER TABLE consumption_pause ADD COLUMN blocks_every_key boolean NOT NULL DEFAULT false`,
    );
    await runner.query(`
      CREATE TABLE consumption_resume (
        topic text PRIMARY KEY,
        resumed_by text NOT NULL,
        resumed_at timestamptz NOT NULL DEFAULT clock_timestamp()
      )`);
    await runner.query(`CREATE INDEX dead_letter_recent ON dead_letter (consumer, topic, first_failed_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX dead_letter_recent`);
    await runner.query(`DROP TABLE consumption_resume`);
    await runner.query(`ALTER TABLE consumption_pause DROP COLUMN blocks_every_key`);
  }
}
