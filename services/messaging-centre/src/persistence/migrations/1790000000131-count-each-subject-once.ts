import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A declaration that was told of twice is one declaration, with the amount of its newest line. */
export class CountEachSubjectOnce1790000000131 implements MigrationInterface {
  name = 'CountEachSubjectOnce1790000000131';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Null: gathered by a release that did not count them.
      ALTER TABLE message ADD COLUMN subject_count int;
      UPDATE message m
         SET subject_count = s.subject_count, pence = s.pence, previous_pence = s.previous_pence, code = s.code,
             reason = s.reason
        FROM (SELECT digest_id, count(*) AS subject_count, coalesce(sum(pence), 0) AS pence,
                     CASE WHEN count(previous_pence) = count(*) THEN sum(previous_pence) END AS previous_pence,
                     CASE WHEN min(code) = max(code) AND count(code) = count(*) THEN min(code) END AS code,
                     CASE WHEN min(reason) = max(reason) AND count(reason) = count(*) THEN min(reason) END AS reason
                FROM (SELECT digest_id, subject_id,
                             (array_agg(pence ORDER BY line_version DESC))[1] AS pence,
                             (array_agg(previous_pence ORDER BY line_version))[1] AS previous_pence,
                             (array_agg(code ORDER BY line_version DESC))[1] AS code,
                             (array_agg(reason ORDER BY line_version DESC))[1] AS reason
                        FROM message_line GROUP BY digest_id, subject_id) each_subject
               GROUP BY digest_id) s
       WHERE s.digest_id = m.digest_id;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('ALTER TABLE message DROP COLUMN subject_count');
  }
}
