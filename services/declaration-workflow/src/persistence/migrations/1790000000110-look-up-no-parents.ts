import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * A declaration is never deleted, and its history is written in the statement that moves it: looking it up once more
 * for each row took a sixth of that statement. Items go with their bulk, in one statement too.
 */
export class LookUpNoParents1790000000110 implements MigrationInterface {
  name = 'LookUpNoParents1790000000110';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE declaration_history DROP CONSTRAINT declaration_history_declaration_id_fkey;
      ALTER TABLE bulk_declaration_item DROP CONSTRAINT bulk_declaration_item_bulk_id_fkey;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE bulk_declaration_item ADD CONSTRAINT bulk_declaration_item_bulk_id_fkey
        FOREIGN KEY (bulk_id) REFERENCES bulk_declaration;
      ALTER TABLE declaration_history ADD CONSTRAINT declaration_history_declaration_id_fkey
        FOREIGN KEY (declaration_id) REFERENCES declaration;
    `);
  }
}
