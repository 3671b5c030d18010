import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tier of the commissioner's route that a task waits for, and the one that a signature is for. */
export class AddTiers1790000000030 implements MigrationInterface {
  name = 'AddTiers1790000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE approval_task
        -- Null where the stage is not the commissioner's, or its service has the usual route.
        ADD COLUMN tier text,
        ADD COLUMN tier_role text,
        ADD COLUMN signed_by jsonb NOT NULL DEFAULT '[]',
        ADD CONSTRAINT approval_task_tier CHECK ((tier IS NULL) = (tier_role IS NULL));
      ALTER TABLE signature ADD COLUMN tier text;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE signature DROP COLUMN tier;
      ALTER TABLE approval_task DROP CONSTRAINT approval_task_tier,
        DROP COLUMN tier, DROP COLUMN tier_role, DROP COLUMN signed_by;
    `);
  }
}
