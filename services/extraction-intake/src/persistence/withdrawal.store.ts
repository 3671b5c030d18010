import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '@attest/persistence';
import type { PeriodKey } from '../application/ports.js';
import {
  WithdrawalStore,
  type PageHistory,
  type RestoredBy,
  type RestoredPage,
  type StandingPage,
  type Withdrawal,
  type WithdrawalStep,
} from '../application/withdrawal-ports.js';
import type { LeftValue } from '../domain/page-decision.js';
import type { Said } from '../domain/what-stands.js';

/** Any number of its own among this database's advisory locks. */
const WITHDRAWAL_LOCKS = 30_003;

const SELECT_WITHDRAWAL = `
  SELECT withdrawal_id AS "withdrawalId", file_id AS "fileId", state, reason, requested_by AS "requestedBy",
         requested_at AS "requestedAt", decided_by AS "decidedBy", decided_at AS "decidedAt"
  FROM file_withdrawal`;

interface SaidRow extends Omit<Said, 'values' | 'fields' | 'firstLine' | 'lastLine'> {
  readonly practiceCode: string;
  readonly practiceName: string | null;
  readonly raw: (bigint | null)[];
  readonly firstLine: bigint;
  readonly lastLine: bigint;
}

/** What files and people said of pages; a version that stands again says nothing new. */
const SAID = `
  SELECT practice_code, page_version, rule_pack_version, "values", left_values, submitted_at, file_id, first_line,
         last_line, defaults_used, amendment_id
  FROM page WHERE service_code = $1 AND achievement_date = $2 AND withdrawal_id IS NULL AND filled_by_file_id IS NULL
  UNION ALL
  SELECT practice_code, by_page_version, rule_pack_version, "values", left_values, submitted_at, file_id, first_line,
         last_line, defaults_used, NULL
  FROM superseded_page WHERE service_code = $1 AND achievement_date = $2 AND why <> 'PAGE_INCOMPLETE'
  UNION ALL
  SELECT r.practice_code, r.page_version, p.rule_pack_version, p."values", r.left_values, r.submitted_at, r.file_id,
         r.first_line, r.last_line, r.defaults_used, NULL
  FROM repeated_page r JOIN page p USING (service_code, achievement_date, practice_code, page_version)
  WHERE r.service_code = $1 AND r.achievement_date = $2`;

@Injectable()
export class PgWithdrawalStore extends WithdrawalStore {
  constructor(private readonly database: Database) {
    super();
  }

  async periodsOf(tx: Tx, fileId: string): Promise<PeriodKey[]> {
    const { rows } = await tx.query<PeriodKey>(
      `SELECT service_code AS "serviceCode", achievement_date AS "achievementDate" FROM extract_file_period
       WHERE file_id = $1 ORDER BY 1, 2`,
      [fileId],
    );
    return rows;
  }

  histories(tx: Tx, period: PeriodKey, fileId: string): Promise<PageHistory[]> {
    return this.readHistories(
      tx,
      period,
      'SELECT DISTINCT practice_code FROM said WHERE file_id = $3 AND amendment_id IS NULL',
      's.file_id <> $3',
      fileId,
    );
  }

  historiesOf(tx: Tx, period: PeriodKey, practices: readonly string[]): Promise<PageHistory[]> {
    return this.readHistories(tx, period, 'SELECT unnest($3::text[]) AS practice_code', 'true', practices);
  }

  async standing(tx: Tx, { serviceCode, achievementDate }: PeriodKey): Promise<Map<string, StandingPage>> {
    const { rows } = await tx.query<
      Omit<StandingPage, 'values'> & { practiceCode: string; raw: (bigint | null)[] }
    >(
      `SELECT DISTINCT ON (practice_code) practice_code AS "practiceCode", page_version AS "pageVersion",
              rule_pack_version AS "rulePackVersion", "values" AS raw, file_id AS "fileId",
              amendment_id AS "amendmentId", submitted_at AS "submittedAt", nothing_stands AS "nothingStands"
       FROM page WHERE service_code = $1 AND achievement_date = $2
       ORDER BY practice_code, page_version DESC`,
      [serviceCode, achievementDate],
    );
    return new Map(
      rows.map(({ practiceCode, raw, ...page }) => [practiceCode, { ...page, values: raw.map(plain) }]),
    );
  }

  async addRestored(
    tx: Tx,
    period: PeriodKey,
    by: RestoredBy,
    pages: readonly RestoredPage[],
  ): Promise<void> {
    if (pages.length === 0) return;
    await tx.copyIn('page', RESTORED_COLUMNS, restoredRows(period, by, pages));
  }

  async find(fileId: string): Promise<{ withdrawal: Withdrawal; steps: WithdrawalStep[] } | undefined> {
    const { rows } = await this.database.query<Withdrawal>(
      `${SELECT_WITHDRAWAL} WHERE file_id = $1 ORDER BY withdrawal_id DESC LIMIT 1`,
      [fileId],
    );
    const [withdrawal] = rows;
    if (!withdrawal) return undefined;
    const { rows: steps } = await this.database.query<WithdrawalStep>(
      `SELECT at, person_id AS "personId", to_state AS "to", reason FROM file_withdrawal_history
       WHERE withdrawal_id = $1 ORDER BY step`,
      [withdrawal.withdrawalId],
    );
    return { withdrawal, steps };
  }

  async lock(tx: Tx, fileId: string): Promise<Withdrawal | undefined> {
    await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [WITHDRAWAL_LOCKS, fileId]);
    const { rows } = await tx.query<Withdrawal>(
      `${SELECT_WITHDRAWAL} WHERE file_id = $1 AND state <> 'dropped'`,
      [fileId],
    );
    return rows[0];
  }

  async add(tx: Tx, withdrawal: Withdrawal): Promise<void> {
    await tx.query(
      `INSERT INTO file_withdrawal
         (withdrawal_id, file_id, state, reason, requested_by, requested_at, decided_by, decided_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        withdrawal.withdrawalId,
        withdrawal.fileId,
        withdrawal.state,
        withdrawal.reason,
        withdrawal.requestedBy,
        withdrawal.requestedAt,
        withdrawal.decidedBy,
        withdrawal.decidedAt,
      ],
    );
    const { state, requestedBy, requestedAt, reason } = withdrawal;
    await this.addStep(tx, withdrawal, { to: state, personId: requestedBy, at: requestedAt, reason });
  }

  async decide(tx: Tx, withdrawal: Withdrawal, step: WithdrawalStep): Promise<void> {
    await tx.query(
      'UPDATE file_withdrawal SET state = $2, decided_by = $3, decided_at = $4 WHERE withdrawal_id = $1',
      [withdrawal.withdrawalId, step.to, step.personId, step.at],
    );
    await this.addStep(tx, withdrawal, step);
  }

  async markWithdrawn(tx: Tx, fileId: string, at: Date): Promise<void> {
    await tx.query('UPDATE extract_file SET withdrawn_at = $2 WHERE file_id = $1', [fileId, at]);
  }

  /** @param touched practices, `counted` which files' sayings, both by $3 */
  private async readHistories(
    tx: Tx,
    { serviceCode, achievementDate }: PeriodKey,
    touched: string,
    counted: string,
    of: string | readonly string[],
  ): Promise<PageHistory[]> {
    const { rows: packs } = await tx.query<{ version: number; fields: Said['fields'] }>(
      'SELECT rule_pack_version AS version, fields FROM rule_pack WHERE service_code = $1',
      [serviceCode],
    );
    const fields = new Map(packs.map((pack) => [pack.version, pack.fields]));
    const { rows } = await tx.query<SaidRow>(
      `WITH said AS (${SAID}),
            touched AS (${touched})
       SELECT t.practice_code AS "practiceCode", o.name AS "practiceName", s.page_version AS "pageVersion",
              s.rule_pack_version AS "rulePackVersion", s."values" AS raw, s.left_values AS "left",
              s.submitted_at AS "submittedAt", s.file_id AS "fileId", f.file_name AS "fileName",
              f.sha256 AS "fileSha256", s.first_line AS "firstLine", s.last_line AS "lastLine",
              s.defaults_used AS "defaultsUsed", s.amendment_id AS "amendmentId"
       FROM touched t
       LEFT JOIN directory_organisation o ON o.code = t.practice_code
       LEFT JOIN (said s JOIN extract_file f USING (file_id))
         ON s.practice_code = t.practice_code
        AND (s.amendment_id IS NOT NULL OR (f.withdrawn_at IS NULL AND ${counted}))
       ORDER BY t.practice_code`,
      [serviceCode, achievementDate, of],
    );
    const histories = new Map<string, { practiceName: string | null; said: Said[] }>();
    for (const { practiceCode, practiceName, raw, firstLine, lastLine, ...row } of rows) {
      const history = histories.get(practiceCode) ?? { practiceName, said: [] };
      histories.set(practiceCode, history);
      // Nothing else was said of this practice.
      if (row.fileId === null) continue;
      history.said.push({
        ...row,
        fields: fields.get(row.rulePackVersion)!,
        values: raw.map(plain),
        firstLine: Number(firstLine),
        lastLine: Number(lastLine),
      });
    }
    return [...histories].map(([practiceCode, history]) => ({ practiceCode, ...history }));
  }

  private async addStep(tx: Tx, { withdrawalId }: Withdrawal, step: WithdrawalStep): Promise<void> {
    await tx.query(
      `INSERT INTO file_withdrawal_history (withdrawal_id, step, at, person_id, to_state, reason)
       SELECT $1, count(*) + 1, $2, $3, $4, $5 FROM file_withdrawal_history WHERE withdrawal_id = $1`,
      [withdrawalId, step.at, step.personId, step.to, step.reason],
    );
  }
}

const RESTORED_COLUMNS = [
  'service_code',
  'achievement_date',
  'practice_code',
  'page_version',
  'rule_pack_version',
  'values',
  'file_id',
  'first_line',
  'last_line',
  'defaults_used',
  'submitted_at',
  'amendment_id',
  'left_values',
  'withdrawal_id',
  'filled_by_file_id',
  'nothing_stands',
];

function* restoredRows(
  { serviceCode, achievementDate }: PeriodKey,
  { fileId, withdrawalId }: RestoredBy,
  pages: readonly RestoredPage[],
): Generator<readonly unknown[]> {
  for (const { standing, ...page } of pages)
    yield [
      serviceCode,
      achievementDate,
      page.practiceCode,
      page.pageVersion,
      page.rulePackVersion,
      standing?.values ?? new Array<null>(page.fields).fill(null),
      standing?.fileId ?? fileId,
      standing?.firstLine ?? 1,
      standing?.lastLine ?? 1,
      standing?.defaultsUsed ?? 0,
      // Whatever comes next is newer than nothing.
      standing?.submittedAt ?? new Date(0),
      standing?.amendmentId ?? null,
      standing?.left ? JSON.stringify(standing.left as readonly LeftValue[]) : null,
      withdrawalId,
      withdrawalId === null ? fileId : null,
      standing === undefined,
    ];
}

const plain = (value: bigint | null): number | null => (value === null ? null : Number(value));
