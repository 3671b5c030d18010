import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Four eyes hold over a whole version, also when finance sends it back to be signed again. */
export class KeepSetAsideSigners1790000000004 implements MigrationInterface {
  name = 'KeepSetAsideSigners1790000000004';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE declaration ADD COLUMN set_aside_signers jsonb NOT NULL DEFAULT '[]'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE declaration DROP COLUMN set_aside_signers');
  }
}
