/** For a service's migration: the chain itself. */
export const CREATE_AUDIT = `
  CREATE TABLE audit_entry (
    seq bigint PRIMARY KEY CHECK (seq > 0),
    at timestamptz NOT NULL,
    subject text NOT NULL,
    row_xid xid8 NOT NULL,
    row_id bigint NOT NULL,
    content jsonb NOT NULL,
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash bytea NOT NULL CHECK (octet_length(hash) = 32),
    -- Each row is chained once; its newest entry is where a table's chaining goes on.
    UNIQUE (subject, row_xid, row_id)
  );

  -- As a window it hashes a whole batch, each entry behind the one before it; the first behind the chain's head.
  CREATE FUNCTION audit_link(previous bytea, head bytea, link text) RETURNS bytea IMMUTABLE LANGUAGE sql
    AS $$ SELECT sha256(coalesce(previous, head) || convert_to(link, 'UTF8')) $$;
  CREATE AGGREGATE audit_chain(head bytea, link text) (SFUNC = audit_link, STYPE = bytea);

  CREATE FUNCTION audit_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
  CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
  REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM CURRENT_USER;
`;

export const DROP_AUDIT = `
  DROP TABLE audit_entry;
  DROP FUNCTION audit_refuse_change;
  DROP AGGREGATE audit_chain(bytea, text);
  DROP FUNCTION audit_link;
`;

const LOT_COLUMNS = 'seq, at, subject, row_xid, row_id, content, prev_hash, hash';

/**
 * For a service's migration behind `CREATE_AUDIT`: what was chained at once stands in one row of arrays, which PostgreSQL
 * compresses; a few entries stand as rows, as all did before. `audit_entry` is both, an entry a row.
 */
export const AUDIT_IN_LOTS = `
  ALTER TABLE audit_entry RENAME TO audit_entry_row;
  CREATE TABLE audit_lot (
    first_seq bigint PRIMARY KEY CHECK (first_seq > 0),
    last_seq bigint NOT NULL,
    at timestamptz NOT NULL,
    subject text NOT NULL,
    row_xid xid8[] NOT NULL,
    row_id bigint[] NOT NULL,
    content jsonb[] NOT NULL,
    -- Of the first; each of the others follows the one before it.
    prev_hash bytea NOT NULL CHECK (octet_length(prev_hash) = 32),
    hash bytea[] NOT NULL,
    -- Of the last, so that whoever goes on reads no array.
    last_xid xid8 NOT NULL,
    last_id bigint NOT NULL,
    last_hash bytea NOT NULL CHECK (octet_length(last_hash) = 32),
    CHECK (last_seq = first_seq + cardinality(row_id) - 1)
  );
  -- Hashes do not compress.
  ALTER TABLE audit_lot ALTER hash SET STORAGE EXTERNAL;
  CREATE UNIQUE INDEX audit_lot_subject ON audit_lot (subject, last_xid, last_id);
  CREATE TRIGGER audit_lot_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_lot
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
  REVOKE UPDATE, DELETE, TRUNCATE ON audit_lot FROM CURRENT_USER;

  CREATE VIEW audit_entry AS
    SELECT ${LOT_COLUMNS} FROM audit_entry_row
    UNION ALL
    SELECT l.first_seq + e.place - 1, l.at, l.subject, e.row_xid, e.row_id, e.content, e.prev_hash, e.hash
    FROM audit_lot l
    CROSS JOIN LATERAL unnest(l.row_xid, l.row_id, l.content, array_prepend(l.prev_hash, l.hash), l.hash) WITH ORDINALITY
      AS e(row_xid, row_id, content, prev_hash, hash, place)
    WHERE e.place <= cardinality(l.row_id);

  -- For a process of the version before, which chains row by row.
  CREATE FUNCTION audit_entry_take() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO audit_entry_row (${LOT_COLUMNS}) SELECT ${LOT_COLUMNS.replaceAll(/\w+/g, 'NEW.$&')};
      RETURN NEW;
    END $$;
  CREATE TRIGGER audit_entry_take INSTEAD OF INSERT ON audit_entry FOR EACH ROW EXECUTE FUNCTION audit_entry_take();
`;

/** Its way back: every entry is a row again. */
export const AUDIT_IN_ROWS = `
  INSERT INTO audit_entry_row (${LOT_COLUMNS})
    SELECT ${LOT_COLUMNS} FROM audit_entry e WHERE NOT EXISTS (SELECT FROM audit_entry_row r WHERE r.seq = e.seq);
  DROP VIEW audit_entry;
  DROP FUNCTION audit_entry_take;
  DROP TABLE audit_lot;
  ALTER TABLE audit_entry_row RENAME TO audit_entry;
`;

/**
 * For a service's migration: rows of this table are chained. They carry the transaction that wrote them, because
 * numbers alone are given before commit and say nothing about its order.
 */
export const auditTable = (table: string): string => `
  ALTER TABLE ${table} ADD COLUMN audit_id bigint GENERATED ALWAYS AS IDENTITY,
    ADD COLUMN audit_xid xid8 NOT NULL DEFAULT pg_current_xact_id();
  CREATE UNIQUE INDEX ${table}_audit ON ${table} (audit_xid, audit_id);
`;

/** For a table that nothing else keeps append-only yet. */
export const keepAppendOnly = (table: string): string => `
  CREATE TRIGGER ${table}_audit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ${table}
    FOR EACH STATEMENT EXECUTE FUNCTION audit_refuse_change();
  REVOKE UPDATE, DELETE, TRUNCATE ON ${table} FROM CURRENT_USER;
`;

export const dropAuditTable = (table: string): string => `
  DROP TRIGGER IF EXISTS ${table}_audit_append_only ON ${table};
  ALTER TABLE ${table} DROP COLUMN audit_id, DROP COLUMN audit_xid;
`;
