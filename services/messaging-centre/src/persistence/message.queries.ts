import { Injectable } from '@nestjs/common';
import type { LondonDate } from '@attest/calendar';
import { Database } from '@attest/persistence';
import {
  MessageQueries,
  type StoredDelivery,
  type StoredLine,
  type StoredMessage,
  type StoredReading,
  type StoredTask,
} from '../application/ports.js';
import { DEADLINE_ON, HAS_DEADLINE, IS_FROZEN } from './deadline.sql.js';

const MESSAGE = `m.message_id AS "messageId", m.kind, m.organisation_code AS "organisationCode", m.bucket, m.lines,
  coalesce(m.subject_count, m.lines) AS "subjectCount",
  m.pence::text AS pence, m.previous_pence::text AS "previousPence", m.subject_id AS "subjectId", m.reason, m.code,
  still.lines AS "openLines", still.pence::text AS "openPence", still.first_on AS "openFirstOn",
  still.last_on AS "openLastOn", m.created_at AS "createdAt", m.changed_at AS "changedAt",
  m.read_at AS "readAt", m.read_by AS "readBy",
  (SELECT max(delivered_at) FROM mail WHERE mail.message_id = m.message_id) AS "mailedAt"`;

/** What is still to be declared is counted when it is read: declaring moves a task and no message. */
const STILL_OPEN = `LEFT JOIN LATERAL (
  SELECT count(*)::int AS lines, coalesce(sum(t.pence), 0) AS pence, min(due.deadline_on) AS first_on,
         max(due.deadline_on) AS last_on
    FROM message_line l
    JOIN task t ON t.declaration_id = CASE WHEN m.kind IN ('READY_TO_DECLARE', 'DEADLINE_NEAR') THEN l.subject_id::uuid END
    LEFT JOIN calendar_entry c ON c.service_code = t.service_code AND c.achievement_date = t.achievement_date
   CROSS JOIN LATERAL (SELECT ${DEADLINE_ON} AS deadline_on) due
   WHERE l.digest_id = m.digest_id AND t.kind = 'DECLARE' AND t.organisation_code = m.organisation_code
  ) still ON m.kind IN ('READY_TO_DECLARE', 'DEADLINE_NEAR')`;

type MessageRow = Omit<StoredMessage, 'pence' | 'previousPence' | 'open'> & {
  pence: string;
  previousPence: string | null;
  openLines: number | null;
  openPence: string | null;
  openFirstOn: LondonDate | null;
  openLastOn: LondonDate | null;
};
const toMessage = ({
  pence,
  previousPence,
  openLines,
  openPence,
  openFirstOn,
  openLastOn,
  ...row
}: MessageRow): StoredMessage => ({
  ...row,
  pence: BigInt(pence),
  previousPence: previousPence === null ? null : BigInt(previousPence),
  open:
    openLines === null
      ? null
      : {
          lines: openLines,
          pence: BigInt(openPence ?? '0'),
          firstDeadlineOn: openFirstOn,
          lastDeadlineOn: openLastOn,
        },
});

@Injectable()
export class PgMessageQueries extends MessageQueries {
  constructor(private readonly database: Database) {
    super();
  }

  async messages(
    organisationCode: string,
    filter: { unread: boolean; before: string | undefined; limit: number },
  ): Promise<StoredMessage[]> {
    const { rows } = await this.database.query<MessageRow>(
      `SELECT ${MESSAGE} FROM (
         SELECT * FROM message
          WHERE organisation_code = $1 AND (NOT $2 OR read_at IS NULL) AND ($3::uuid IS NULL OR message_id < $3) AND lines > 0
          ORDER BY message_id DESC LIMIT $4) m ${STILL_OPEN}
       ORDER BY m.message_id DESC`,
      [organisationCode, filter.unread, filter.before ?? null, filter.limit],
    );
    return rows.map(toMessage);
  }

  async message(messageId: string): Promise<StoredMessage | undefined> {
    const { rows } = await this.database.query<MessageRow>(
      `SELECT ${MESSAGE} FROM message m ${STILL_OPEN} WHERE m.message_id = $1`,
      [messageId],
    );
    return rows[0] && toMessage(rows[0]);
  }

  async lines(
    messageId: string,
    after: readonly [string, bigint] | undefined,
    limit: number,
  ): Promise<StoredLine[]> {
    const { rows } = await this.database.query<StoredLine>(
      `SELECT subject_id AS "subjectId", line_version AS "lineVersion", service_code AS "serviceCode",
              achievement_date AS "achievementDate", provider_code AS "providerCode", pence,
              previous_pence AS "previousPence", code, reason
         FROM message_line
        WHERE digest_id = (SELECT digest_id FROM message WHERE message_id = $1) AND ($2::text IS NULL OR (subject_id, line_version) > ($2, $3))
        ORDER BY subject_id, line_version LIMIT $4`,
      [messageId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows;
  }

  async tasks(
    organisationCode: string,
    today: LondonDate,
    after: string | undefined,
    limit: number,
  ): Promise<StoredTask[]> {
    const { rows } = await this.database.query<StoredTask>(
      `SELECT t.declaration_id AS "declarationId", t.kind, t.declaration_kind AS "declarationKind",
              t.organisation_code AS "organisationCode", t.service_code AS "serviceCode",
              t.achievement_date AS "achievementDate", t.provider_code AS "providerCode", t.pence, t.since,
              CASE WHEN ${HAS_DEADLINE} THEN ${DEADLINE_ON} END AS "deadlineOn"
         FROM task t
         LEFT JOIN calendar_entry c ON c.service_code = t.service_code AND c.achievement_date = t.achievement_date
        WHERE t.organisation_code = $1 AND t.kind IS NOT NULL AND ($2::uuid IS NULL OR t.declaration_id > $2)
          -- An adjustment may be declared at any time.
          AND (t.kind <> 'DECLARE'
               OR ((t.declaration_kind = 'adjustment' OR c.opens_on <= $4::date) AND NOT ${IS_FROZEN}))
        ORDER BY t.declaration_id LIMIT $3`,
      [organisationCode, after ?? null, limit, today],
    );
    return rows;
  }

  async markRead(messageId: string, personId: string, at: Date): Promise<void> {
    await this.database.query(
      `WITH reading AS (
         INSERT INTO message_reading (message_id, person_id, lines, read_at)
         SELECT message_id, $2, lines, $3 FROM message WHERE message_id = $1
         ON CONFLICT DO NOTHING)
       UPDATE message SET read_at = $3, read_by = $2 WHERE message_id = $1 AND read_at IS NULL`,
      [messageId, personId, at],
    );
  }

  async readings(messageId: string): Promise<StoredReading[]> {
    const { rows } = await this.database.query<StoredReading>(
      `SELECT person_id AS "personId", lines, read_at AS "readAt" FROM message_reading
        WHERE message_id = $1 ORDER BY read_at DESC, person_id LIMIT 100`,
      [messageId],
    );
    return rows;
  }

  async deliveries(messageId: string): Promise<StoredDelivery[]> {
    const { rows } = await this.database.query<StoredDelivery>(
      `SELECT email, attempts, delivered_at AS "deliveredAt", last_error_code AS "lastErrorCode" FROM mail
        WHERE message_id = $1 ORDER BY message_written_at DESC, email LIMIT 100`,
      [messageId],
    );
    return rows;
  }
}
