import { auditTable, dropAuditTable, keepAppendOnly } from '@attest/audit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Answers leave quarantine: what is open, and who did what to which answer. */
export class SettleQuarantine1790000000182 implements MigrationInterface {
  name = 'SettleQuarantine1790000000182';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE quarantined_answer
        ADD COLUMN state text NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'proposed', 'applied', 'dismissed')),
        ADD COLUMN version bigint NOT NULL DEFAULT 1,
        ADD COLUMN settled_at timestamptz,
        ADD CHECK ((state IN ('applied', 'dismissed')) = (settled_at IS NOT NULL));
      -- In the order of the list, which no longer reads the lines of all files.
      CREATE INDEX quarantined_answer_listed ON quarantined_answer (file_id DESC, line);
      DROP INDEX acknowledgement_line_quarantined;

      CREATE TABLE quarantine_step (
        file_id uuid NOT NULL,
        line int NOT NULL,
        -- Of the answer, that this step made.
        version bigint NOT NULL,
        step text NOT NULL CHECK (step IN ('propose', 'withdraw', 'apply', 'dismiss')),
        person_id text NOT NULL,
        at timestamptz NOT NULL,
        -- Of a repair: the one that was proposed, and that is confirmed or withdrawn.
        repair_id uuid,
        reason text,
        -- The answer as it is applied.
        named_file text,
        named_line int,
        declaration_id uuid,
        attempt int,
        pence bigint,
        outcome text,
        reason_code text,
        answer_reason text,
        returned_on date,
        PRIMARY KEY (file_id, line, version),
        FOREIGN KEY (file_id, line) REFERENCES quarantined_answer,
        CHECK ((step IN ('propose', 'apply')) = (declaration_id IS NOT NULL)),
        CHECK ((step = 'dismiss') = (repair_id IS NULL)),
        CHECK ((step = 'apply') = (reason IS NULL))
      );
      ${auditTable('quarantine_step')}
      ${keepAppendOnly('quarantine_step')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${dropAuditTable('quarantine_step')}
      DROP TABLE quarantine_step;
      DROP INDEX quarantined_answer_listed;
      CREATE INDEX acknowledgement_line_quarantined ON acknowledgement_line (file_id DESC, line) WHERE state = 'quarantined';
      ALTER TABLE quarantined_answer DROP COLUMN state, DROP COLUMN version, DROP COLUMN settled_at;
    `);
  }
}
