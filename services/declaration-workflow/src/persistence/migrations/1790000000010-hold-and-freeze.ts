import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Holds that expire, earlier figures that are kept, and periods that are frozen. */
export class HoldAndFreeze1790000000010 implements MigrationInterface {
  name = 'HoldAndFreeze1790000000010';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE declaration
        -- The first day after which one of its holds asks for a decision.
        ADD COLUMN hold_expires_on date,
        ADD COLUMN override jsonb;
      CREATE INDEX declaration_hold_expires ON declaration (hold_expires_on) WHERE hold_expires_on IS NOT NULL;
      -- A freeze lists and reverts what it reaches in id order.
      CREATE INDEX declaration_period ON declaration (service_code, achievement_date, declaration_id);

      -- What was signed, for ever; whether it still holds stands on the declaration and in its history.
      CREATE TABLE declaration_override (
        override_id uuid PRIMARY KEY,
        declaration_id uuid NOT NULL REFERENCES declaration,
        hold_id uuid NOT NULL,
        pcn_code text NOT NULL,
        membership_version bigint NOT NULL,
        kept_revision bigint NOT NULL,
        kept_pence bigint NOT NULL,
        -- The figure that it was signed against; null where that had not arrived.
        instead_pence bigint,
        declaration_version bigint NOT NULL,
        reason text NOT NULL,
        signed_by text NOT NULL,
        signed_for text NOT NULL,
        signed_at timestamptz NOT NULL,
        UNIQUE (declaration_id, hold_id)
      );

      CREATE TABLE period_freeze (
        freeze_id uuid PRIMARY KEY,
        service_code text NOT NULL REFERENCES quality_service,
        achievement_date date NOT NULL,
        -- A commissioner's own declarations and those below it; ENGLAND is all of them.
        scope_code text NOT NULL,
        version bigint NOT NULL,
        reason text NOT NULL,
        frozen_by text NOT NULL,
        -- Who thaws it acts for the same organisation.
        frozen_for text NOT NULL,
        frozen_at timestamptz NOT NULL,
        revert_reason text,
        revert_asked_by text,
        revert_asked_for text,
        revert_asked_at timestamptz,
        reverted integer NOT NULL DEFAULT 0,
        revert_done_at timestamptz,
        thawed_by text,
        thawed_at timestamptz,
        -- In place of the calendar's, for what it reaches.
        provider_deadline_on date,
        cut_off_at timestamptz,
        CHECK ((thawed_by IS NULL) = (thawed_at IS NULL)),
        CHECK ((revert_asked_at IS NULL) = (revert_reason IS NULL)),
        CHECK (thawed_at IS NOT NULL OR (provider_deadline_on IS NULL AND cut_off_at IS NULL))
      );
      CREATE UNIQUE INDEX period_freeze_one_standing ON period_freeze (service_code, achievement_date, scope_code) WHERE thawed_at IS NULL;
      CREATE INDEX period_freeze_period ON period_freeze (service_code, achievement_date);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE period_freeze, declaration_override;
      DROP INDEX declaration_period, declaration_hold_expires;
      ALTER TABLE declaration DROP COLUMN override, DROP COLUMN hold_expires_on;
    `);
  }
}
