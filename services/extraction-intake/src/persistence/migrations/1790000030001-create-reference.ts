import type { MigrationInterface, QueryRunner } from '@attest/persistence';

export class CreateReference1790000030001 implements MigrationInterface {
  name = 'CreateReference1790000030001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE quality_service (
        service_code      text   PRIMARY KEY,
        service_version   bigint NOT NULL,
        provider_kind     text   NOT NULL CHECK (provider_kind IN ('practice', 'pcn')),
        start_on          date   NOT NULL,
        end_on            date,
        achievement_dates date[] NOT NULL,
        rule_pack_version int    NOT NULL
      )`);
    // Every version of a pack stays: pages say by which they are ordered.
    await runner.query(`
      CREATE TABLE rule_pack (
        service_code      text  NOT NULL,
        rule_pack_version int   NOT NULL,
        takes_pages       boolean NOT NULL,
        fields            jsonb NOT NULL,
        ignored_fields    jsonb NOT NULL,
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
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE participation, rule_pack, quality_service');
  }
}
