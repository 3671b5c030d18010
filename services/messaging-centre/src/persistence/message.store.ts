import { Injectable } from '@nestjs/common';
import { uuidV7 } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { MessageStore, type TaskChange } from '../application/ports.js';
import type { Notice } from '../domain/notice.js';

@Injectable()
export class PgMessageStore extends MessageStore {
  async add(tx: Tx, notices: readonly Notice[], at: Date): Promise<void> {
    const digests = new Map<string, Notice>();
    for (const notice of notices)
      digests.set(`${notice.organisationCode}|${notice.kind}|${notice.bucket}`, notice);
    const keys = [...digests.keys()].sort();
    const heads = keys.map((key) => digests.get(key)!);
    await tx.query(
      {
        name: 'add-digests',
        text: `INSERT INTO message (message_id, kind, organisation_code, bucket, created_at, changed_at)
               SELECT d.*, $5, $5 FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[]) AS d
               ON CONFLICT (organisation_code, kind, bucket) DO NOTHING`,
      },
      [
        heads.map(() => uuidV7()),
        heads.map((n) => n.kind),
        heads.map((n) => n.organisationCode),
        heads.map((n) => n.bucket),
        at,
      ],
    );
    const column = <T>(of: (notice: Notice) => T): T[] => notices.map(of);
    await tx.query(
      {
        name: 'add-lines',
        text: `WITH line AS (
                 SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::bigint[], $6::text[], $7::date[],
                                      $8::text[], $9::bigint[], $10::bigint[], $11::text[], $12::text[])
                   AS l(organisation_code, kind, bucket, subject_id, line_version, service_code, achievement_date,
                        provider_code, pence, previous_pence, code, reason)),
               added AS (
                 INSERT INTO message_line (message_id, subject_id, line_version, service_code, achievement_date,
                                           provider_code, pence, previous_pence, code, reason)
                 SELECT m.message_id, l.subject_id, l.line_version, l.service_code, l.achievement_date, l.provider_code,
                        l.pence, l.previous_pence, l.code, l.reason
                   FROM line l JOIN message m USING (organisation_code, kind, bucket)
                 ON CONFLICT DO NOTHING
                 RETURNING message_id, pence, previous_pence, reason),
               grown AS (
                 SELECT message_id, count(*)::int AS lines, coalesce(sum(pence), 0) AS pence,
                        max(previous_pence) AS previous_pence, max(reason) AS reason
                   FROM added GROUP BY message_id)
               UPDATE message m
                  SET lines = m.lines + g.lines, pence = m.pence + g.pence,
                      previous_pence = coalesce(g.previous_pence, m.previous_pence),
                      reason = coalesce(g.reason, m.reason), changed_at = $13, written_at = now(), read_at = NULL, read_by = NULL
                 FROM grown g WHERE m.message_id = g.message_id`,
      },
      [
        column((n) => n.organisationCode),
        column((n) => n.kind),
        column((n) => n.bucket),
        column((n) => n.line.subjectId),
        column((n) => n.line.lineVersion),
        column((n) => n.line.serviceCode),
        column((n) => n.line.achievementDate),
        column((n) => n.line.providerCode),
        column((n) => n.line.pence),
        column((n) => n.line.previousPence),
        column((n) => n.line.code),
        column((n) => n.line.reason),
        at,
      ],
    );
  }

  async changeTasks(tx: Tx, changes: readonly TaskChange[]): Promise<void> {
    // Most events of a month leave nothing to do: closing touches only rows that are open.
    const open = changes.filter((change) => change.task !== null);
    const done = changes.filter((change) => change.task === null);
    if (done.length > 0) {
      await tx.query(
        {
          name: 'close-tasks',
          text: `UPDATE task t SET kind = NULL, organisation_code = NULL, revision = d.revision
                   FROM unnest($1::uuid[], $2::bigint[]) AS d(declaration_id, revision)
                  WHERE t.declaration_id = d.declaration_id AND t.revision < d.revision AND t.kind IS NOT NULL`,
        },
        [done.map((c) => c.declarationId), done.map((c) => c.revision)],
      );
    }
    if (open.length === 0) return;
    const column = <T>(of: (change: TaskChange) => T): T[] => open.map(of);
    await tx.query(
      {
        name: 'open-tasks',
        text: `INSERT INTO task AS t (declaration_id, revision, kind, organisation_code, service_code, achievement_date,
                                      provider_code, pence, since)
               SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[],
                                    $8::bigint[], $9::timestamptz[]) AS n(id) ORDER BY n.id
               ON CONFLICT (declaration_id) DO UPDATE SET revision = excluded.revision, kind = excluded.kind,
                      organisation_code = excluded.organisation_code, pence = excluded.pence, since = excluded.since
                WHERE t.revision < excluded.revision`,
      },
      [
        column((c) => c.declarationId),
        column((c) => c.revision),
        column((c) => c.task!.kind),
        column((c) => c.task!.organisationCode),
        column((c) => c.serviceCode),
        column((c) => c.achievementDate),
        column((c) => c.providerCode),
        column((c) => c.pence),
        column((c) => c.since),
      ],
    );
  }
}
