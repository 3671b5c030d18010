import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Lines come without touching their digest, and one job gathers them. Before, every partition updated the same digests
 * and waited for the others to commit: a provider's declarations lie in all of them.
 */
export class GatherDigests1790000000060 implements MigrationInterface {
  name = 'GatherDigests1790000000060';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Known from what a digest gathers, so that a line can be written before its digest.
      CREATE FUNCTION digest_id(organisation_code text, kind text, bucket text) RETURNS uuid
        LANGUAGE sql IMMUTABLE PARALLEL SAFE
        AS $$ SELECT substr(encode(sha256(convert_to(organisation_code || '|' || kind || '|' || bucket, 'UTF8')), 'hex'), 1, 32)::uuid $$;

      -- uuid v7: newest first is their order.
      CREATE FUNCTION new_message_id() RETURNS uuid LANGUAGE sql VOLATILE
        AS $$ SELECT encode(set_bit(set_bit(overlay(uuid_send(gen_random_uuid())
                placing substring(int8send(floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint) FROM 3) FROM 1 FOR 6),
                52, 1), 53, 1), 'hex')::uuid $$;

      ALTER TABLE message
        ADD COLUMN digest_id uuid,
        -- The one thing that all lines are about, and the code and reason that all have; null when they differ.
        ADD COLUMN subject_id text,
        ADD COLUMN code text,
        ALTER COLUMN previous_pence TYPE numeric(20);
      UPDATE message SET digest_id = digest_id(organisation_code, kind, bucket);
      ALTER TABLE message ALTER COLUMN digest_id SET NOT NULL, ADD UNIQUE (digest_id),
        DROP CONSTRAINT message_organisation_code_kind_bucket_key;

      ALTER TABLE message_line ADD COLUMN digest_id uuid;
      UPDATE message_line l SET digest_id = m.digest_id FROM message m WHERE m.message_id = l.message_id;
      ALTER TABLE message_line DROP CONSTRAINT message_line_pkey, DROP COLUMN message_id;
      ALTER TABLE message_line ADD PRIMARY KEY (digest_id, subject_id, line_version);

      -- Which digests have new lines. Only appended to, and emptied by the job that gathers.
      CREATE TABLE message_growth (
        digest_id uuid NOT NULL,
        organisation_code text NOT NULL,
        kind text NOT NULL,
        bucket text NOT NULL,
        at timestamptz NOT NULL
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE message_growth;
      ALTER TABLE message_line ADD COLUMN message_id uuid REFERENCES message;
      UPDATE message_line l SET message_id = m.message_id FROM message m WHERE m.digest_id = l.digest_id;
      DELETE FROM message_line WHERE message_id IS NULL;
      ALTER TABLE message_line DROP CONSTRAINT message_line_pkey, DROP COLUMN digest_id;
      ALTER TABLE message_line ADD PRIMARY KEY (message_id, subject_id, line_version);
      ALTER TABLE message DROP COLUMN digest_id, DROP COLUMN subject_id, DROP COLUMN code,
        ALTER COLUMN previous_pence TYPE bigint, ADD UNIQUE (organisation_code, kind, bucket);
      DROP FUNCTION new_message_id();
      DROP FUNCTION digest_id(text, text, text);
    `);
  }
}
