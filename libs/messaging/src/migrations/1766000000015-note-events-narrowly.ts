import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/**
 * Almost every event is applied at once and needs one thing noted: that it was. A row for that holds no names. What is
 * parked or dead, and what a process of the version before noted, stands in `inbox`.
 */
export class NoteEventsNarrowly1766000000015 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE inbox_reader (
        reader smallint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        consumer text NOT NULL,
        topic text NOT NULL,
        UNIQUE (consumer, topic)
      )`);
    await runner.query(`
      CREATE TABLE inbox_done (
        event_id uuid NOT NULL,
        received_on date NOT NULL DEFAULT current_date,
        reader smallint NOT NULL,
        PRIMARY KEY (reader, event_id)
      )`);
    await runner.query(`CREATE INDEX inbox_done_received_on ON inbox_done USING brin (received_on)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      INSERT INTO inbox (consumer, event_id, topic, received_at)
      SELECT consumer, event_id, topic, received_on FROM inbox_done JOIN inbox_reader USING (reader)
      ON CONFLICT DO NOTHING`);
    await runner.query(`DROP TABLE inbox_done, inbox_reader`);
  }
}
