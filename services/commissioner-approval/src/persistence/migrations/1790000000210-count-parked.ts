import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A preview says how many of its items would be refused because an event of theirs could not be applied. */
export class CountParked1790000000210 implements MigrationInterface {
  name = 'CountParked1790000000210';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE bulk_preview ADD COLUMN parked integer NOT NULL DEFAULT 0');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE bulk_preview DROP COLUMN parked');
  }
}
