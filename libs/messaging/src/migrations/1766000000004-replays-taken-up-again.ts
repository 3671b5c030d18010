import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** What a replay has done, key by key: whoever takes it up after a crash goes on there, and its answer names all of it. */
export class ReplaysTakenUpAgain1766000000004 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE dead_letter_replay_key (
        replay_id uuid NOT NULL REFERENCES dead_letter_replay ON DELETE CASCADE,
        topic text NOT NULL,
        key text NOT NULL,
        seq bigint GENERATED ALWAYS AS IDENTITY,
        outcome jsonb NOT NULL,
        PRIMARY KEY (replay_id, topic, key)
      )`);
    await runner.query(`DROP INDEX dead_letter_replay_open`);
    await runner.query(
      `CREATE INDEX dead_letter_replay_open ON dead_letter_replay (requested_at) WHERE status IN ('requested', 'running')`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE dead_letter_replay_key`);
    await runner.query(`DROP INDEX dead_letter_replay_open`);
    await runner.query(
      `CREATE INDEX dead_letter_replay_open ON dead_letter_replay (requested_at) WHERE status = 'requested'`,
    );
  }
}
