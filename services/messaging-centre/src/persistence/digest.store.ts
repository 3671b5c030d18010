import { Injectable } from '@nestjs/common';
import { Database } from '@attest/persistence';
import { DigestStore } from '../application/ports.js';

@Injectable()
export class PgDigestStore extends DigestStore {
  constructor(private readonly database: Database) {
    super();
  }

  async gather(): Promise<void> {
    // Counted anew from the lines, so that it cannot drift. What is taken here is taken once, also by two at a time.
    // What was told twice of one declaration is one declaration: it amounts to its newest line, and before to its oldest.
    await this.database.query({
      name: 'gather-digests',
      text: `WITH taken AS (DELETE FROM message_growth RETURNING digest_id, organisation_code, kind, bucket, at),
                  grown AS (SELECT digest_id, organisation_code, kind, bucket, max(at) AS at FROM taken GROUP BY 1, 2, 3, 4)
             INSERT INTO message AS m (message_id, digest_id, organisation_code, kind, bucket, lines, subject_count, pence,
                                       previous_pence, subject_id, code, reason, created_at, changed_at, written_at)
             SELECT new_message_id(), g.digest_id, g.organisation_code, g.kind, g.bucket, l.lines, l.subject_count, l.pence,
                    l.previous_pence, l.subject_id, l.code, l.reason, g.at, g.at, now()
               FROM grown g CROSS JOIN LATERAL (
                    SELECT sum(lines)::int AS lines, count(*)::int AS subject_count, coalesce(sum(pence), 0) AS pence,
                           CASE WHEN count(previous_pence) = count(*) THEN sum(previous_pence) END AS previous_pence,
                           CASE WHEN count(*) = 1 THEN min(subject_id) END AS subject_id,
                           CASE WHEN min(code) = max(code) AND count(code) = count(*) THEN min(code) END AS code,
                           CASE WHEN min(reason) = max(reason) AND count(reason) = count(*) THEN min(reason) END AS reason
                      FROM (SELECT subject_id, count(*) AS lines,
                                   (array_agg(pence ORDER BY line_version DESC))[1] AS pence,
                                   (array_agg(previous_pence ORDER BY line_version))[1] AS previous_pence,
                                   (array_agg(code ORDER BY line_version DESC))[1] AS code,
                                   (array_agg(reason ORDER BY line_version DESC))[1] AS reason
                              FROM message_line WHERE digest_id = g.digest_id GROUP BY subject_id) each_subject) l
             ON CONFLICT (digest_id) DO UPDATE SET
                    lines = excluded.lines, subject_count = excluded.subject_count, pence = excluded.pence, previous_pence = excluded.previous_pence,
                    subject_id = excluded.subject_id, code = excluded.code, reason = excluded.reason,
                    changed_at = excluded.changed_at, written_at = excluded.written_at, read_at = NULL, read_by = NULL
              WHERE m.lines < excluded.lines`,
    });
  }
}
