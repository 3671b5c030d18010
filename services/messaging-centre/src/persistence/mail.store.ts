import { Injectable } from '@nestjs/common';
import { Database } from '@attest/persistence';
import { MailStore, type Contact, type DueMail } from '../application/ports.js';
import { MOST_CONTACTS } from '../domain/message.errors.js';

@Injectable()
export class PgMailStore extends MailStore {
  constructor(private readonly database: Database) {
    super();
  }

  async addContact(organisationCode: string, contact: Contact, personId: string): Promise<boolean> {
    // Another choice of kinds is no new address: it is not mailed what was written before it was recorded.
    const { rowCount } = await this.database.query(
      `INSERT INTO contact (organisation_code, email, kinds, recorded_by, recorded_at)
       SELECT $1, $2, $3, $4, now()
        WHERE (SELECT count(*) FROM contact WHERE organisation_code = $1 AND email <> $2) < $5
       ON CONFLICT (organisation_code, email) DO UPDATE SET kinds = excluded.kinds, recorded_by = excluded.recorded_by`,
      [organisationCode, contact.email, contact.kinds, personId, MOST_CONTACTS],
    );
    return rowCount === 1;
  }

  async removeContact(organisationCode: string, email: string): Promise<void> {
    // What is queued for it is taken back; what was delivered stays, because its time is kept.
    await this.database.query(
      `WITH gone AS (DELETE FROM contact WHERE organisation_code = $1 AND email = $2)
       DELETE FROM mail USING message m
        WHERE m.message_id = mail.message_id AND m.organisation_code = $1 AND mail.email = $2
          AND mail.delivered_at IS NULL`,
      [organisationCode, email],
    );
  }

  async contacts(organisationCode: string): Promise<Contact[]> {
    const { rows } = await this.database.query<Contact>(
      'SELECT email, kinds FROM contact WHERE organisation_code = $1 ORDER BY email',
      [organisationCode],
    );
    return rows;
  }

  async queue(quietSeconds: number, now: Date): Promise<void> {
    await this.database.query(
      `INSERT INTO mail (message_id, email, message_written_at, next_attempt_at)
       SELECT m.message_id, c.email, m.written_at, $2
         FROM contact c JOIN message m USING (organisation_code)
        WHERE m.written_at <= $2::timestamptz - make_interval(secs => $1)
          -- What is a week old is no news; it also keeps this from looking at everything that was ever told.
          AND m.written_at > $2::timestamptz - interval '7 days'
          AND m.written_at > c.recorded_at AND m.lines > 0 AND (c.kinds IS NULL OR m.kind = ANY(c.kinds))
       ON CONFLICT DO NOTHING`,
      [quietSeconds, now],
    );
  }

  async take(now: Date, limit: number): Promise<DueMail[]> {
    const { rows } = await this.database.query<DueMail>(
      `UPDATE mail SET attempts = attempts + 1, next_attempt_at = $1::timestamptz + interval '30 seconds' * power(2, attempts)
        WHERE (message_id, email, message_written_at) IN (
              SELECT q.message_id, q.email, q.message_written_at FROM mail q
                JOIN message m USING (message_id)
                -- Queued while its address was being removed; one that was added anew hears of what comes from then on.
                JOIN contact c ON c.organisation_code = m.organisation_code AND c.email = q.email
                     AND c.recorded_at < q.message_written_at
               WHERE q.delivered_at IS NULL AND q.attempts < 10 AND q.next_attempt_at <= $1
               ORDER BY q.next_attempt_at LIMIT $2 FOR UPDATE OF q SKIP LOCKED)
       RETURNING message_id AS "messageId", email, message_written_at::text AS "messageWrittenAt", attempts`,
      [now, limit],
    );
    return rows;
  }

  async delivered(mail: DueMail, at: Date): Promise<void> {
    await this.database.query(
      'UPDATE mail SET delivered_at = $4, last_error_code = NULL WHERE message_id = $1 AND email = $2 AND message_written_at = $3::timestamptz',
      [mail.messageId, mail.email, mail.messageWrittenAt, at],
    );
  }

  async failed(mail: DueMail, code: string): Promise<void> {
    await this.database.query(
      'UPDATE mail SET last_error_code = $4 WHERE message_id = $1 AND email = $2 AND message_written_at = $3::timestamptz',
      [mail.messageId, mail.email, mail.messageWrittenAt, code],
    );
  }
}
