import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** The number under which each signature was told, so that it can be told again under the same. */
export class NumberSignatures1790000000211 implements MigrationInterface {
  name = 'NumberSignatures1790000000211';

  async up(runner: QueryRunner): Promise<void> {
    // Null in what was signed before.
    await runner.query(`ALTER TABLE signature ADD COLUMN approval_version bigint`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE signature DROP COLUMN approval_version`);
  }
}
