import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * Which membership changes have reached a declaration. One whose figures came before its event is told by this from one
 * that was looked at. Until now figures stood for the event, so whatever they were made with has reached it. Null
 * is what a process of the version before opens: there it stays so.
 */
export class KnowWhatReachedIt1790000000200 implements MigrationInterface {
  name = 'KnowWhatReachedIt1790000000200';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE declaration ADD COLUMN reached_by jsonb;
      UPDATE declaration SET reached_by = memberships || coalesce(override -> 'versions', '{}') || required;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE declaration DROP COLUMN reached_by`);
  }
}
