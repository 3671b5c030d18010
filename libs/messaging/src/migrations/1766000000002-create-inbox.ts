import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** What a service has heard: how far, what exactly, and what it could not apply. */
export class CreateInbox1766000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE consumer_fence (
        consumer text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        epoch integer NOT NULL DEFAULT 0,
        next_offset bigint NOT NULL,
        moved_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, topic, partition)
      ) WITH (fillfactor = 50)`);
    await runner.query(`
      CREATE TABLE fence_rewind (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        epoch integer NOT NULL,
        from_offset bigint,
        to_offset bigint NOT NULL,
        forgot_inbox boolean NOT NULL,
        rewound_by text NOT NULL,
        reason text NOT NULL,
        rewound_at timestamptz NOT NULL DEFAULT now()
      )`);
    await runner.query(`
      CREATE TABLE inbox (
        consumer text NOT NULL,
        event_id uuid NOT NULL,
        topic text NOT NULL,
        status text NOT NULL DEFAULT 'done' CHECK (status IN ('done', 'parked', 'dead')),
        received_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, event_id)
      )`);
    await runner.query(`CREATE INDEX inbox_received_at ON inbox USING brin (received_at)`);
    await runner.query(`
      CREATE TABLE dead_letter (
        id uuid PRIMARY KEY,
        consumer text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        key text NOT NULL,
        event_id uuid,
        type text,
        raw_key bytea,
        raw_value bytea,
        headers jsonb NOT NULL,
        recorded_at timestamptz NOT NULL,
        error_class text NOT NULL,
        error_code text NOT NULL,
        error_message text NOT NULL,
        attempts integer NOT NULL DEFAULT 1,
        first_failed_at timestamptz NOT NULL DEFAULT now(),
        status text NOT NULL DEFAULT 'dead' CHECK (status IN ('dead', 'replayed', 'discarded')),
        settled_at timestamptz,
        settled_by text,
        settled_reason text,
        CHECK ((status = 'dead') = (settled_at IS NULL)),
        UNIQUE (consumer, topic, partition, "offset", first_failed_at)
      )`);
    await runner.query(
      `CREATE INDEX dead_letter_open ON dead_letter (consumer, topic, key) WHERE status = 'dead'`,
    );
    await runner.query(`
      CREATE TABLE parked_event (
        consumer text NOT NULL,
        topic text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        key text NOT NULL,
        event_id uuid,
        raw_key bytea,
        raw_value bytea,
        headers jsonb NOT NULL,
        recorded_at timestamptz NOT NULL,
        parked_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, topic, partition, "offset")
      )`);
    await runner.query(`CREATE INDEX parked_event_key ON parked_event (consumer, topic, key, "offset")`);
    await runner.query(`
      CREATE TABLE blocked_key (
        consumer text NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        code text NOT NULL,
        dead_letter_id uuid NOT NULL REFERENCES dead_letter,
        since timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (consumer, topic, key)
      )`);
    await runner.query(`
      CREATE TABLE dead_letter_replay (
        id uuid PRIMARY KEY,
        consumer text NOT NULL,
        filter jsonb NOT NULL,
        dry_run boolean NOT NULL,
        discard boolean NOT NULL DEFAULT false,
        rate_per_second integer,
        requested_by text NOT NULL,
        reason text NOT NULL,
        requested_at timestamptz NOT NULL DEFAULT now(),
        status text NOT NULL DEFAULT 'requested' CHECK (status IN ('requested', 'running', 'done', 'failed')),
        result jsonb,
        finished_at timestamptz
      )`);
    await runner.query(
      `CREATE INDEX dead_letter_replay_open ON dead_letter_replay (requested_at) WHERE status = 'requested'`,
    );
    await runner.query(`
      CREATE TABLE consumption_pause (
        topic text PRIMARY KEY,
        paused_by text NOT NULL,
        reason text NOT NULL,
        paused_at timestamptz NOT NULL DEFAULT now()
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `DROP TABLE consumption_pause, dead_letter_replay, blocked_key, parked_event, dead_letter, inbox, fence_rewind, consumer_fence`,
    );
  }
}
