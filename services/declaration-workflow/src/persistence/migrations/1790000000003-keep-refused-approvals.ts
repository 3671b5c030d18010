import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Applied signatures stand in the history; those that were refused stand here, so that a repeat is not answered again. */
export class KeepRefusedApprovals1790000000003 implements MigrationInterface {
  name = 'KeepRefusedApprovals1790000000003';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE refused_approval (
        approval_id uuid PRIMARY KEY,
        declaration_id uuid NOT NULL,
        refused_at timestamptz NOT NULL DEFAULT now()
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE refused_approval');
  }
}
