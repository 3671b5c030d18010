import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** A page that lacked what is required is kept beside the one that stands: its practice sees that it came. */
export class KeepIncompletePages1790000030173 implements MigrationInterface {
  name = 'KeepIncompletePages1790000030173';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE superseded_page DROP CONSTRAINT superseded_page_why_check,
        ADD CONSTRAINT superseded_page_why_check
          CHECK (why IN ('OLDER_SUBMISSION', 'AMENDMENT_STANDS', 'PAGE_INCOMPLETE'))`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM superseded_page WHERE why = 'PAGE_INCOMPLETE'`);
    await runner.query(`
      ALTER TABLE superseded_page DROP CONSTRAINT superseded_page_why_check,
        ADD CONSTRAINT superseded_page_why_check CHECK (why IN ('OLDER_SUBMISSION', 'AMENDMENT_STANDS'))`);
  }
}
