import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Periods that were frozen while a run may hold some of their lines, and the cut-offs that a thaw moved. */
export class KeepFreezes1790000000010 implements MigrationInterface {
  name = 'KeepFreezes1790000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE period_freeze (
        freeze_id uuid PRIMARY KEY,
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        -- A commissioner's own declarations and those below it; ENGLAND is all of them.
        scope_code text NOT NULL,
        version bigint NOT NULL,
        frozen boolean NOT NULL,
        -- In place of the calendar's since it was thawed.
        cut_off_at timestamptz
      );
      CREATE INDEX period_freeze_period ON period_freeze (service_code, achievement_date);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE period_freeze');
  }
}
