import type { MigrationInterface, QueryRunner } from '@attest/persistence';

const STATUSES = `'AWAITING_PROVIDER_APPROVAL', 'AWAITING_COMMISSIONER_APPROVAL', 'AWAITING_FINANCE_APPROVAL',
  'FINANCIALLY_APPROVED', 'SETTLED_NIL', 'RELEASING', 'SENT_TO_AGENCY', 'PAID', 'REJECTED_BY_AGENCY', 'LAPSED', 'SETTLED_OUTSIDE'`;

/** The declaration, what it stated, and everything that happened to it. */
export class CreateDeclaration1790000000002 implements MigrationInterface {
  name = 'CreateDeclaration1790000000002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE declaration (
        declaration_id uuid PRIMARY KEY,
        kind text NOT NULL CHECK (kind IN ('achievement', 'adjustment')),
        service_code text NOT NULL REFERENCES quality_service,
        achievement_date date NOT NULL,
        organisation_code text NOT NULL,
        commissioner_code text NOT NULL,
        payment_period text NOT NULL,
        status text NOT NULL CHECK (status IN (${STATUSES})),
        status_since timestamptz NOT NULL,
        status_code text,
        status_reason text,
        revision bigint NOT NULL CHECK (revision > 0),
        declaration_version bigint NOT NULL CHECK (declaration_version > 0),
        declared_version bigint NOT NULL,
        pence bigint NOT NULL,
        stated_revision bigint NOT NULL,
        stated_hash text NOT NULL,
        figure_revision bigint NOT NULL,
        figure_pence bigint NOT NULL,
        figure_hash text NOT NULL,
        not_applicable text,
        memberships jsonb NOT NULL,
        required jsonb NOT NULL,
        awaiting jsonb,
        blocked jsonb,
        holds jsonb NOT NULL CHECK (jsonb_typeof(holds) = 'array'),
        held boolean GENERATED ALWAYS AS (jsonb_array_length(holds) > 0) STORED,
        pending_holds jsonb NOT NULL CHECK (jsonb_typeof(pending_holds) = 'array'),
        resolution_since timestamptz,
        late boolean NOT NULL,
        payable_from timestamptz,
        attempt integer NOT NULL CHECK (attempt > 0),
        run_id uuid,
        declared_by text,
        commissioner_signed_by text,
        finance_signed_by text,
        sealed_pence bigint,
        approval_version bigint NOT NULL,
        payment_version bigint NOT NULL,
        -- Four-eyes, whatever the code above it does.
        CHECK (commissioner_signed_by <> declared_by),
        CHECK (finance_signed_by <> declared_by),
        CHECK (finance_signed_by <> commissioner_signed_by),
        CHECK (status NOT IN ('RELEASING', 'SENT_TO_AGENCY', 'PAID') OR run_id IS NOT NULL),
        CHECK (status NOT IN ('FINANCIALLY_APPROVED', 'RELEASING', 'SENT_TO_AGENCY', 'PAID') OR finance_signed_by IS NOT NULL),
        CHECK ((status IN ('SENT_TO_AGENCY', 'PAID')) = (sealed_pence IS NOT NULL)),
        CHECK (status <> 'SETTLED_NIL' OR pence = 0),
        CHECK (status NOT IN ('RELEASING', 'LAPSED') OR jsonb_array_length(holds) = 0)
      ) WITH (fillfactor = 80);

      -- A membership change finds what it touches by organisation and dates; figures find their achievement.
      CREATE INDEX declaration_achievement ON declaration (organisation_code, achievement_date, service_code);
      CREATE UNIQUE INDEX declaration_one_per_achievement ON declaration (service_code, achievement_date, organisation_code)
        WHERE kind = 'achievement' AND status <> 'LAPSED';
      CREATE UNIQUE INDEX declaration_one_open_adjustment ON declaration (service_code, achievement_date, organisation_code)
        WHERE kind = 'adjustment' AND status NOT IN ('SENT_TO_AGENCY', 'PAID', 'SETTLED_NIL', 'LAPSED', 'SETTLED_OUTSIDE');
      CREATE INDEX declaration_commissioner ON declaration (commissioner_code, status, declaration_id);
      CREATE INDEX declaration_held ON declaration (declaration_id) WHERE jsonb_array_length(holds) > 0;

      -- A row per result that differed from the one before it: old and new figures are both kept.
      CREATE TABLE achievement_result (
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        organisation_code text NOT NULL,
        figure_revision bigint NOT NULL,
        pence bigint NOT NULL,
        points text,
        not_applicable text,
        declared_values jsonb NOT NULL,
        inputs jsonb NOT NULL,
        event_id uuid NOT NULL,
        arrived_at timestamptz NOT NULL,
        PRIMARY KEY (organisation_code, achievement_date, service_code, figure_revision)
      );

      CREATE TABLE declaration_history (
        declaration_id uuid NOT NULL REFERENCES declaration,
        revision bigint NOT NULL,
        action text NOT NULL,
        from_status text CHECK (from_status IN (${STATUSES})),
        to_status text NOT NULL CHECK (to_status IN (${STATUSES})),
        actor text NOT NULL CHECK (actor IN ('provider', 'commissioner', 'finance', 'agency', 'payment-export', 'system')),
        person_id text,
        for_organisation text,
        at timestamptz NOT NULL,
        reason text,
        code text,
        approval_id uuid,
        declaration_version bigint NOT NULL,
        figure_revision bigint NOT NULL,
        pence bigint NOT NULL,
        previous_pence bigint,
        holds jsonb NOT NULL,
        run_id uuid,
        attempt integer NOT NULL,
        cause_event_id uuid,
        recorded_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (declaration_id, revision)
      );

      CREATE TABLE declaration_correction (
        correction_id uuid PRIMARY KEY,
        declaration_id uuid NOT NULL REFERENCES declaration,
        attempt integer NOT NULL,
        what text NOT NULL CHECK (what IN ('payee', 'account')),
        reason text NOT NULL,
        proposed_by text NOT NULL,
        proposed_for text NOT NULL,
        proposed_at timestamptz NOT NULL,
        confirmed_by text,
        confirmed_at timestamptz,
        CHECK (confirmed_by <> proposed_by),
        CHECK ((confirmed_by IS NULL) = (confirmed_at IS NULL)),
        UNIQUE (declaration_id, attempt)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE declaration_correction, declaration_history, achievement_result, declaration`,
    );
  }
}
