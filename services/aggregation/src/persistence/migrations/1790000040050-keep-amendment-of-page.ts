import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** A figure's explanation names the accepted amendment that its values come from. */
export class KeepAmendmentOfPage1790000040050 implements MigrationInterface {
  name = 'KeepAmendmentOfPage1790000040050';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE page ADD COLUMN amendment_id uuid');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE page DROP COLUMN amendment_id');
  }
}
