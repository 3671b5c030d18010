import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A request that is repeated because its process died finds the bulk that it has recorded. */
export class RecordBulksOnce1790000000130 implements MigrationInterface {
  name = 'RecordBulksOnce1790000000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Null for bulks of before, which nobody repeats any more.
      ALTER TABLE bulk_approval ADD COLUMN request_key text;
      CREATE UNIQUE INDEX bulk_approval_request ON bulk_approval (person_id, request_key);
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE bulk_approval DROP COLUMN request_key');
  }
}
