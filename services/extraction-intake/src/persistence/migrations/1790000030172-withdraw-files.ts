import { auditTable, dropAuditTable, keepAppendOnly } from '@attest/audit';
import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Files that were taken back, who asked for it and who confirmed it, and the pages that stand again. */
export class WithdrawFiles1790000030172 implements MigrationInterface {
  name = 'WithdrawFiles1790000030172';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE extract_file ADD COLUMN withdrawn_at timestamptz');
    await runner.query(`
      CREATE TABLE file_withdrawal (
        withdrawal_id uuid        PRIMARY KEY,
        file_id       uuid        NOT NULL REFERENCES extract_file,
        state         text        NOT NULL CHECK (state IN ('awaiting-confirmation', 'withdrawn', 'dropped')),
        reason        text        NOT NULL CHECK (length(reason) BETWEEN 1 AND 1000),
        requested_by  text        NOT NULL,
        requested_at  timestamptz NOT NULL,
        decided_by    text,
        decided_at    timestamptz,
        CHECK ((state = 'awaiting-confirmation') = (decided_at IS NULL))
      )`);
    await runner.query(
      `CREATE UNIQUE INDEX file_withdrawal_one ON file_withdrawal (file_id) WHERE state <> 'dropped'`,
    );
    await runner.query(`
      CREATE TABLE file_withdrawal_history (
        withdrawal_id uuid        NOT NULL REFERENCES file_withdrawal,
        step          int         NOT NULL,
        at            timestamptz NOT NULL,
        person_id     text        NOT NULL,
        to_state      text        NOT NULL,
        reason        text,
        PRIMARY KEY (withdrawal_id, step)
      )`);
    // It takes money back and gives it, so its steps are chained as an amendment's are.
    await runner.query(auditTable('file_withdrawal_history') + keepAppendOnly('file_withdrawal_history'));
    // A version that stands again says what it said before; of the last one nothing may be left.
    await runner.query(`ALTER TABLE page ADD COLUMN withdrawal_id uuid REFERENCES file_withdrawal`);
    await runner.query(`ALTER TABLE page ADD COLUMN nothing_stands boolean NOT NULL DEFAULT false`);
    await runner.query(`
      CREATE INDEX page_nothing_stands ON page (service_code, achievement_date, practice_code, page_version)
        WHERE nothing_stands`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP INDEX page_nothing_stands');
    await runner.query('ALTER TABLE page DROP COLUMN nothing_stands');
    await runner.query('ALTER TABLE page DROP COLUMN withdrawal_id');
    await runner.query(dropAuditTable('file_withdrawal_history'));
    await runner.query('DROP TABLE file_withdrawal_history, file_withdrawal');
    await runner.query('ALTER TABLE extract_file DROP COLUMN withdrawn_at');
  }
}
