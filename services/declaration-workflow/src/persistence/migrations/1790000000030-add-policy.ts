import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Who has to agree, by service and financial year; signatures by tier; steps that the system took. */
export class AddPolicy1790000000030 implements MigrationInterface {
  name = 'AddPolicy1790000000030';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE service_policy (
        service_code text NOT NULL REFERENCES quality_service,
        year_from date NOT NULL,
        -- Null: the rule pack says nothing, so the default holds.
        policy jsonb,
        service_version bigint NOT NULL,
        -- Whether every declaration of the service knows it.
        told boolean NOT NULL,
        PRIMARY KEY (service_code, year_from)
      );

      ALTER TABLE declaration
        ADD COLUMN policy jsonb,
        ADD COLUMN commissioner_signatures jsonb NOT NULL DEFAULT '[]' CHECK (jsonb_typeof(commissioner_signatures) = 'array'),
        ADD COLUMN finance_by_system boolean NOT NULL DEFAULT false,
        ADD COLUMN system_waits boolean NOT NULL DEFAULT false,
        -- Four-eyes over every tier, whatever the code above it does.
        ADD CONSTRAINT declaration_tiers_by_others CHECK (
          commissioner_signatures = '[]'
          OR (NOT commissioner_signatures @> jsonb_build_array(jsonb_build_object('personId', declared_by))
              AND NOT commissioner_signatures @> jsonb_build_array(jsonb_build_object('personId', finance_signed_by)))),
        ADD CONSTRAINT declaration_finance_once CHECK (NOT finance_by_system OR finance_signed_by IS NULL),
        -- The system approves only what the policy leaves to it; anything else carries a person's signature.
        ADD CONSTRAINT declaration_finance_signed CHECK (
          status NOT IN ('FINANCIALLY_APPROVED', 'RELEASING', 'SENT_TO_AGENCY', 'PAID')
          OR finance_signed_by IS NOT NULL OR finance_by_system);
    `);
    await runner.query(`
      DO $$
      DECLARE name text;
      BEGIN
        SELECT conname INTO STRICT name FROM pg_constraint
        WHERE conrelid = 'declaration'::regclass AND contype = 'c' AND conname <> 'declaration_finance_signed'
          AND pg_get_constraintdef(oid) LIKE '%finance_signed_by IS NOT NULL%';
        EXECUTE format('ALTER TABLE declaration DROP CONSTRAINT %I', name);
      END $$;
    `);
    await runner.query(`
      CREATE INDEX declaration_left_to_system ON declaration (declaration_id)
        WHERE policy IS NOT NULL AND NOT system_waits
          AND status IN ('AWAITING_PROVIDER_APPROVAL', 'AWAITING_COMMISSIONER_APPROVAL', 'AWAITING_FINANCE_APPROVAL');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX declaration_left_to_system;
      ALTER TABLE declaration
        DROP CONSTRAINT declaration_finance_signed,
        DROP CONSTRAINT declaration_finance_once,
        DROP CONSTRAINT declaration_tiers_by_others,
        ADD CHECK (status NOT IN ('FINANCIALLY_APPROVED', 'RELEASING', 'SENT_TO_AGENCY', 'PAID') OR finance_signed_by IS NOT NULL) NOT VALID,
        DROP COLUMN policy, DROP COLUMN commissioner_signatures, DROP COLUMN finance_by_system, DROP COLUMN system_waits;
      DROP TABLE service_policy;
    `);
  }
}
