import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** A barrier as this service sees it, the control records it has counted, and who said that they passed. */
export class CreateBarrier1766000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE barrier (
        barrier_id uuid PRIMARY KEY,
        route text NOT NULL,
        requested_by text NOT NULL,
        requested_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        status text NOT NULL DEFAULT 'waiting' CHECK (status IN ('waiting', 'passed', 'aborted')),
        snapshot text,
        passed_at timestamptz,
        aborted_at timestamptz,
        words text,
        lacking jsonb
      )`);
    await runner.query(`CREATE INDEX barrier_waiting ON barrier (expires_at) WHERE status = 'waiting'`);
    await runner.query(`
      CREATE TABLE barrier_shard (
        barrier_id uuid NOT NULL REFERENCES barrier ON DELETE CASCADE,
        topic text NOT NULL,
        shard smallint NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        seen_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (barrier_id, topic, shard)
      )`);
    await runner.query(`
      CREATE TABLE barrier_service (
        barrier_id uuid NOT NULL REFERENCES barrier ON DELETE CASCADE,
        service text NOT NULL,
        passed_at timestamptz,
        lacking jsonb,
        PRIMARY KEY (barrier_id, service)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE barrier_service, barrier_shard, barrier`);
  }
}
