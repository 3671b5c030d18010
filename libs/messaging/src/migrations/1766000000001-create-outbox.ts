import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** What a service says: rows leave the outbox when the broker has stored them and stay in the archive by day. */
export class CreateOutbox1766000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE outbox (
        shard smallint NOT NULL CHECK (shard BETWEEN 0 AND 15),
        seq bigint GENERATED ALWAYS AS IDENTITY,
        event_id uuid NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        type text NOT NULL,
        aggregate_version bigint NOT NULL,
        payload text NOT NULL,
        headers jsonb,
        traceparent text,
        tracestate text,
        created_at timestamptz NOT NULL DEFAULT now(),
        txid xid8 NOT NULL DEFAULT pg_current_xact_id(),
        PRIMARY KEY (shard, seq)
      ) WITH (
        -- Every row is deleted soon after it is written: vacuum by count, not by share of a table that is usually empty.
        autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
        autovacuum_vacuum_insert_threshold = -1, autovacuum_analyze_scale_factor = 0.5,
        autovacuum_analyze_threshold = 10000
      )`);
    await runner.query(`
      CREATE TABLE outbox_archive (
        shard smallint NOT NULL,
        seq bigint NOT NULL,
        event_id uuid NOT NULL,
        topic text NOT NULL,
        key text NOT NULL,
        type text NOT NULL,
        aggregate_version bigint NOT NULL,
        payload text NOT NULL,
        headers jsonb,
        traceparent text,
        tracestate text,
        created_at timestamptz NOT NULL,
        txid xid8 NOT NULL
      ) PARTITION BY RANGE (created_at)`);
    await runner.query(`CREATE TABLE outbox_archive_default PARTITION OF outbox_archive DEFAULT`);
    await runner.query(`
      CREATE FUNCTION outbox_archive_ahead(days integer) RETURNS integer LANGUAGE plpgsql AS $$
      DECLARE
        day date;
        name text;
        made integer := 0;
      BEGIN
        FOR day IN SELECT generate_series((now() AT TIME ZONE 'UTC')::date, (now() AT TIME ZONE 'UTC')::date + days, '1 day')::date LOOP
          name := 'outbox_archive_' || to_char(day, 'YYYYMMDD');
          CONTINUE WHEN to_regclass(name) IS NOT NULL;
          -- Rows of that day already in the default partition would refuse it; they are fine where they are.
          CONTINUE WHEN EXISTS (SELECT FROM outbox_archive_default
                                WHERE created_at >= (day::timestamp AT TIME ZONE 'UTC')
                                  AND created_at < ((day + 1)::timestamp AT TIME ZONE 'UTC'));
          EXECUTE format('CREATE TABLE %I PARTITION OF outbox_archive FOR VALUES FROM (%L) TO (%L)',
                         name, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
          made := made + 1;
        END LOOP;
        RETURN made;
      END $$`);
    await runner.query(`SELECT outbox_archive_ahead(7)`);
    await runner.query(`
      CREATE TABLE producer_epoch (
        epoch integer PRIMARY KEY,
        raised_at timestamptz NOT NULL DEFAULT now(),
        raised_by text NOT NULL,
        reason text NOT NULL
      )`);
    await runner.query(`
      CREATE TABLE forgotten_event (
        event_id uuid PRIMARY KEY,
        epoch integer NOT NULL REFERENCES producer_epoch,
        topic text NOT NULL,
        partition integer NOT NULL,
        "offset" bigint NOT NULL,
        key text NOT NULL,
        type text NOT NULL,
        aggregate_version bigint NOT NULL,
        payload text NOT NULL
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE forgotten_event, producer_epoch, outbox_archive, outbox`);
    await runner.query(`DROP FUNCTION outbox_archive_ahead(integer)`);
  }
}
