import type { MigrationInterface, QueryRunner } from 'typeorm';

/** An adjustment has no deadline of its own; and when a task is told of, it is told with its payment period. */
export class KnowTheDeclarationOfATask1790000000130 implements MigrationInterface {
  name = 'KnowTheDeclarationOfATask1790000000130';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE task
        ADD COLUMN declaration_kind text NOT NULL DEFAULT 'achievement'
          CHECK (declaration_kind IN ('achievement', 'adjustment')),
        -- Null until the next event of its declaration: it was not kept before.
        ADD COLUMN payment_period text;
      -- Adjustments were told of as such when they opened.
      UPDATE task SET declaration_kind = 'adjustment'
       WHERE declaration_id::text IN (SELECT l.subject_id FROM message_line l JOIN message m USING (digest_id)
                                       WHERE m.kind = 'ADJUSTMENT_OPENED');
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE task DROP COLUMN declaration_kind, DROP COLUMN payment_period');
  }
}
