import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** What a bulk would act on, and bulks as jobs with an answer for each item. */
export class CreateBulkDeclaration1790000000040 implements MigrationInterface {
  name = 'CreateBulkDeclaration1790000000040';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- One row however many it counts: it is written and read whole, and gone the next day.
      CREATE TABLE bulk_preview (
        preview_id uuid PRIMARY KEY,
        person_id text NOT NULL,
        filter jsonb NOT NULL,
        made_at timestamptz NOT NULL,
        expires_at timestamptz NOT NULL,
        items integer NOT NULL,
        pence bigint NOT NULL,
        held integer NOT NULL,
        awaiting_aggregation integer NOT NULL,
        declaration_ids uuid[] NOT NULL,
        revisions bigint[] NOT NULL,
        pences bigint[] NOT NULL,
        CHECK (cardinality(declaration_ids) = items AND cardinality(revisions) = items AND cardinality(pences) = items)
      );
      CREATE INDEX bulk_preview_expires ON bulk_preview (expires_at);

      CREATE TABLE bulk_declaration (
        bulk_id uuid PRIMARY KEY,
        -- A person's jobs are done in the order in which they came.
        place bigint GENERATED ALWAYS AS IDENTITY,
        person_id text NOT NULL,
        preview_id uuid,
        late_reason text,
        on_behalf_reason text,
        requested_at timestamptz NOT NULL,
        items integer NOT NULL CHECK (items BETWEEN 1 AND 10000),
        cancelled_at timestamptz,
        ended_at timestamptz
      );
      CREATE INDEX bulk_declaration_waiting ON bulk_declaration (person_id, place) WHERE ended_at IS NULL;
      CREATE INDEX bulk_declaration_person ON bulk_declaration (person_id, place);

      CREATE TABLE bulk_declaration_item (
        bulk_id uuid NOT NULL REFERENCES bulk_declaration,
        ordinal integer NOT NULL,
        declaration_id uuid NOT NULL,
        revision bigint,
        state text NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'declared', 'refused', 'cancelled')),
        code text,
        declared_revision bigint,
        declaration_version bigint,
        PRIMARY KEY (bulk_id, ordinal),
        CHECK ((state = 'queued') = (code IS NULL))
      );
      CREATE INDEX bulk_declaration_item_queued ON bulk_declaration_item (bulk_id, declaration_id)
        WHERE state = 'queued';
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE bulk_declaration_item, bulk_declaration, bulk_preview`);
  }
}
