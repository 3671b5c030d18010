import type { MigrationInterface, QueryRunner } from '@attest/persistence';

export class CreateAchievements1790000040002 implements MigrationInterface {
  name = 'CreateAchievements1790000040002';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE achievement (
        service_code      text   NOT NULL,
        achievement_date  date   NOT NULL,
        organisation_code text   NOT NULL,
        -- Newest published; 0 while there is only a marker.
        figure_revision   bigint NOT NULL DEFAULT 0,
        state             text   NOT NULL DEFAULT 'none' CHECK (state IN ('none', 'calculated', 'not-applicable')),
        code              text,
        pence             bigint,
        points            text,
        -- Of the result with its inputs: what is equal is not published again.
        fingerprint       text,
        -- The revision that closes the open marker.
        awaiting_revision bigint,
        blocked_revision  bigint,
        blocked_code      text,
        -- Grows with each marker, so that a rebuild that read before one does not close it.
        marks             bigint NOT NULL DEFAULT 0,
        updated_at        timestamptz,
        PRIMARY KEY (service_code, achievement_date, organisation_code),
        CHECK ((state = 'not-applicable') = (code IS NOT NULL)),
        CHECK ((state = 'calculated') = (pence IS NOT NULL))
      ) WITH (fillfactor = 70)`);
    await runner.query(
      `CREATE INDEX achievement_organisation ON achievement (organisation_code, achievement_date)`,
    );
    await runner.query(
      `CREATE INDEX achievement_blocked ON achievement (service_code) WHERE blocked_revision IS NOT NULL`,
    );
    // Append-only: every figure that was ever published, with what it was made from.
    await runner.query(`
      CREATE TABLE achievement_revision (
        service_code      text   NOT NULL,
        achievement_date  date   NOT NULL,
        organisation_code text   NOT NULL,
        figure_revision   bigint NOT NULL,
        state             text   NOT NULL,
        code              text,
        pence             bigint,
        points            text,
        -- json, not jsonb: written thousands at a time, read one at a time, never searched.
        declared_values   json   NOT NULL,
        inputs            json   NOT NULL,
        explanation       json   NOT NULL,
        cause             json,
        calculated_at     timestamptz NOT NULL,
        PRIMARY KEY (service_code, achievement_date, organisation_code, figure_revision)
      )`);
    await runner.query(`
      CREATE TABLE recalculation (
        recalculation_id uuid        PRIMARY KEY,
        service_code     text        NOT NULL,
        achievement_date date        NOT NULL,
        requested_by     text,
        cause            jsonb,
        requested_at     timestamptz NOT NULL,
        state            text        NOT NULL DEFAULT 'queued' CHECK (state IN ('queued', 'done')),
        finished_at      timestamptz,
        examined         int,
        published        int,
        newer            int
      )`);
    await runner.query(
      `CREATE INDEX recalculation_queued ON recalculation (requested_at) WHERE state = 'queued'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE recalculation, achievement_revision, achievement');
  }
}
