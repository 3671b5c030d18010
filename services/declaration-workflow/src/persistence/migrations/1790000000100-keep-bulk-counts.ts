import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** The final counts of a bulk stand on it, and bulks that are over can be forgotten. */
export class KeepBulkCounts1790000000100 implements MigrationInterface {
  name = 'KeepBulkCounts1790000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE bulk_declaration
        -- Null until it has ended. A process of the version before ends one without them; then its items are counted.
        ADD COLUMN declared integer,
        ADD COLUMN refused integer,
        ADD COLUMN cancelled integer;
      UPDATE bulk_declaration b SET declared = c.declared, refused = c.refused, cancelled = c.cancelled
      FROM (SELECT bulk_id, count(*) FILTER (WHERE state = 'declared') AS declared,
                   count(*) FILTER (WHERE state = 'refused') AS refused,
                   count(*) FILTER (WHERE state = 'cancelled') AS cancelled
            FROM bulk_declaration_item GROUP BY bulk_id) c
      WHERE b.bulk_id = c.bulk_id AND b.ended_at IS NOT NULL;
      CREATE INDEX bulk_declaration_ended ON bulk_declaration (ended_at, bulk_id) WHERE ended_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX bulk_declaration_ended;
      ALTER TABLE bulk_declaration DROP COLUMN declared, DROP COLUMN refused, DROP COLUMN cancelled;
    `);
  }
}
