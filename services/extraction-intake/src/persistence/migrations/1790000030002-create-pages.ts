import type { MigrationInterface, QueryRunner } from '@attest/persistence';

export class CreatePages1790000030002 implements MigrationInterface {
  name = 'CreatePages1790000030002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE extract_file (
        file_id          uuid        PRIMARY KEY,
        file_name        text        NOT NULL,
        layout           text        NOT NULL CHECK (layout IN ('cqrs', 'qof-long')),
        service_code     text,
        achievement_date date,
        status           text        NOT NULL CHECK (status IN ('taken', 'refused')),
        refusal_code     text,
        refusal_detail   text,
        refusal_line     bigint,
        sha256           text,
        bytes            bigint      NOT NULL,
        gzip             boolean     NOT NULL,
        received_at      timestamptz NOT NULL,
        received_by      text        NOT NULL,
        counts           jsonb       NOT NULL,
        -- Grows when the kept original is read again, against what is known by then.
        reading          int         NOT NULL DEFAULT 1 CHECK (reading > 0),
        CHECK ((status = 'refused') = (refusal_code IS NOT NULL)),
        CHECK (status = 'refused' OR sha256 IS NOT NULL)
      )`);
    // The same bytes for the same purpose are one file, however often they are sent.
    await runner.query(`
      CREATE UNIQUE INDEX extract_file_once ON extract_file (sha256, layout, service_code, achievement_date, reading)
        NULLS NOT DISTINCT WHERE status = 'taken'`);
    await runner.query(`CREATE INDEX extract_file_received ON extract_file (received_at DESC, file_id DESC)`);

    // Append-only. A null element was not sent. The order of the values is the rule pack version's.
    await runner.query(`
      CREATE TABLE page (
        service_code      text        NOT NULL,
        achievement_date  date        NOT NULL,
        practice_code     text        NOT NULL,
        page_version      int         NOT NULL CHECK (page_version > 0),
        rule_pack_version int         NOT NULL,
        "values"          int8[]      NOT NULL,
        file_id           uuid        NOT NULL REFERENCES extract_file,
        first_line        bigint      NOT NULL,
        last_line         bigint      NOT NULL,
        defaults_used     int         NOT NULL,
        submitted_at      timestamptz NOT NULL,
        PRIMARY KEY (service_code, achievement_date, practice_code, page_version)
      )`);
    // Submissions older than what was already there: evidence, without effect.
    await runner.query(`
      CREATE TABLE superseded_page (
        service_code      text        NOT NULL,
        achievement_date  date        NOT NULL,
        practice_code     text        NOT NULL,
        file_id           uuid        NOT NULL REFERENCES extract_file,
        by_page_version   int         NOT NULL,
        rule_pack_version int         NOT NULL,
        "values"          int8[]      NOT NULL,
        first_line        bigint      NOT NULL,
        last_line         bigint      NOT NULL,
        defaults_used     int         NOT NULL,
        submitted_at      timestamptz NOT NULL,
        PRIMARY KEY (service_code, achievement_date, practice_code, file_id)
      )`);
    await runner.query(`
      CREATE TABLE rejected_row (
        file_id uuid   NOT NULL REFERENCES extract_file,
        ordinal bigint NOT NULL,
        line    bigint NOT NULL,
        code    text   NOT NULL,
        detail  text,
        text    text   NOT NULL,
        PRIMARY KEY (file_id, ordinal)
      )`);
    await runner.query(`
      CREATE TABLE period_completeness (
        service_code         text    NOT NULL,
        achievement_date     date    NOT NULL,
        expected             int     NOT NULL,
        received             int     NOT NULL,
        complete             boolean NOT NULL,
        completeness_version bigint  NOT NULL,
        recorded_at          timestamptz NOT NULL,
        PRIMARY KEY (service_code, achievement_date)
      )`);
    // One row per value, for readers of SQL and audits.
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
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP VIEW page_value');
    await runner.query('DROP TABLE period_completeness, rejected_row, superseded_page, page, extract_file');
  }
}
