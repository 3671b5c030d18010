import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Whatever was said of such a page was withdrawn: it has a version, so that an older one does not come back. */
export class APageOfWhichNothingStands1790000040170 implements MigrationInterface {
  name = 'APageOfWhichNothingStands1790000040170';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE page ADD COLUMN nothing_stands boolean NOT NULL DEFAULT false');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE page DROP COLUMN nothing_stands');
  }
}
