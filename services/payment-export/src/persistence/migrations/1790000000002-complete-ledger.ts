import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Entitlements that end, money settled elsewhere, and what the database itself refuses to lose. */
export class CompleteLedger1790000000002 implements MigrationInterface {
  name = 'CompleteLedger1790000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
      ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check
        CHECK (kind IN ('entitlement', 'lapsed', 'settled-outside', 'sealed', 'rejected', 'paid'));

      -- The next attempt exists only after the last one was finally rejected.
      CREATE UNIQUE INDEX instruction_one_live ON instruction (declaration_id) WHERE state IN ('sealed', 'acknowledged');

      CREATE TRIGGER ledger_entry_not_emptied BEFORE TRUNCATE ON ledger_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER sealed_line_not_emptied BEFORE TRUNCATE ON sealed_line
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER acknowledgement_line_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON acknowledgement_line
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER sealed_file_kept BEFORE DELETE OR TRUNCATE ON sealed_file
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- A sealed file never changes; that its bytes stand is noted once.
      CREATE FUNCTION refuse_other_file() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.stored_at IS NOT NULL OR to_jsonb(OLD) - 'stored_at' <> to_jsonb(NEW) - 'stored_at' THEN
            RAISE EXCEPTION 'sealed file % does not change', OLD.file_name USING ERRCODE = 'restrict_violation';
          END IF;
          RETURN NEW;
        END $$;
      CREATE TRIGGER sealed_file_unchanged BEFORE UPDATE ON sealed_file
        FOR EACH ROW EXECUTE FUNCTION refuse_other_file();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER sealed_file_unchanged ON sealed_file;
      DROP FUNCTION refuse_other_file;
      DROP TRIGGER sealed_file_kept ON sealed_file;
      DROP TRIGGER acknowledgement_line_append_only ON acknowledgement_line;
      DROP TRIGGER sealed_line_not_emptied ON sealed_line;
      DROP TRIGGER ledger_entry_not_emptied ON ledger_entry;
      DROP INDEX instruction_one_live;
      ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
      ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check
        CHECK (kind IN ('entitlement', 'sealed', 'rejected', 'paid'));
    `);
  }
}
