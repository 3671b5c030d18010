import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** What figures are made from, as the topics say it. */
export class CreateInputs1790000040001 implements MigrationInterface {
  name = 'CreateInputs1790000040001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE quality_service (
        service_code      text   PRIMARY KEY,
        service_version   bigint NOT NULL,
        provider_kind     text   NOT NULL CHECK (provider_kind IN ('practice', 'pcn')),
        start_on          date   NOT NULL,
        end_on            date,
        achievement_dates date[] NOT NULL,
        rule_pack_version int    NOT NULL,
        rule_pack         jsonb  NOT NULL,
        needs_page        boolean NOT NULL,
        needs_membership  boolean NOT NULL,
        needs_list_size   boolean NOT NULL
      )`);
    // A page says by which version of the pack its values are ordered; that version may be superseded.
    await runner.query(`
      CREATE TABLE rule_pack_fields (
        service_code      text  NOT NULL,
        rule_pack_version int   NOT NULL,
        fields            jsonb NOT NULL,
        PRIMARY KEY (service_code, rule_pack_version)
      )`);
    await runner.query(`
      CREATE TABLE participation (
        service_code          text   NOT NULL,
        provider_code         text   NOT NULL,
        status                text   NOT NULL CHECK (status IN ('offered', 'accepted', 'refused', 'ended')),
        from_on               date   NOT NULL,
        to_on                 date,
        participation_version bigint NOT NULL,
        PRIMARY KEY (service_code, provider_code)
      )`);
    await runner.query(`
      CREATE TABLE page (
        service_code      text        NOT NULL,
        achievement_date  date        NOT NULL,
        practice_code     text        NOT NULL,
        page_version      int         NOT NULL,
        rule_pack_version int         NOT NULL,
        "values"          int8[]      NOT NULL,
        file_id           uuid        NOT NULL,
        file_name         text        NOT NULL,
        file_sha256       text        NOT NULL,
        first_line        bigint      NOT NULL,
        last_line         bigint      NOT NULL,
        submitted_at      timestamptz NOT NULL,
        PRIMARY KEY (service_code, achievement_date, practice_code)
      ) WITH (fillfactor = 90)`);
    await runner.query(`
      CREATE TABLE pcn_membership (
        pcn_code           text   PRIMARY KEY,
        membership_version bigint NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE membership_spell (
        pcn_code      text NOT NULL,
        practice_code text NOT NULL,
        from_on       date NOT NULL,
        to_on         date,
        PRIMARY KEY (pcn_code, practice_code, from_on)
      )`);
    await runner.query(
      `CREATE INDEX membership_spell_practice ON membership_spell (practice_code, from_on) INCLUDE (pcn_code, to_on)`,
    );
    // Every PCN that ever had, or touched, a practice: its figures go on naming it after the practice has left.
    await runner.query(`
      CREATE TABLE practice_pcn (
        practice_code text NOT NULL,
        pcn_code      text NOT NULL,
        PRIMARY KEY (practice_code, pcn_code)
      )`);
    await runner.query(`CREATE INDEX practice_pcn_pcn ON practice_pcn (pcn_code, practice_code)`);
    await runner.query(`
      CREATE TABLE list_size (
        organisation_code    text   NOT NULL,
        list_size_on         date   NOT NULL,
        registered_patients  bigint NOT NULL,
        organisation_version bigint NOT NULL,
        PRIMARY KEY (organisation_code, list_size_on)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE list_size, practice_pcn, membership_spell, pcn_membership, page, participation, rule_pack_fields, quality_service`,
    );
  }
}
