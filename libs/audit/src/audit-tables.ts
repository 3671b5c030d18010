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
