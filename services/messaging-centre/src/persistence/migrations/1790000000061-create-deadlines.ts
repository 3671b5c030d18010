import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The payment calendar, as far as people are reminded of it, and which reminders were written. */
export class CreateDeadlines1790000000061 implements MigrationInterface {
  name = 'CreateDeadlines1790000000061';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE service_calendar (
        service_code text PRIMARY KEY,
        version bigint NOT NULL
      );

      CREATE TABLE calendar_entry (
        service_code text NOT NULL REFERENCES service_calendar,
        achievement_date date NOT NULL,
        opens_on date NOT NULL,
        provider_deadline_on date NOT NULL,
        PRIMARY KEY (service_code, achievement_date)
      );
      CREATE INDEX calendar_entry_deadline ON calendar_entry (provider_deadline_on);
      CREATE INDEX task_to_declare ON task (service_code, achievement_date) WHERE kind = 'DECLARE';

      -- Each deadline is looked at once a day, by whichever replica inserts it. One that is moved is another one.
      CREATE TABLE deadline_step (
        service_code text NOT NULL,
        achievement_date date NOT NULL,
        deadline_on date NOT NULL,
        days_before int NOT NULL CHECK (days_before IN (7, 3, 1)),
        told_on date NOT NULL,
        PRIMARY KEY (service_code, achievement_date, deadline_on, days_before, told_on)
      );
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'DROP INDEX task_to_declare; DROP TABLE deadline_step, calendar_entry, service_calendar',
    );
  }
}
