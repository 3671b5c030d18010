import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * A task leads to its newest signature, so that people see what became of it. Found through an index of its own it
 * would cost each of ten thousand signatures more than this column of a row that is written anyway.
 */
export class RememberLastSignature1790000000120 implements MigrationInterface {
  name = 'RememberLastSignature1790000000120';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE approval_task ADD COLUMN last_approval_id uuid;
      UPDATE approval_task t SET last_approval_id = newest.approval_id
      FROM (SELECT DISTINCT ON (declaration_id) declaration_id, approval_id FROM signature
            ORDER BY declaration_id, signed_at DESC, approval_id DESC) newest
      WHERE t.declaration_id = newest.declaration_id;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE approval_task DROP COLUMN last_approval_id');
  }
}
