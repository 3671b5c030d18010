import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Why a line was rejected or came back, beside that it was: whoever has missed it is told again from here. */
export class KeepReasonsOfAnswers1790000000211 implements MigrationInterface {
  name = 'KeepReasonsOfAnswers1790000000211';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE instruction ADD COLUMN reason_code text, ADD COLUMN reason text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE instruction DROP COLUMN reason_code, DROP COLUMN reason`);
  }
}
