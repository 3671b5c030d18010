import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateIdempotencyKey1766000000201 implements MigrationInterface {
  name = 'CreateIdempotencyKey1766000000201';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE idempotency_key (
        caller       text        NOT NULL,
        route        text        NOT NULL,
        key          text        NOT NULL,
        attempt      integer     NOT NULL DEFAULT 1,
        -- Of address, If-Match and body; a file's is known only when it has been read.
        request_hash bytea,
        started_at   timestamptz NOT NULL DEFAULT now(),
        -- Renewed while its process works on it: a row that is no longer renewed may be taken over.
        alive_at     timestamptz NOT NULL DEFAULT now(),
        status       smallint,
        headers      jsonb,
        body         text,
        PRIMARY KEY (caller, route, key)
      )`);
    await runner.query(`CREATE INDEX idempotency_key_started_at ON idempotency_key (started_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE idempotency_key`);
  }
}
