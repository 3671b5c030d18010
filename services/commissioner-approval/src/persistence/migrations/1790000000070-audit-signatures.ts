import { auditTable, CREATE_AUDIT, DROP_AUDIT, dropAuditTable, keepAppendOnly } from '@attest/audit';
import type { MigrationInterface, QueryRunner } from 'typeorm';

const COLUMNS = `approval_id, declaration_id, declaration_version, stage, tier, decision, person_id, for_organisation, reason,
  signed_at, bulk_id, state, answer_code, answer_words, answered_at`;

/** A signature is answered later, so what is chained is a record of each: signed, then applied or refused. */
export class AuditSignatures1790000000070 implements MigrationInterface {
  name = 'AuditSignatures1790000000070';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ${CREATE_AUDIT}
      CREATE TABLE signature_record AS SELECT ${COLUMNS} FROM signature;
      ALTER TABLE signature_record
        ALTER COLUMN approval_id SET NOT NULL, ALTER COLUMN declaration_id SET NOT NULL,
        ALTER COLUMN declaration_version SET NOT NULL, ALTER COLUMN stage SET NOT NULL,
        ALTER COLUMN decision SET NOT NULL, ALTER COLUMN person_id SET NOT NULL,
        ALTER COLUMN for_organisation SET NOT NULL, ALTER COLUMN signed_at SET NOT NULL,
        ALTER COLUMN state SET NOT NULL;
      ${auditTable('signature_record')}
      ${keepAppendOnly('signature_record')}

      -- One insert per statement, whoever writes signatures and however many at once.
      CREATE FUNCTION record_signatures() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          INSERT INTO signature_record (${COLUMNS}) SELECT ${COLUMNS} FROM written;
          RETURN NULL;
        END $$;
      CREATE TRIGGER signature_signed AFTER INSERT ON signature
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION record_signatures();
      CREATE TRIGGER signature_answered AFTER UPDATE ON signature
        REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION record_signatures();
      CREATE TRIGGER signature_kept BEFORE DELETE OR TRUNCATE ON signature
        FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TRIGGER signature_kept ON signature;
      DROP TRIGGER signature_answered ON signature;
      DROP TRIGGER signature_signed ON signature;
      DROP FUNCTION record_signatures;
      ${dropAuditTable('signature_record')}
      DROP TABLE signature_record;
      ${DROP_AUDIT}
    `);
  }
}
