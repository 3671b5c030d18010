import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Versions that an older submission made when it came late: it had values that the newer one had not been read with. */
export class FillWhatWasLeft1790000030174 implements MigrationInterface {
  name = 'FillWhatWasLeft1790000030174';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE page ADD COLUMN filled_by_file_id uuid REFERENCES extract_file');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE page DROP COLUMN filled_by_file_id');
  }
}
