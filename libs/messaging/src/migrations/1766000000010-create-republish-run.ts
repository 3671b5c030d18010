import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Runs in which a writer tells again what it stands for, page by page, each with its place in one transaction. */
export class CreateRepublishRun1766000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE republish_run (
        run_id uuid PRIMARY KEY,
        topic text NOT NULL,
        -- Only these keys of the topic; null: all.
        keys text[] CHECK (cardinality(keys) > 0),
        rate_per_second integer NOT NULL CHECK (rate_per_second > 0),
        requested_by text NOT NULL,
        reason text NOT NULL,
        requested_at timestamptz NOT NULL DEFAULT now(),
        status text NOT NULL DEFAULT 'running' CHECK (status IN ('running', 'done', 'failed')),
        -- Where it is: publishers take turns in the order of their names.
        publisher text,
        place jsonb,
        events bigint NOT NULL DEFAULT 0,
        next_page_at timestamptz NOT NULL DEFAULT now(),
        failure jsonb,
        finished_at timestamptz,
        CHECK ((status = 'running') = (finished_at IS NULL))
      )`);
    await runner.query(
      `CREATE INDEX republish_run_due ON republish_run (next_page_at) WHERE status = 'running'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE republish_run`);
  }
}
