import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * What was sent together is kept together: a row of arrays, which PostgreSQL compresses, where single rows of this size
 * stay as they are. Few are kept as rows as before. Whoever reads finds both in `outbox_archive`, now a view.
 */
export class ArchiveInLots1766000000014 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`ALTER TABLE outbox_archive RENAME TO outbox_archive_row`);
    await runner.query(`
      CREATE TABLE outbox_archive_lot (
        -- Of all of them; a lot goes when its newest may go.
        newest_at timestamptz NOT NULL,
        shard smallint[] NOT NULL,
        seq bigint[] NOT NULL,
        event_id uuid[] NOT NULL,
        topic text[] NOT NULL,
        key text[] NOT NULL,
        type text[] NOT NULL,
        aggregate_version bigint[] NOT NULL,
        payload text[] NOT NULL,
        headers jsonb[] NOT NULL,
        traceparent text[] NOT NULL,
        tracestate text[] NOT NULL,
        created_at timestamptz[] NOT NULL,
        txid xid8[] NOT NULL
      ) PARTITION BY RANGE (newest_at)`);
    // Nothing in them repeats, so trying to compress them is time lost.
    await runner.query(`ALTER TABLE outbox_archive_lot ALTER event_id SET STORAGE EXTERNAL`);
    await runner.query(`CREATE TABLE outbox_archive_lot_default PARTITION OF outbox_archive_lot DEFAULT`);
    await runner.query(`
      CREATE VIEW outbox_archive AS
      SELECT ${COLUMNS} FROM outbox_archive_row
      UNION ALL
      ${OF_LOTS}`);
    await runner.query(`
      -- For a process of the version before, which archives row by row.
      CREATE FUNCTION outbox_archive_take() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN
        INSERT INTO outbox_archive_row (${COLUMNS}) SELECT ${COLUMNS.replaceAll(/\w+/g, 'NEW.$&')};
        RETURN NEW;
      END $$`);
    await runner.query(
      `CREATE TRIGGER outbox_archive_take INSTEAD OF INSERT ON outbox_archive FOR EACH ROW EXECUTE FUNCTION outbox_archive_take()`,
    );
    await runner.query(aheadOf(['outbox_archive_row', 'outbox_archive_lot']));
    await runner.query(`SELECT outbox_archive_ahead(7)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`INSERT INTO outbox_archive_row (${COLUMNS})
      ${OF_LOTS}`);
    await runner.query(`DROP VIEW outbox_archive`);
    await runner.query(`DROP FUNCTION outbox_archive_take`);
    await runner.query(`DROP TABLE outbox_archive_lot`);
    await runner.query(`ALTER TABLE outbox_archive_row RENAME TO outbox_archive`);
    await runner.query(aheadOf(['outbox_archive']));
  }
}

const COLUMNS =
  'shard, seq, event_id, topic, key, type, aggregate_version, payload, headers, traceparent, tracestate, created_at, txid';

const OF_LOTS = `
  SELECT said.* FROM outbox_archive_lot l
  CROSS JOIN LATERAL unnest(${COLUMNS.replaceAll(/\w+/g, 'l.$&')}) AS said(${COLUMNS})`;

/** Makes the coming days of these tables; those of rows keep the name that they had. */
const aheadOf = (tables: readonly string[]): string => `
  CREATE OR REPLACE FUNCTION outbox_archive_ahead(days integer) RETURNS integer LANGUAGE plpgsql AS $$
  DECLARE
    day date;
    kind text;
    kept text;
    time text;
    name text;
    inside boolean;
    made integer := 0;
  BEGIN
    FOREACH kind IN ARRAY ARRAY['${tables.join(`', '`)}'] LOOP
      kept := CASE kind WHEN 'outbox_archive_lot' THEN kind ELSE 'outbox_archive' END;
      time := CASE kind WHEN 'outbox_archive_lot' THEN 'newest_at' ELSE 'created_at' END;
      FOR day IN SELECT generate_series((now() AT TIME ZONE 'UTC')::date, (now() AT TIME ZONE 'UTC')::date + days, '1 day')::date LOOP
        name := kept || '_' || to_char(day, 'YYYYMMDD');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        -- Rows of that day already in the default partition would refuse it; they are fine where they are.
        EXECUTE format('SELECT EXISTS (SELECT FROM %1$I WHERE %2$I >= %3$L AND %2$I < %4$L)', kept || '_default', time,
                       day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC') INTO inside;
        CONTINUE WHEN inside;
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                       name, kind, day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
        made := made + 1;
      END LOOP;
    END LOOP;
    RETURN made;
  END $$`;
