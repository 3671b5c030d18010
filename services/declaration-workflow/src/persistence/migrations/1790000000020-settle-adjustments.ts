import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** What was settled without a line, and what two people say was settled outside. */
export class SettleAdjustments1790000000020 implements MigrationInterface {
  name = 'SettleAdjustments1790000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE declaration ADD COLUMN netted_pence bigint NOT NULL DEFAULT 0;
      ALTER TABLE declaration ADD CONSTRAINT declaration_check_outside CHECK (status <> 'SETTLED_OUTSIDE' OR kind = 'adjustment');
      -- The late queue is read by commissioners every day and holds few.
      CREATE INDEX declaration_late ON declaration (declaration_id) WHERE late;

      CREATE TABLE outside_settlement (
        settlement_id uuid PRIMARY KEY,
        declaration_id uuid NOT NULL REFERENCES declaration,
        declaration_version bigint NOT NULL,
        pence bigint NOT NULL,
        note text NOT NULL,
        proposed_by text NOT NULL,
        proposed_for text NOT NULL,
        proposed_at timestamptz NOT NULL,
        confirmed_by text,
        confirmed_at timestamptz,
        CHECK (confirmed_by <> proposed_by),
        CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
        UNIQUE (declaration_id, declaration_version)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE outside_settlement;
      DROP INDEX declaration_late;
      ALTER TABLE declaration DROP CONSTRAINT declaration_check_outside;
      ALTER TABLE declaration DROP COLUMN netted_pence;
    `);
  }
}
