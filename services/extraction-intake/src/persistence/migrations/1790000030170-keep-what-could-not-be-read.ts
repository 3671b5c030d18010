import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Values that were sent and could not be read, and submissions that said what stood already. */
export class KeepWhatCouldNotBeRead1790000030170 implements MigrationInterface {
  name = 'KeepWhatCouldNotBeRead1790000030170';

  async up(runner: QueryRunner): Promise<void> {
    // By names, with the fault, the line and the version that the value was left from. Null is none.
    await runner.query(`ALTER TABLE page ADD COLUMN left_values jsonb`);
    await runner.query(`ALTER TABLE superseded_page ADD COLUMN left_values jsonb`);
    // It makes no version, but the page is as new as the newest of them.
    await runner.query(`
      CREATE TABLE repeated_page (
        service_code      text        NOT NULL,
        achievement_date  date        NOT NULL,
        practice_code     text        NOT NULL,
        file_id           uuid        NOT NULL REFERENCES extract_file,
        page_version      int         NOT NULL,
        first_line        bigint      NOT NULL,
        last_line         bigint      NOT NULL,
        defaults_used     int         NOT NULL,
        submitted_at      timestamptz NOT NULL,
        left_values       jsonb,
        PRIMARY KEY (service_code, achievement_date, practice_code, file_id),
        FOREIGN KEY (service_code, achievement_date, practice_code, page_version) REFERENCES page
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE repeated_page');
    await runner.query('ALTER TABLE superseded_page DROP COLUMN left_values');
    await runner.query('ALTER TABLE page DROP COLUMN left_values');
  }
}
