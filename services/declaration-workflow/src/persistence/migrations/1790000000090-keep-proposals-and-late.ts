import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Proposals that were withdrawn, the period that a late one came from, and indexes for what is looked at by people. */
export class KeepProposalsAndLate1790000000090 implements MigrationInterface {
  name = 'KeepProposalsAndLate1790000000090';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE declaration ADD COLUMN own_period text;
      UPDATE declaration d SET own_period = c.payment_period
      FROM calendar_entry c
      WHERE d.late AND c.service_code = d.service_code AND c.achievement_date = d.achievement_date;

      -- The late queue alone: what was declared late and is paid is looked for by period.
      DROP INDEX declaration_late;
      CREATE INDEX declaration_late_queue ON declaration (declaration_id)
        WHERE late AND status IN ('AWAITING_COMMISSIONER_APPROVAL', 'AWAITING_FINANCE_APPROVAL', 'FINANCIALLY_APPROVED');
      CREATE INDEX declaration_payment_period ON declaration (payment_period, declaration_id);

      -- Only what a policy leaves to the system, not everything that has a policy.
      DROP INDEX declaration_left_to_system;
      CREATE INDEX declaration_left_to_system ON declaration (declaration_id) WHERE ${LEFT_TO_SYSTEM};

      -- Organisations and services that changed for more declarations than one transaction may lock.
      CREATE TABLE reference_to_follow (
        kind text NOT NULL CHECK (kind IN ('organisation', 'service')),
        code text NOT NULL,
        change bigint NOT NULL DEFAULT 1,
        PRIMARY KEY (kind, code)
      );

      ALTER TABLE declaration_correction
        ADD COLUMN withdrawn_by text, ADD COLUMN withdrawn_at timestamptz,
        ADD CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
        ADD CHECK (withdrawn_at IS NULL OR confirmed_at IS NULL),
        DROP CONSTRAINT declaration_correction_declaration_id_attempt_key;
      CREATE UNIQUE INDEX declaration_correction_one ON declaration_correction (declaration_id, attempt)
        WHERE withdrawn_at IS NULL;

      ALTER TABLE outside_settlement
        ADD COLUMN withdrawn_by text, ADD COLUMN withdrawn_at timestamptz,
        ADD CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL)),
        ADD CHECK (withdrawn_at IS NULL OR confirmed_at IS NULL),
        DROP CONSTRAINT outside_settlement_declaration_id_declaration_version_key;
      CREATE UNIQUE INDEX outside_settlement_one ON outside_settlement (declaration_id, declaration_version)
        WHERE withdrawn_at IS NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM outside_settlement WHERE withdrawn_at IS NOT NULL;
      DELETE FROM declaration_correction WHERE withdrawn_at IS NOT NULL;
      DROP INDEX outside_settlement_one, declaration_correction_one;
      ALTER TABLE outside_settlement DROP COLUMN withdrawn_by, DROP COLUMN withdrawn_at,
        ADD UNIQUE (declaration_id, declaration_version);
      ALTER TABLE declaration_correction DROP COLUMN withdrawn_by, DROP COLUMN withdrawn_at,
        ADD UNIQUE (declaration_id, attempt);
      DROP TABLE reference_to_follow;
      DROP INDEX declaration_left_to_system, declaration_payment_period, declaration_late_queue;
      CREATE INDEX declaration_left_to_system ON declaration (declaration_id)
        WHERE policy IS NOT NULL AND NOT system_waits
          AND status IN ('AWAITING_PROVIDER_APPROVAL', 'AWAITING_COMMISSIONER_APPROVAL', 'AWAITING_FINANCE_APPROVAL');
      CREATE INDEX declaration_late ON declaration (declaration_id) WHERE late;
      ALTER TABLE declaration DROP COLUMN own_period;
    `);
  }
}

/** As the look for what is due says it, word for word: a partial index is used only then. */
const LEFT_TO_SYSTEM = `policy IS NOT NULL AND NOT system_waits AND CASE status
  WHEN 'AWAITING_PROVIDER_APPROVAL' THEN policy ->> 'declaration' = 'not-required'
  WHEN 'AWAITING_COMMISSIONER_APPROVAL' THEN
    policy ->> 'approval' = 'not-required' OR jsonb_array_length(commissioner_signatures) > 0
  WHEN 'AWAITING_FINANCE_APPROVAL' THEN abs(pence) <= (policy ->> 'financeAbovePence')::bigint
  ELSE false END`;
