import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a run will ask for is listed once, behind its barrier; what it came to, and what stops it, can be read. */
export class ListRunItems1790000000003 implements MigrationInterface {
  name = 'ListRunItems1790000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE run_item DROP CONSTRAINT run_item_state_check;
      ALTER TABLE run_item ADD CONSTRAINT run_item_state_check
        CHECK (state IN ('listed', 'requested', 'confirmed', 'refused', 'included', 'not-included'));
      CREATE INDEX run_item_listed ON run_item (run_id, declaration_id) WHERE state = 'listed';
      CREATE INDEX run_item_confirmed ON run_item (run_id) WHERE state = 'confirmed';

      ALTER TABLE release_run
        ADD COLUMN listed_at timestamptz,
        -- Counted when it ends: a list of runs does not count their items each time.
        ADD COLUMN listed int,
        ADD COLUMN requested int,
        ADD COLUMN included int,
        ADD COLUMN not_included int,
        -- What keeps it from going on, until it does.
        ADD COLUMN trouble_code text,
        ADD COLUMN trouble_words text,
        ADD COLUMN trouble_since timestamptz;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE release_run DROP COLUMN listed_at, DROP COLUMN listed, DROP COLUMN requested, DROP COLUMN included,
        DROP COLUMN not_included, DROP COLUMN trouble_code, DROP COLUMN trouble_words, DROP COLUMN trouble_since;
      DROP INDEX run_item_confirmed;
      DROP INDEX run_item_listed;
      ALTER TABLE run_item DROP CONSTRAINT run_item_state_check;
      ALTER TABLE run_item ADD CONSTRAINT run_item_state_check
        CHECK (state IN ('requested', 'confirmed', 'refused', 'included', 'not-included'));
    `);
  }
}
