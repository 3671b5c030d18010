import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A credit that came back after it was accepted: an entry of its own, that reverses the one that paid it. */
export class ReturnCredits1790000000181 implements MigrationInterface {
  name = 'ReturnCredits1790000000181';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
      ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check
        CHECK (kind IN ('entitlement', 'lapsed', 'settled-outside', 'sealed', 'rejected', 'paid', 'returned', 'netted'));
      -- A line is answered once, whatever answers it.
      CREATE UNIQUE INDEX ledger_entry_answered_once ON ledger_entry (declaration_id, declaration_version, attempt)
        WHERE kind IN ('paid', 'rejected');

      ALTER TABLE instruction DROP CONSTRAINT instruction_state_check;
      ALTER TABLE instruction ADD COLUMN returned_on date, ADD CONSTRAINT instruction_state_check
        CHECK (state IN ('requested', 'confirmed', 'not-included', 'sealed', 'netted', 'acknowledged', 'rejected', 'returned')),
        ADD CHECK ((state = 'returned') = (returned_on IS NOT NULL));
      ALTER TABLE quarantined_answer ADD COLUMN returned_on date;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE quarantined_answer DROP COLUMN returned_on;
      ALTER TABLE instruction DROP CONSTRAINT instruction_state_check, DROP COLUMN returned_on;
      ALTER TABLE instruction ADD CONSTRAINT instruction_state_check
        CHECK (state IN ('requested', 'confirmed', 'not-included', 'sealed', 'netted', 'acknowledged', 'rejected'));
      DROP INDEX ledger_entry_answered_once;
      ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
      ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check
        CHECK (kind IN ('entitlement', 'lapsed', 'settled-outside', 'sealed', 'rejected', 'paid', 'netted'));
    `);
  }
}
