import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateMessages1790000000001 implements MigrationInterface {
  name = 'CreateMessages1790000000001';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE message (
        message_id uuid PRIMARY KEY,
        kind text NOT NULL,
        organisation_code text NOT NULL,
        bucket text NOT NULL,
        lines int NOT NULL DEFAULT 0,
        pence numeric(20) NOT NULL DEFAULT 0,
        previous_pence bigint,
        reason text,
        created_at timestamptz NOT NULL,
        changed_at timestamptz NOT NULL,
        -- Real time, when business time may be moved: tells how long a digest has been quiet.
        written_at timestamptz NOT NULL DEFAULT now(),
        read_at timestamptz,
        read_by text,
        -- One digest per kind, organisation and what it gathers.
        UNIQUE (organisation_code, kind, bucket)
      );
      CREATE INDEX message_newest ON message (organisation_code, message_id DESC);
      CREATE INDEX message_unmailed ON message (written_at);

      CREATE TABLE message_line (
        message_id uuid NOT NULL REFERENCES message,
        subject_id text NOT NULL,
        line_version bigint NOT NULL,
        service_code text,
        achievement_date date,
        provider_code text NOT NULL,
        pence bigint,
        previous_pence bigint,
        code text,
        reason text,
        PRIMARY KEY (message_id, subject_id, line_version)
      );

      CREATE TABLE task (
        declaration_id uuid PRIMARY KEY,
        revision bigint NOT NULL,
        kind text,
        organisation_code text,
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        provider_code text NOT NULL,
        pence bigint NOT NULL,
        since timestamptz NOT NULL
      );
      CREATE INDEX task_open ON task (organisation_code, declaration_id) WHERE kind IS NOT NULL;

      CREATE TABLE contact (
        organisation_code text NOT NULL,
        email text NOT NULL,
        recorded_by text NOT NULL,
        recorded_at timestamptz NOT NULL,
        PRIMARY KEY (organisation_code, email)
      );

      CREATE TABLE mail (
        message_id uuid NOT NULL REFERENCES message,
        email text NOT NULL,
        -- The digest as it stood: a digest that grew afterwards is mailed again.
        message_written_at timestamptz NOT NULL,
        attempts int NOT NULL DEFAULT 0,
        next_attempt_at timestamptz NOT NULL,
        delivered_at timestamptz,
        last_error_code text,
        PRIMARY KEY (message_id, email, message_written_at)
      );
      CREATE INDEX mail_due ON mail (next_attempt_at) WHERE delivered_at IS NULL AND attempts < 10;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE mail, contact, task, message_line, message');
  }
}
