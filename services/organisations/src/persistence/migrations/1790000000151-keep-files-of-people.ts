import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** What files of people say, and what each role was before: so they may wait for a second person and be withdrawn. */
export class KeepFilesOfPeople1790000000151 implements MigrationInterface {
  name = 'KeepFilesOfPeople1790000000151';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE role_statement (
        file_id           uuid NOT NULL REFERENCES organisation_file,
        person_id         text NOT NULL,
        person_name       text NOT NULL,
        role              text NOT NULL,
        organisation_code text NOT NULL,
        valid_from        date NOT NULL,
        valid_to          date,
        before_from       date,
        before_to         date,
        recorded_version  bigint,
        PRIMARY KEY (file_id, person_id, role, organisation_code)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE role_statement');
  }
}
