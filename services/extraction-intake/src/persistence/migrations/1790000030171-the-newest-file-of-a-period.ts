import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Which services and dates a file was about, so that the newest one of each is known. */
export class TheNewestFileOfAPeriod1790000030171 implements MigrationInterface {
  name = 'TheNewestFileOfAPeriod1790000030171';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE extract_file_period (
        service_code     text NOT NULL,
        achievement_date date NOT NULL,
        file_id          uuid NOT NULL REFERENCES extract_file,
        PRIMARY KEY (service_code, achievement_date, file_id)
      )`);
    await runner.query(`CREATE INDEX extract_file_period_file ON extract_file_period (file_id)`);
    await runner.query(`
      INSERT INTO extract_file_period (service_code, achievement_date, file_id)
      SELECT service_code, achievement_date, file_id FROM extract_file
      WHERE status = 'taken' AND service_code IS NOT NULL AND achievement_date IS NOT NULL
      UNION SELECT service_code, achievement_date, file_id FROM page
      UNION SELECT service_code, achievement_date, file_id FROM superseded_page`);
    // The same bytes may be taken again once another file came in between.
    await runner.query('DROP INDEX extract_file_once');
    await runner.query(`CREATE INDEX extract_file_bytes ON extract_file (sha256) WHERE status = 'taken'`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX extract_file_bytes');
    await runner.query(`
      CREATE UNIQUE INDEX extract_file_once ON extract_file (sha256, layout, service_code, achievement_date, reading)
        NULLS NOT DISTINCT WHERE status = 'taken'`);
    await runner.query('DROP TABLE extract_file_period');
  }
}
