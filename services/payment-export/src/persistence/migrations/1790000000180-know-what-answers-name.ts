import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What an answer in quarantine names, beside its text: that may not be kept, and one text is not read twice. */
export class KnowWhatAnswersName1790000000180 implements MigrationInterface {
  name = 'KnowWhatAnswersName1790000000180';

  async up(runner: QueryRunner): Promise<void> {
    // Lines of older files are read as far as they can be without quotes.
    await runner.query(`
      CREATE TABLE quarantined_answer (
        file_id uuid NOT NULL REFERENCES acknowledgement_file,
        line int NOT NULL,
        named_file text,
        named_line int,
        declaration_id uuid,
        attempt int,
        pence bigint,
        outcome text,
        reason_code text,
        answer_reason text,
        PRIMARY KEY (file_id, line)
      );

      INSERT INTO quarantined_answer (file_id, line, named_file, named_line, declaration_id, attempt, pence, outcome)
      SELECT file_id, line, cells[1], cells[2]::int,
             coalesce(cells[3], substring(text FROM '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}'))::uuid,
             cells[4]::int, cells[5]::bigint, substring(cells[6] FROM '^(?:ACCEPTED|REJECTED)$')
        FROM acknowledgement_line l
        LEFT JOIN LATERAL (SELECT regexp_match(l.text,
               '^([^",]{1,200}),([1-9][0-9]{0,8}),([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}),([1-9][0-9]{0,8}),([1-9][0-9]{0,14}),([^",]*)')
               AS cells) c ON true
       WHERE l.state = 'quarantined';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE quarantined_answer');
  }
}
