import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Previews; bulks that refuse, that are cancelled, and that follow one another. */
export class ExtendBulkApproval1790000000040 implements MigrationInterface {
  name = 'ExtendBulkApproval1790000000040';

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
        your_own integer NOT NULL,
        declaration_ids uuid[] NOT NULL,
        versions bigint[] NOT NULL,
        pences bigint[] NOT NULL,
        CHECK (cardinality(declaration_ids) = items AND cardinality(versions) = items AND cardinality(pences) = items)
      );
      CREATE INDEX bulk_preview_expires ON bulk_preview (expires_at);

      ALTER TABLE bulk_approval
        -- A person's bulks are done in the order in which they came.
        ADD COLUMN place bigint GENERATED ALWAYS AS IDENTITY,
        ADD COLUMN preview_id uuid,
        ADD COLUMN decision text NOT NULL DEFAULT 'approve' CHECK (decision IN ('approve', 'refuse')),
        ADD COLUMN reason text,
        ADD COLUMN cancelled_at timestamptz,
        ADD CONSTRAINT bulk_approval_reason CHECK ((decision = 'refuse') = (reason IS NOT NULL));
      DROP INDEX bulk_approval_unfinished;
      CREATE INDEX bulk_approval_waiting ON bulk_approval (person_id, place) WHERE signed_at IS NULL;
      CREATE INDEX bulk_approval_person ON bulk_approval (person_id, place);

      ALTER TABLE bulk_approval_item
        DROP CONSTRAINT bulk_approval_item_state_check,
        ADD CONSTRAINT bulk_approval_item_state_check
          CHECK (state IN ('queued', 'pending', 'applied', 'refused', 'cancelled'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE bulk_preview;
      UPDATE bulk_approval_item SET state = 'refused' WHERE state = 'cancelled';
      ALTER TABLE bulk_approval_item
        DROP CONSTRAINT bulk_approval_item_state_check,
        ADD CONSTRAINT bulk_approval_item_state_check CHECK (state IN ('queued', 'pending', 'applied', 'refused'));
      DROP INDEX bulk_approval_waiting, bulk_approval_person;
      CREATE INDEX bulk_approval_unfinished ON bulk_approval (requested_at) WHERE signed_at IS NULL;
      ALTER TABLE bulk_approval DROP CONSTRAINT bulk_approval_reason, DROP COLUMN place, DROP COLUMN preview_id,
        DROP COLUMN decision, DROP COLUMN reason, DROP COLUMN cancelled_at;
    `);
  }
}
