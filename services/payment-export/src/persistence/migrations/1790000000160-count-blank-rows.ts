import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rows of a spreadsheet in which nothing stands are counted in the receipt instead of kept one by one. */
export class CountBlankRows1790000000160 implements MigrationInterface {
  name = 'CountBlankRows1790000000160';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE acknowledgement_file ADD COLUMN blank int NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE acknowledgement_file DROP COLUMN blank');
  }
}
