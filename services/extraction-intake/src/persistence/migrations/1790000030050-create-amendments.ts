import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Requests for other values on a page, what became of them, and pages that come from one. */
export class CreateAmendments1790000030050 implements MigrationInterface {
  name = 'CreateAmendments1790000030050';

  async up(runner: QueryRunner): Promise<void> {
    // The whole pack, to say what values are worth. Null in what was recorded before: publishing again fills it.
    await runner.query(`ALTER TABLE rule_pack ADD COLUMN document jsonb`);
    // By achievement date: when its run is over.
    await runner.query(`ALTER TABLE quality_service ADD COLUMN cut_offs jsonb NOT NULL DEFAULT '{}'`);
    await runner.query(`
      CREATE TABLE amendment_request (
        amendment_id      uuid        PRIMARY KEY,
        amendment_version int         NOT NULL CHECK (amendment_version > 0),
        state             text        NOT NULL
                          CHECK (state IN ('requested', 'accepted', 'refused', 'withdrawn', 'superseded')),
        service_code      text        NOT NULL,
        achievement_date  date        NOT NULL,
        practice_code     text        NOT NULL,
        -- The page whose values are the old ones, and the pack by which old and new ones are ordered.
        page_version      int         NOT NULL,
        rule_pack_version int         NOT NULL,
        old_values        int8[]      NOT NULL,
        new_values        int8[]      NOT NULL,
        old_pence         bigint,
        new_pence         bigint,
        old_points        text,
        new_points        text,
        pounds_code       text,
        reconciliation    boolean     NOT NULL,
        reason            text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
        requested_by      text        NOT NULL,
        requested_at      timestamptz NOT NULL,
        decided_by        text,
        decided_for       text,
        decided_at        timestamptz,
        decision_reason   text,
        new_page_version  int,
        CHECK ((state = 'requested') = (decided_at IS NULL)),
        CHECK ((state = 'accepted') = (new_page_version IS NOT NULL)),
        CHECK (pounds_code IS NOT NULL OR (old_pence IS NOT NULL AND new_pence IS NOT NULL)),
        CHECK (cardinality(old_values) = cardinality(new_values)),
        FOREIGN KEY (service_code, achievement_date, practice_code, page_version) REFERENCES page,
        FOREIGN KEY (service_code, rule_pack_version) REFERENCES rule_pack
      )`);
    await runner.query(`
      CREATE UNIQUE INDEX amendment_request_one_open
        ON amendment_request (service_code, achievement_date, practice_code) WHERE state = 'requested'`);
    await runner.query(
      `CREATE INDEX amendment_request_practice ON amendment_request (practice_code, amendment_id DESC)`,
    );
    await runner.query(
      `CREATE INDEX amendment_request_state ON amendment_request (state, amendment_id DESC)`,
    );
    await runner.query(`
      CREATE TABLE amendment_history (
        amendment_id      uuid        NOT NULL REFERENCES amendment_request,
        amendment_version int         NOT NULL,
        at                timestamptz NOT NULL,
        actor             text        NOT NULL CHECK (actor IN ('provider', 'commissioner', 'system')),
        person_id         text,
        for_organisation  text,
        from_state        text,
        to_state          text        NOT NULL,
        reason            text,
        -- The file whose page overtook it.
        cause_file_id     uuid        REFERENCES extract_file,
        -- The request itself, so that the audit chain holds what was asked and not only that something was.
        asked             jsonb       CHECK ((asked IS NOT NULL) = (amendment_version = 1)),
        PRIMARY KEY (amendment_id, amendment_version),
        CHECK ((actor = 'system') = (person_id IS NULL))
      )`);
    await runner.query(`
      CREATE FUNCTION refuse_amendment_history_change() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
        END $$`);
    await runner.query(`
      CREATE TRIGGER amendment_history_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON amendment_history
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_amendment_history_change()`);
    // File and lines of such a page say where the values come from that the amendment left alone.
    await runner.query(`ALTER TABLE page ADD COLUMN amendment_id uuid REFERENCES amendment_request`);
    await runner.query(`
      ALTER TABLE superseded_page ADD COLUMN why text NOT NULL DEFAULT 'OLDER_SUBMISSION'
        CHECK (why IN ('OLDER_SUBMISSION', 'AMENDMENT_STANDS'))`);
    await runner.query(`
      CREATE OR REPLACE VIEW page_value AS
      SELECT p.service_code, p.achievement_date, p.practice_code, p.page_version,
             p.page_version = max(p.page_version) OVER (PARTITION BY p.service_code, p.achievement_date, p.practice_code) AS is_current,
             f.field ->> 'indicatorCode' AS indicator_code, f.field ->> 'fieldName' AS field_name,
             v.value, p.file_id, p.first_line, p.last_line, p.submitted_at, p.amendment_id
      FROM page p
      JOIN rule_pack r USING (service_code, rule_pack_version)
      CROSS JOIN LATERAL unnest(p."values") WITH ORDINALITY AS v (value, place)
      CROSS JOIN LATERAL (SELECT r.fields -> (v.place - 1)::int AS field) f`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW page_value');
    await runner.query(`
      CREATE VIEW page_value AS
      SELECT p.service_code, p.achievement_date, p.practice_code, p.page_version,
             p.page_version = max(p.page_version) OVER (PARTITION BY p.service_code, p.achievement_date, p.practice_code) AS is_current,
             f.field ->> 'indicatorCode' AS indicator_code, f.field ->> 'fieldName' AS field_name,
             v.value, p.file_id, p.first_line, p.last_line, p.submitted_at
      FROM page p
      JOIN rule_pack r USING (service_code, rule_pack_version)
      CROSS JOIN LATERAL unnest(p."values") WITH ORDINALITY AS v (value, place)
      CROSS JOIN LATERAL (SELECT r.fields -> (v.place - 1)::int AS field) f`);
    await runner.query('ALTER TABLE superseded_page DROP COLUMN why');
    await runner.query('ALTER TABLE page DROP COLUMN amendment_id');
    await runner.query('DROP TABLE amendment_history, amendment_request');
    await runner.query('DROP FUNCTION refuse_amendment_history_change');
    await runner.query('ALTER TABLE quality_service DROP COLUMN cut_offs');
    await runner.query('ALTER TABLE rule_pack DROP COLUMN document');
  }
}
