import { auditTable, keepAppendOnly } from '@attest/audit';
import type { MigrationInterface, QueryRunner } from '@attest/persistence';

/** Tables of what files say, with what besides the file tells one row from another. */
const RECORDS = [
  ['practice_record', 'f.layout = r.source', '(file_id, practice_code)'],
  ['pcn_record', 'f.layout = r.source', '(file_id, pcn_code)'],
  ['commissioner_record', `f.layout = 'practice-pcn-icb'`, '(file_id, icb_code)'],
  ['membership_history', `f.layout = 'pcn-memberships'`, null],
  ['membership_snapshot', `f.layout = 'practice-pcn-icb'`, '(file_id, practice_code)'],
] as const;

/**
 * What each file says is kept with the file, also when another of its date replaces it: so a file may wait for its
 * second person, and what stood before a file stands again when it is withdrawn.
 */
export class KeepEachFile1790000000150 implements MigrationInterface {
  name = 'KeepEachFile1790000000150';

  async up(runner: QueryRunner): Promise<void> {
    for (const [table, sameLayout, key] of RECORDS)
      await runner.query(`
        ALTER TABLE ${table} ADD COLUMN file_id uuid REFERENCES organisation_file;
        UPDATE ${table} r SET file_id = (
          SELECT f.file_id FROM organisation_file f WHERE ${sameLayout} AND f.as_at = r.as_at
          ORDER BY f.received DESC LIMIT 1);
        ALTER TABLE ${table} ALTER COLUMN file_id SET NOT NULL;
        ${
          key === null
            ? `CREATE INDEX ${table}_file ON ${table} (file_id);`
            : `ALTER TABLE ${table} DROP CONSTRAINT ${table}_pkey, ADD PRIMARY KEY ${key};`
        }`);
    await runner.query(`
      CREATE INDEX membership_snapshot_practice ON membership_snapshot (practice_code);

      -- Rows of one file that describe one organisation differently tell nothing of what they differ in.
      ALTER TABLE practice_record ALTER COLUMN name DROP NOT NULL;
      ALTER TABLE pcn_record ALTER COLUMN name DROP NOT NULL,
        -- Only a list of patients tells it: whether anybody is registered with a practice of the PCN.
        ADD COLUMN with_patients boolean;
      UPDATE pcn_record p SET with_patients = EXISTS (
        SELECT FROM membership_snapshot m JOIN practice_record r USING (file_id, practice_code)
        WHERE m.file_id = p.file_id AND m.pcn_code = p.pcn_code AND r.registered_patients > 0)
      WHERE p.source = 'practice-pcn-icb';
      ALTER TABLE commissioner_record ALTER COLUMN name DROP NOT NULL, ALTER COLUMN region_code DROP NOT NULL,
        ALTER COLUMN region_name DROP NOT NULL;

      ALTER TABLE organisation_file
        ADD COLUMN status text NOT NULL DEFAULT 'TAKEN'
          CHECK (status IN ('TAKEN', 'AWAITING_CONFIRMATION', 'AWAITING_WITHDRAWAL', 'WITHDRAWN')),
        ADD COLUMN effect jsonb;
      -- Of the rows of one date only the newest file's were kept: without theirs the others would stand as empty files.
      UPDATE organisation_file f SET status = 'WITHDRAWN' WHERE layout <> 'people' AND EXISTS (
        SELECT FROM organisation_file n
        WHERE n.layout = f.layout AND n.as_at = f.as_at AND n.received > f.received);

      -- Organisations that a row names which could not be read; without a code where not even that could be read.
      CREATE TABLE unread_code (
        file_id uuid NOT NULL REFERENCES organisation_file,
        kind    text NOT NULL CHECK (kind IN ('practice', 'pcn', 'commissioner')),
        code    text
      );
      CREATE INDEX unread_code_file ON unread_code (file_id);

      -- What a file did or would do, by name.
      CREATE TABLE file_effect (
        file_id uuid NOT NULL REFERENCES organisation_file,
        place   integer NOT NULL,
        code    text NOT NULL,
        name    text NOT NULL,
        kind    text NOT NULL,
        before  text,
        after   text,
        PRIMARY KEY (file_id, place)
      );

      -- Who sent, confirmed, withdrew: files move money, so each step is chained.
      CREATE TABLE organisation_file_history (
        file_id   uuid        NOT NULL REFERENCES organisation_file,
        status    text        NOT NULL,
        at        timestamptz NOT NULL,
        person_id text        NOT NULL,
        reason    text
      );
      CREATE INDEX organisation_file_history_file ON organisation_file_history (file_id);
      ${auditTable('organisation_file_history')}
      ${keepAppendOnly('organisation_file_history')}
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    // What was replaced has no place in the former tables.
    for (const [table] of RECORDS)
      await runner.query(`
        DELETE FROM ${table} r USING organisation_file f WHERE f.file_id = r.file_id AND (
          f.status NOT IN ('TAKEN', 'AWAITING_WITHDRAWAL') OR EXISTS (
            SELECT FROM organisation_file n WHERE n.layout = f.layout AND n.as_at = f.as_at
              AND n.status IN ('TAKEN', 'AWAITING_WITHDRAWAL') AND n.received > f.received));`);
    await runner.query(`
      UPDATE practice_record SET name = practice_code WHERE name IS NULL;
      UPDATE pcn_record SET name = pcn_code WHERE name IS NULL;
      UPDATE commissioner_record SET name = coalesce(name, icb_code), region_code = coalesce(region_code, ''),
        region_name = coalesce(region_name, '');
      ALTER TABLE practice_record DROP COLUMN file_id, ALTER COLUMN name SET NOT NULL,
        ADD PRIMARY KEY (source, as_at, practice_code);
      ALTER TABLE pcn_record DROP COLUMN file_id, DROP COLUMN with_patients, ALTER COLUMN name SET NOT NULL,
        ADD PRIMARY KEY (source, as_at, pcn_code);
      ALTER TABLE commissioner_record DROP COLUMN file_id, ALTER COLUMN name SET NOT NULL,
        ALTER COLUMN region_code SET NOT NULL, ALTER COLUMN region_name SET NOT NULL, ADD PRIMARY KEY (as_at, icb_code);
      ALTER TABLE membership_history DROP COLUMN file_id;
      ALTER TABLE membership_snapshot DROP COLUMN file_id, ADD PRIMARY KEY (practice_code, as_at);
      DROP TABLE organisation_file_history, file_effect, unread_code;
      ALTER TABLE organisation_file DROP COLUMN status, DROP COLUMN effect;
    `);
  }
}
