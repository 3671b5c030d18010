import { auditTable, CREATE_AUDIT, DROP_AUDIT } from '@attest/audit';
import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Who is paid for whom moves money: two people change it, and each step is chained. */
export class CreatePayeeChanges1790000000120 implements MigrationInterface {
  name = 'CreatePayeeChanges1790000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE payee_change (
        change_id     uuid        PRIMARY KEY,
        provider_code text        NOT NULL REFERENCES organisation,
        payee         jsonb       NOT NULL,
        former_payee  jsonb,
        reason        text        NOT NULL,
        status        text        NOT NULL CHECK (status IN ('PROPOSED', 'CONFIRMED', 'WITHDRAWN')),
        proposed_by   text        NOT NULL,
        proposed_at   timestamptz NOT NULL,
        decided_by    text,
        decided_at    timestamptz,
        CHECK ((status = 'PROPOSED') = (decided_by IS NULL) AND (decided_by IS NULL) = (decided_at IS NULL)),
        -- Two people, whatever wrote it.
        CHECK (status <> 'CONFIRMED' OR decided_by <> proposed_by)
      );
      CREATE UNIQUE INDEX payee_change_waiting ON payee_change (provider_code) WHERE status = 'PROPOSED';
      CREATE INDEX payee_change_provider ON payee_change (provider_code, change_id);

      CREATE TABLE payee_change_history (
        change_id         uuid        NOT NULL REFERENCES payee_change,
        status            text        NOT NULL,
        at                timestamptz NOT NULL,
        person_id         text        NOT NULL,
        provider_code     text        NOT NULL,
        payee_code        text        NOT NULL,
        payee_name        text        NOT NULL,
        account_reference text        NOT NULL,
        reason            text        NOT NULL,
        PRIMARY KEY (change_id, status)
      );
      ${CREATE_AUDIT}
      ${auditTable('payee_change_history')}
      REVOKE UPDATE, DELETE, TRUNCATE ON payee_change_history FROM CURRENT_USER;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE payee_change_history, payee_change; ${DROP_AUDIT}`);
  }
}
