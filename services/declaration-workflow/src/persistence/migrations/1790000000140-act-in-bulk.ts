import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * Bulks that release holds and admit late ones, and a request key that records one bulk however often it is sent. A
 * process of the version before knows declaring alone: what it takes of another bulk is on hold or declared already,
 * so it refuses that item by item.
 */
export class ActInBulk1790000000140 implements MigrationInterface {
  name = 'ActInBulk1790000000140';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE bulk_preview
        ADD COLUMN action text NOT NULL DEFAULT 'declare' CHECK (action IN (${ACTIONS})),
        ADD COLUMN hold_ids uuid[],
        ADD CHECK ((action = 'release-holds') = (hold_ids IS NOT NULL)),
        ADD CHECK (cardinality(hold_ids) = items);
      ALTER TABLE bulk_declaration
        ADD COLUMN action text NOT NULL DEFAULT 'declare' CHECK (action IN (${ACTIONS})),
        ADD COLUMN reason text,
        -- Null for bulks of before, which nobody repeats any more.
        ADD COLUMN request_key text,
        ADD COLUMN released integer,
        ADD COLUMN admitted integer,
        ADD CHECK (action <> 'admit-late' OR reason IS NOT NULL);
      CREATE UNIQUE INDEX bulk_declaration_request ON bulk_declaration (person_id, request_key);
      ALTER TABLE bulk_declaration_item
        ADD COLUMN hold_id uuid,
        DROP CONSTRAINT bulk_declaration_item_state_check,
        ADD CONSTRAINT bulk_declaration_item_state_check
          CHECK (state IN ('queued', 'declared', 'released', 'admitted', 'refused', 'cancelled'));
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DELETE FROM bulk_declaration_item WHERE bulk_id IN (SELECT bulk_id FROM bulk_declaration WHERE action <> 'declare');
      DELETE FROM bulk_declaration WHERE action <> 'declare';
      DELETE FROM bulk_preview WHERE action <> 'declare';
      ALTER TABLE bulk_declaration_item
        DROP COLUMN hold_id,
        DROP CONSTRAINT bulk_declaration_item_state_check,
        ADD CONSTRAINT bulk_declaration_item_state_check
          CHECK (state IN ('queued', 'declared', 'refused', 'cancelled'));
      ALTER TABLE bulk_declaration
        DROP COLUMN action, DROP COLUMN reason, DROP COLUMN request_key, DROP COLUMN released, DROP COLUMN admitted;
      ALTER TABLE bulk_preview DROP COLUMN action, DROP COLUMN hold_ids;
    `);
  }
}

const ACTIONS = `'declare', 'release-holds', 'admit-late'`;
