import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Every version that a restored service gives from now on stands above everything that it told before. */
export class CreateVersionFloor1766000000008 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE producer_epoch ADD COLUMN version_floor bigint`);
    await runner.query(`UPDATE producer_epoch SET version_floor = epoch * 1000000::bigint`);
    await runner.query(`ALTER TABLE producer_epoch ALTER COLUMN version_floor SET NOT NULL`);
    // Call it as (SELECT version_floor()): once per statement, and not once per row.
    await runner.query(`
      CREATE FUNCTION version_floor() RETURNS bigint LANGUAGE sql STABLE
      AS 'SELECT coalesce(max(version_floor), 0) FROM producer_epoch'`);
    await runner.query(`ALTER TABLE forgotten_event ADD COLUMN told_again_at timestamptz`);
    await runner.query(
      `CREATE INDEX forgotten_event_open ON forgotten_event (topic, key, type) WHERE told_again_at IS NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX forgotten_event_open`);
    await runner.query(`ALTER TABLE forgotten_event DROP COLUMN told_again_at`);
    await runner.query(`DROP FUNCTION version_floor()`);
    await runner.query(`ALTER TABLE producer_epoch DROP COLUMN version_floor`);
  }
}
