import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Figures come before the day on which they may be declared: what is opened waits here until its provider is told. */
export class TellWhenReady1790000000132 implements MigrationInterface {
  name = 'TellWhenReady1790000000132';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE untold_opening (
        declaration_id uuid PRIMARY KEY,
        -- Of its opening: with it the line that tells of it is written once, also when the opening comes again.
        revision bigint NOT NULL,
        service_code text NOT NULL,
        achievement_date date NOT NULL
      );
      -- Looked at every second by the days that have come, whatever waits for the days to come.
      CREATE INDEX untold_opening_period ON untold_opening (service_code, achievement_date);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE untold_opening');
  }
}
