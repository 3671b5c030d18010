import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * What the newest figures were made from besides memberships, and the figures before the newest result: a figure that
 * is kept has to be told exactly from the one that it stands in place of. Null where it came before this.
 */
export class KeepWhatFiguresWereMadeFrom1790000000120 implements MigrationInterface {
  name = 'KeepWhatFiguresWereMadeFrom1790000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE declaration ADD COLUMN inputs jsonb, ADD COLUMN previous jsonb`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE declaration DROP COLUMN previous, DROP COLUMN inputs`);
  }
}
