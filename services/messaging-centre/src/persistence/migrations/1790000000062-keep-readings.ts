import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Who read a message and when, also after it grew; and which kinds an address wants. */
export class KeepReadings1790000000062 implements MigrationInterface {
  name = 'KeepReadings1790000000062';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE message_reading (
        message_id uuid NOT NULL REFERENCES message,
        person_id text NOT NULL,
        -- How many lines it had: a digest that grew is read again.
        lines int NOT NULL,
        read_at timestamptz NOT NULL,
        PRIMARY KEY (message_id, person_id, lines)
      );
      INSERT INTO message_reading SELECT message_id, read_by, lines, read_at FROM message
        WHERE read_at IS NOT NULL AND read_by IS NOT NULL;

      -- Null: all kinds, also those to come.
      ALTER TABLE contact ADD COLUMN kinds text[];
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE message_reading; ALTER TABLE contact DROP COLUMN kinds');
  }
}
