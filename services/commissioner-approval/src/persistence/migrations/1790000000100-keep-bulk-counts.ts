import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The final counts of a bulk stand on it, and bulks that are over can be forgotten. */
export class KeepBulkCounts1790000000100 implements MigrationInterface {
  name = 'KeepBulkCounts1790000000100';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE bulk_approval
        -- When its last item was seen to be answered. Bulks that are over already get theirs from the scheduled job.
        ADD COLUMN answered_at timestamptz,
        ADD COLUMN applied int,
        ADD COLUMN refused int,
        ADD COLUMN cancelled int;
      CREATE INDEX bulk_approval_unanswered ON bulk_approval (bulk_id)
        WHERE signed_at IS NOT NULL AND answered_at IS NULL;
      CREATE INDEX bulk_approval_answered ON bulk_approval (answered_at, bulk_id) WHERE answered_at IS NOT NULL;

      -- A signature is kept for ever and still says in which bulk it was given.
      ALTER TABLE signature DROP CONSTRAINT signature_bulk_id_fkey;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Signatures of bulks that were forgotten stay as they are: they may not be changed.
      ALTER TABLE signature ADD CONSTRAINT signature_bulk_id_fkey
        FOREIGN KEY (bulk_id) REFERENCES bulk_approval NOT VALID;
      DROP INDEX bulk_approval_unanswered, bulk_approval_answered;
      ALTER TABLE bulk_approval DROP COLUMN answered_at, DROP COLUMN applied, DROP COLUMN refused,
        DROP COLUMN cancelled;
    `);
  }
}
