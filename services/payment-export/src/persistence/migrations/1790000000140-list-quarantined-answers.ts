import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What was kept aside is a handful among all that agencies ever answered. */
export class ListQuarantinedAnswers1790000000140 implements MigrationInterface {
  name = 'ListQuarantinedAnswers1790000000140';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      `CREATE INDEX acknowledgement_line_quarantined ON acknowledgement_line (file_id DESC, line) WHERE state = 'quarantined'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX acknowledgement_line_quarantined');
  }
}
