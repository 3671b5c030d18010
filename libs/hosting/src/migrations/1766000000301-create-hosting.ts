import type { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateHosting1766000000301 implements MigrationInterface {
  name = 'CreateHosting1766000000301';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE business_clock (
        only_one  boolean     PRIMARY KEY DEFAULT true CHECK (only_one),
        offset_ms bigint      NOT NULL,
        version   bigint      NOT NULL,
        moved_at  timestamptz NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE firing (
        job         text        NOT NULL,
        due_at      timestamptz NOT NULL,
        started_at  timestamptz NOT NULL DEFAULT now(),
        finished_at timestamptz,
        -- Null while it runs, or when its process died.
        error_code  text,
        PRIMARY KEY (job, due_at)
      )`);
    await runner.query(`CREATE INDEX firing_started_at ON firing (started_at)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE firing`);
    await runner.query(`DROP TABLE business_clock`);
  }
}
