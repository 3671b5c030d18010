import { Injectable } from '@nestjs/common';
import { plainArray, textArray, type Tx } from '@attest/persistence';
import { MessageStore, type TaskChange } from '../application/ports.js';
import type { Notice } from '../domain/notice.js';
import { digestIdOf } from './digest-id.js';

const texts = <T>(rows: readonly T[], of: (row: T) => string | null): string => textArray(rows.map(of));
const plain = <T>(rows: readonly T[], of: (row: T) => string | bigint | null): string =>
  plainArray(rows.map(of));

@Injectable()
export class PgMessageStore extends MessageStore {
  async add(tx: Tx, notices: readonly Notice[], at: Date): Promise<void> {
    const ids = notices.map(digestIdOf);
    const digests = new Map(notices.map((notice, i) => [ids[i]!, notice]));
    const heads = [...digests.values()];
    // No digest is touched here: every partition has lines for the same ones and would wait for the others.
    await tx.query(
      {
        name: 'add-lines',
        text: `WITH added AS (
                 INSERT INTO message_line (digest_id, subject_id, line_version, service_code, achievement_date,
                                           provider_code, pence, previous_pence, code, reason)
                 SELECT * FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::text[], $5::date[], $6::text[],
                                      $7::bigint[], $8::bigint[], $9::text[], $10::text[])
                 ON CONFLICT DO NOTHING
                 RETURNING digest_id)
               INSERT INTO message_growth (digest_id, organisation_code, kind, bucket, at)
               SELECT d.*, $15::timestamptz
                 FROM unnest($11::uuid[], $12::text[], $13::text[], $14::text[]) AS d(digest_id)
                WHERE d.digest_id IN (SELECT digest_id FROM added)`,
      },
      [
        plainArray(ids),
        texts(notices, (n) => n.line.subjectId),
        plain(notices, (n) => n.line.lineVersion),
        texts(notices, (n) => n.line.serviceCode),
        plain(notices, (n) => n.line.achievementDate),
        texts(notices, (n) => n.line.providerCode),
        plain(notices, (n) => n.line.pence),
        plain(notices, (n) => n.line.previousPence),
        texts(notices, (n) => n.line.code),
        texts(notices, (n) => n.line.reason),
        plainArray([...digests.keys()]),
        texts(heads, (n) => n.organisationCode),
        texts(heads, (n) => n.kind),
        texts(heads, (n) => n.bucket),
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
        [plain(done, (c) => c.declarationId), plain(done, (c) => c.revision)],
      );
    }
    if (open.length === 0) return;
    await tx.query(
      {
        name: 'open-tasks',
        text: `INSERT INTO task AS t (declaration_id, revision, kind, organisation_code, service_code, achievement_date,
                                      provider_code, pence, since, declaration_kind, payment_period)
               SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::date[], $7::text[],
                                    $8::bigint[], $9::timestamptz[], $10::text[], $11::text[]) AS n(id) ORDER BY n.id
               ON CONFLICT (declaration_id) DO UPDATE SET revision = excluded.revision, kind = excluded.kind,
                      organisation_code = excluded.organisation_code, pence = excluded.pence, since = excluded.since,
                      payment_period = excluded.payment_period
                WHERE t.revision < excluded.revision`,
      },
      [
        plain(open, (c) => c.declarationId),
        plain(open, (c) => c.revision),
        texts(open, (c) => c.task!.kind),
        texts(open, (c) => c.task!.organisationCode),
        texts(open, (c) => c.serviceCode),
        plain(open, (c) => c.achievementDate),
        texts(open, (c) => c.providerCode),
        plain(open, (c) => c.pence),
        plain(open, (c) => c.since),
        plain(open, (c) => c.declarationKind),
        texts(open, (c) => c.paymentPeriod),
      ],
    );
  }
}
