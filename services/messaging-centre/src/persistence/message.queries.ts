import { Injectable } from '@nestjs/common';
import { Database } from '@attest/persistence';
import {
  MessageQueries,
  type StoredLine,
  type StoredMessage,
  type StoredTask,
} from '../application/ports.js';

const MESSAGE = `message_id AS "messageId", kind, organisation_code AS "organisationCode", bucket, lines, pence::text AS "penceText",
  previous_pence AS "previousPence", reason, created_at AS "createdAt", changed_at AS "changedAt", read_at AS "readAt"`;
type MessageRow = Omit<StoredMessage, 'pence'> & { penceText: string };
const toMessage = ({ penceText, ...row }: MessageRow): StoredMessage => ({
  ...row,
  pence: BigInt(penceText),
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
      `SELECT ${MESSAGE} FROM message
        WHERE organisation_code = $1 AND (NOT $2 OR read_at IS NULL) AND ($3::uuid IS NULL OR message_id < $3) AND lines > 0
        ORDER BY message_id DESC LIMIT $4`,
      [organisationCode, filter.unread, filter.before ?? null, filter.limit],
    );
    return rows.map(toMessage);
  }

  async message(messageId: string): Promise<StoredMessage | undefined> {
    const { rows } = await this.database.query<MessageRow>(
      `SELECT ${MESSAGE} FROM message WHERE message_id = $1`,
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
        WHERE message_id = $1 AND ($2::text IS NULL OR (subject_id, line_version) > ($2, $3))
        ORDER BY subject_id, line_version LIMIT $4`,
      [messageId, after?.[0] ?? null, after?.[1] ?? null, limit],
    );
    return rows;
  }

  async tasks(organisationCode: string, after: string | undefined, limit: number): Promise<StoredTask[]> {
    const { rows } = await this.database.query<StoredTask>(
      `SELECT declaration_id AS "declarationId", kind, organisation_code AS "organisationCode", service_code AS "serviceCode",
              achievement_date AS "achievementDate", provider_code AS "providerCode", pence, since
         FROM task WHERE organisation_code = $1 AND kind IS NOT NULL AND ($2::uuid IS NULL OR declaration_id > $2)
        ORDER BY declaration_id LIMIT $3`,
      [organisationCode, after ?? null, limit],
    );
    return rows;
  }

  async markRead(messageId: string, personId: string, at: Date): Promise<void> {
    await this.database.query(
      'UPDATE message SET read_at = $3, read_by = $2 WHERE message_id = $1 AND read_at IS NULL',
      [messageId, personId, at],
    );
  }
}
