import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePayments1790000000001 implements MigrationInterface {
  name = 'CreatePayments1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payee (
        organisation_code text PRIMARY KEY,
        payee_code text NOT NULL,
        payee_name text NOT NULL,
        account_reference text NOT NULL,
        version bigint NOT NULL
      );
      CREATE TABLE agency (
        agency_code text PRIMARY KEY,
        name text NOT NULL,
        adapter text NOT NULL,
        version bigint NOT NULL
      );
      CREATE TABLE service_routing (
        service_code text PRIMARY KEY,
        agency_code text NOT NULL,
        version bigint NOT NULL
      );
      CREATE TABLE payment_calendar (
        service_code text NOT NULL REFERENCES service_routing,
        achievement_date date NOT NULL,
        payment_period text NOT NULL,
        cut_off_at timestamptz NOT NULL,
        pay_on date NOT NULL,
        PRIMARY KEY (service_code, achievement_date)
      );

      CREATE TABLE declaration_state (
        declaration_id uuid PRIMARY KEY,
        kind text NOT NULL,
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        provider_code text NOT NULL,
        commissioner_code text NOT NULL,
        payment_period text NOT NULL,
        status text NOT NULL,
        declaration_version bigint NOT NULL,
        attempt int NOT NULL,
        pence bigint NOT NULL,
        revision bigint NOT NULL,
        -- Grows with each event of topic payments about it.
        payment_version bigint NOT NULL DEFAULT 0
      );

      CREATE TABLE account (
        provider_code text NOT NULL,
        service_code text NOT NULL,
        PRIMARY KEY (provider_code, service_code)
      );
      CREATE TABLE ledger_entry (
        entry_id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        provider_code text NOT NULL,
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        declaration_id uuid NOT NULL,
        declaration_version bigint NOT NULL,
        attempt int NOT NULL,
        kind text NOT NULL CHECK (kind IN ('entitlement', 'sealed', 'rejected', 'paid')),
        pence bigint NOT NULL,
        file_name text,
        line_number int,
        entered_at timestamptz NOT NULL,
        -- An entitlement belongs to a version, the rest to an attempt of it: neither is entered twice.
        UNIQUE (kind, declaration_id, declaration_version, attempt)
      );
      CREATE INDEX ledger_entry_account ON ledger_entry (provider_code, service_code, achievement_date);

      CREATE INDEX declaration_state_payable ON declaration_state (payment_period, declaration_id)
        WHERE status = 'FINANCIALLY_APPROVED';

      -- Made when a run asks for it; payee and account are those of that moment.
      CREATE TABLE instruction (
        declaration_id uuid NOT NULL,
        declaration_version bigint NOT NULL,
        attempt int NOT NULL,
        agency_code text NOT NULL,
        provider_code text NOT NULL,
        payee_code text NOT NULL,
        account_reference text NOT NULL,
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        pay_on date NOT NULL,
        pence bigint NOT NULL,
        state text NOT NULL CHECK (state IN ('requested', 'confirmed', 'not-included', 'sealed', 'acknowledged', 'rejected')),
        run_id uuid NOT NULL,
        PRIMARY KEY (declaration_id, declaration_version, attempt)
      );
      CREATE INDEX instruction_run ON instruction (run_id);

      CREATE TABLE release_run (
        run_id uuid PRIMARY KEY,
        payment_period text NOT NULL,
        sequence int NOT NULL,
        cut_off_at timestamptz,
        state text NOT NULL CHECK (state IN ('waiting', 'collecting', 'sealing', 'sealed', 'aborted')),
        barrier_id uuid NOT NULL UNIQUE,
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL,
        collect_seconds int NOT NULL,
        -- Real time: a run that nobody answers ends, wherever business time stands.
        collect_until timestamptz,
        ended_at timestamptz,
        words text,
        UNIQUE (payment_period, sequence)
      );
      CREATE UNIQUE INDEX release_run_once_per_cut_off ON release_run (payment_period, cut_off_at) WHERE cut_off_at IS NOT NULL;
      CREATE UNIQUE INDEX release_run_one_at_a_time ON release_run ((true)) WHERE state IN ('waiting', 'collecting', 'sealing');

      CREATE TABLE run_item (
        run_id uuid NOT NULL REFERENCES release_run,
        declaration_id uuid NOT NULL,
        declaration_version bigint NOT NULL,
        attempt int NOT NULL,
        state text NOT NULL CHECK (state IN ('requested', 'confirmed', 'refused', 'included', 'not-included')),
        code text,
        owed_pence bigint,
        -- Whether its end was published.
        told boolean NOT NULL DEFAULT false,
        PRIMARY KEY (run_id, declaration_id)
      );
      CREATE INDEX run_item_untold ON run_item (run_id, declaration_id) WHERE NOT told;
      CREATE INDEX run_item_unanswered ON run_item (run_id) WHERE state = 'requested';

      CREATE TABLE sealed_file (
        file_name text PRIMARY KEY,
        run_id uuid NOT NULL REFERENCES release_run,
        agency_code text NOT NULL,
        lines int NOT NULL,
        pence bigint NOT NULL,
        sha256 text NOT NULL,
        pay_on date NOT NULL,
        sealed_at timestamptz NOT NULL,
        -- Set when the bytes stand in the file store.
        stored_at timestamptz
      );
      CREATE TABLE sealed_line (
        file_name text NOT NULL REFERENCES sealed_file,
        line_number int NOT NULL,
        declaration_id uuid NOT NULL,
        declaration_version bigint NOT NULL,
        attempt int NOT NULL,
        provider_code text NOT NULL,
        payee_code text NOT NULL,
        account_reference text NOT NULL,
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        pence bigint NOT NULL CHECK (pence > 0),
        PRIMARY KEY (file_name, line_number),
        -- Nothing is paid twice, whatever was retried, replayed or killed.
        UNIQUE (declaration_id, declaration_version, attempt)
      );

      CREATE TABLE acknowledgement_file (
        file_id uuid PRIMARY KEY,
        agency_code text NOT NULL,
        file_name text NOT NULL,
        sha256 text NOT NULL,
        received_by text NOT NULL,
        received_at timestamptz NOT NULL,
        lines int NOT NULL,
        applied int NOT NULL,
        repeated int NOT NULL,
        quarantined int NOT NULL,
        UNIQUE (agency_code, sha256)
      );
      CREATE TABLE acknowledgement_line (
        file_id uuid NOT NULL REFERENCES acknowledgement_file,
        line int NOT NULL,
        state text NOT NULL CHECK (state IN ('applied', 'repeated', 'quarantined')),
        code text,
        words text,
        text text NOT NULL,
        PRIMARY KEY (file_id, line)
      );

      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
      CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE ON ledger_entry
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER sealed_line_append_only BEFORE UPDATE OR DELETE ON sealed_line
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE acknowledgement_line, acknowledgement_file, sealed_line, sealed_file, run_item, release_run, instruction,
        ledger_entry, account, declaration_state, payment_calendar, service_routing, agency, payee;
      DROP FUNCTION refuse_change;
    `);
  }
}
