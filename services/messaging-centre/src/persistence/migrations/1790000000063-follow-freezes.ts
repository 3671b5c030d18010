import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Nobody is reminded of what is frozen, and a thaw may move the deadline. */
export class FollowFreezes1790000000063 implements MigrationInterface {
  name = 'FollowFreezes1790000000063';

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
        provider_deadline_on date
      );
      CREATE INDEX period_freeze_period ON period_freeze (service_code, achievement_date);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE period_freeze');
  }
}
