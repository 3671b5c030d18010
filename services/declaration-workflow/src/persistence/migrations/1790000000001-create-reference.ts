import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** What other services said that decides about declarations here. */
export class CreateReference1790000000001 implements MigrationInterface {
  name = 'CreateReference1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE quality_service (
        service_code text PRIMARY KEY,
        name text NOT NULL,
        provider_kind text NOT NULL CHECK (provider_kind IN ('practice', 'pcn')),
        depends_on_membership boolean NOT NULL,
        -- Membership changes of earlier dates require nothing: those periods are closed.
        oldest_open_on date NOT NULL,
        agency_code text NOT NULL,
        version bigint NOT NULL
      );

      CREATE TABLE calendar_entry (
        service_code text NOT NULL REFERENCES quality_service,
        achievement_date date NOT NULL,
        payment_period text NOT NULL CHECK (payment_period ~ '^\\d{4}-\\d{2}$'),
        opens_on date NOT NULL,
        provider_deadline_on date NOT NULL,
        cut_off_at timestamptz NOT NULL,
        pay_on date NOT NULL,
        PRIMARY KEY (service_code, achievement_date)
      );

      CREATE TABLE agency (
        agency_code text PRIMARY KEY,
        label text NOT NULL,
        version bigint NOT NULL
      );

      -- One row per organisation that a membership change reaches: the PCN itself and each practice that moved.
      CREATE TABLE membership_requirement (
        organisation_code text NOT NULL,
        pcn_code text NOT NULL,
        membership_version bigint NOT NULL,
        code text NOT NULL CHECK (code IN ('PCN_PRACTICE_JOINED', 'PCN_PRACTICE_LEFT', 'PCN_MEMBERSHIP_CORRECTED', 'PCN_CLOSED')),
        practice_codes text[] NOT NULL,
        changed_from date NOT NULL,
        changed_to date,
        event_id uuid NOT NULL,
        PRIMARY KEY (organisation_code, pcn_code, membership_version),
        CHECK (changed_to IS NULL OR changed_to > changed_from)
      );

      -- Figures and markers that cannot open a declaration yet, because something that says where it belongs has not arrived.
      CREATE TABLE waiting_achievement (
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        organisation_code text NOT NULL,
        figure_revision bigint NOT NULL,
        figures jsonb,
        awaiting jsonb,
        blocked jsonb,
        event_id uuid NOT NULL,
        waiting_since timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (service_code, achievement_date, organisation_code)
      );
      CREATE INDEX waiting_achievement_organisation ON waiting_achievement (organisation_code) WHERE figures IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE waiting_achievement, membership_requirement, agency, calendar_entry, quality_service`,
    );
  }
}
