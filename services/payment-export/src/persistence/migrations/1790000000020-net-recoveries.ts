import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Recoveries: taken over as debts, taken off payments of the same provider, each time with its entries. */
export class NetRecoveries1790000000020 implements MigrationInterface {
  name = 'NetRecoveries1790000000020';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_check;
      ALTER TABLE ledger_entry ADD CONSTRAINT ledger_entry_kind_check
        CHECK (kind IN ('entitlement', 'lapsed', 'settled-outside', 'sealed', 'rejected', 'paid', 'netted'));
      -- A netting has two entries, one on each side, that name each other.
      ALTER TABLE ledger_entry ADD COLUMN against_declaration_id uuid, ADD COLUMN run_id uuid;
      ALTER TABLE ledger_entry ADD CHECK ((kind = 'netted') = (against_declaration_id IS NOT NULL AND run_id IS NOT NULL));
      ALTER TABLE ledger_entry DROP CONSTRAINT ledger_entry_kind_declaration_id_declaration_version_attemp_key;
      CREATE UNIQUE INDEX ledger_entry_once ON ledger_entry (kind, declaration_id, declaration_version, attempt)
        WHERE kind <> 'netted';
      CREATE UNIQUE INDEX ledger_entry_netted_once ON ledger_entry (declaration_id, against_declaration_id, run_id)
        WHERE kind = 'netted';
      CREATE INDEX ledger_entry_netted ON ledger_entry (declaration_id) WHERE kind = 'netted';

      -- A recovery that a run has taken over; open is what no payment could take yet.
      CREATE TABLE debt (
        declaration_id uuid NOT NULL,
        declaration_version bigint NOT NULL,
        attempt int NOT NULL,
        provider_code text NOT NULL,
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        agency_code text NOT NULL,
        pence bigint NOT NULL CHECK (pence > 0),
        open_pence bigint NOT NULL CHECK (open_pence BETWEEN 0 AND pence),
        run_id uuid NOT NULL REFERENCES release_run,
        recorded_at timestamptz NOT NULL,
        settled_at timestamptz,
        PRIMARY KEY (declaration_id, declaration_version, attempt),
        CHECK ((open_pence = 0) = (settled_at IS NOT NULL))
      );
      CREATE INDEX debt_open ON debt (provider_code, agency_code) WHERE open_pence > 0;
      CREATE INDEX debt_account ON debt (provider_code, service_code);

      ALTER TABLE run_item DROP CONSTRAINT run_item_state_check;
      ALTER TABLE run_item ADD CONSTRAINT run_item_state_check
        CHECK (state IN ('listed', 'requested', 'confirmed', 'refused', 'included', 'netted', 'not-included'));
      -- What recoveries took off it, or below zero what was taken over as one; and what of that stayed a debt.
      ALTER TABLE run_item ADD COLUMN netted_pence bigint NOT NULL DEFAULT 0, ADD COLUMN debt_pence bigint NOT NULL DEFAULT 0;
      ALTER TABLE release_run ADD COLUMN netted int;

      ALTER TABLE instruction DROP CONSTRAINT instruction_state_check;
      ALTER TABLE instruction ADD CONSTRAINT instruction_state_check
        CHECK (state IN ('requested', 'confirmed', 'not-included', 'sealed', 'netted', 'acknowledged', 'rejected'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE instruction DROP CONSTRAINT instruction_state_check;
      ALTER TABLE instruction ADD CONSTRAINT instruction_state_check
        CHECK (state IN ('requested', 'confirmed', 'not-included', 'sealed', 'acknowledged', 'rejected'));
      ALTER TABLE release_run DROP COLUMN netted;
      ALTER TABLE run_item DROP COLUMN netted_pence, DROP COLUMN debt_pence, DROP CONSTRAINT run_item_state_check;
      ALTER TABLE run_item ADD CONSTRAINT run_item_state_check
        CHECK (state IN ('listed', 'requested', 'confirmed', 'refused', 'included', 'not-included'));
      DROP TABLE debt;
      DROP INDEX ledger_entry_netted, ledger_entry_netted_once, ledger_entry_once;
      ALTER TABLE ledger_entry DROP COLUMN against_declaration_id, DROP COLUMN run_id,
        DROP CONSTRAINT ledger_entry_kind_check,
        ADD UNIQUE (kind, declaration_id, declaration_version, attempt),
        ADD CONSTRAINT ledger_entry_kind_check
          CHECK (kind IN ('entitlement', 'lapsed', 'settled-outside', 'sealed', 'rejected', 'paid'));
    `);
  }
}
