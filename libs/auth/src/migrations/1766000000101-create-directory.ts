import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateDirectory1766000000101 implements MigrationInterface {
  name = 'CreateDirectory1766000000101';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE directory_organisation (
        code              text   PRIMARY KEY,
        kind              text   NOT NULL CHECK (kind IN ('practice', 'pcn', 'commissioner', 'region', 'national', 'agency')),
        name              text   NOT NULL,
        commissioner_code text,
        ancestors         text[] NOT NULL,
        open_on           date,
        close_on          date,
        version           bigint NOT NULL
      )`);
    await runner.query(
      `CREATE INDEX directory_organisation_ancestors ON directory_organisation USING gin (ancestors)`,
    );
    await runner.query(`
      CREATE TABLE directory_role (
        person_id         text   NOT NULL,
        role              text   NOT NULL,
        organisation_code text   NOT NULL,
        valid_from        date   NOT NULL,
        valid_to          date,
        version           bigint NOT NULL,
        PRIMARY KEY (person_id, role, organisation_code)
      )`);
    await runner.query(
      `CREATE INDEX directory_role_organisation ON directory_role (organisation_code, role)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE directory_role`);
    await runner.query(`DROP TABLE directory_organisation`);
  }
}
