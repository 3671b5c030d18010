import { Injectable } from '@nestjs/common';
import type { Tx } from '@attest/persistence';
import { Database } from '@attest/persistence';
import {
  RunStore,
  type Instruction,
  type NewRun,
  type ReleaseRun,
  type UntoldItem,
} from '../application/ports.js';

const RUN = `run_id AS "runId", payment_period AS "paymentPeriod", sequence, state, barrier_id AS "barrierId",
  collect_seconds AS "collectSeconds", collect_until AS "collectUntil"`;
const UNDER_WAY = `state IN ('waiting', 'collecting', 'sealing')`;

@Injectable()
export class PgRunStore extends RunStore {
  constructor(private readonly database: Database) {
    super();
  }

  async add(tx: Tx, run: NewRun): Promise<ReleaseRun> {
    const { rows } = await tx.query<ReleaseRun>(
      `INSERT INTO release_run (run_id, payment_period, sequence, cut_off_at, state, barrier_id, requested_by, requested_at, collect_seconds)
       SELECT $1, $2, coalesce(max(sequence), 0) + 1, $3, 'waiting', $4, $5, $6, $7 FROM release_run WHERE payment_period = $2
       RETURNING ${RUN}`,
      [
        run.runId,
        run.paymentPeriod,
        run.cutOffAt,
        run.barrierId,
        run.requestedBy,
        run.requestedAt,
        run.collectSeconds,
      ],
    );
    return rows[0]!;
  }

  async underWay(tx: Pick<Tx, 'query'>): Promise<ReleaseRun | undefined> {
    return (await tx.query<ReleaseRun>(`SELECT ${RUN} FROM release_run WHERE ${UNDER_WAY}`)).rows[0];
  }

  async lockByBarrier(tx: Tx, barrierId: string): Promise<ReleaseRun | undefined> {
    return (
      await tx.query<ReleaseRun>(`SELECT ${RUN} FROM release_run WHERE barrier_id = $1 FOR UPDATE`, [
        barrierId,
      ])
    ).rows[0];
  }

  async takeUnderWay(tx: Tx): Promise<ReleaseRun | undefined> {
    const { rows } = await tx.query<ReleaseRun>({
      name: 'take-run',
      text: `SELECT ${RUN} FROM release_run WHERE ${UNDER_WAY} FOR UPDATE SKIP LOCKED`,
    });
    return rows[0];
  }

  async collect(tx: Tx, runId: string): Promise<void> {
    await tx.query(
      `UPDATE release_run SET state = 'collecting', collect_until = clock_timestamp() + make_interval(secs => collect_seconds) WHERE run_id = $1`,
      [runId],
    );
  }

  async abort(tx: Tx, runId: string, words: string, at: Date): Promise<void> {
    await tx.query(`UPDATE release_run SET state = 'aborted', words = $2, ended_at = $3 WHERE run_id = $1`, [
      runId,
      words,
      at,
    ]);
  }

  async seal(tx: Tx, runId: string): Promise<void> {
    await tx.query(`UPDATE release_run SET state = 'sealing' WHERE run_id = $1`, [runId]);
  }

  async end(tx: Tx, runId: string, words: string, at: Date): Promise<void> {
    await tx.query(`UPDATE release_run SET state = 'sealed', words = $2, ended_at = $3 WHERE run_id = $1`, [
      runId,
      words,
      at,
    ]);
  }

  async request(
    tx: Tx,
    run: ReleaseRun,
    limit: number,
  ): Promise<(Instruction & { paymentVersion: bigint })[]> {
    const { rows } = await tx.query<Instruction & { paymentVersion: bigint }>(
      {
        name: 'request-instructions',
        text: `WITH payable AS MATERIALIZED (
                 SELECT d.declaration_id, d.declaration_version, d.attempt, r.agency_code, d.provider_code, p.payee_code,
                        p.account_reference, d.service_code, d.achievement_date, c.pay_on, d.pence
                   FROM declaration_state d
                   JOIN payee p ON p.organisation_code = d.provider_code
                   JOIN service_routing r ON r.service_code = d.service_code
                   JOIN payment_calendar c ON c.service_code = d.service_code AND c.achievement_date = d.achievement_date
                  WHERE d.status = 'FINANCIALLY_APPROVED' AND d.payment_period <= $2 AND d.pence > 0
                    AND NOT EXISTS (SELECT 1 FROM run_item i WHERE i.run_id = $1 AND i.declaration_id = d.declaration_id)
                  ORDER BY d.declaration_id LIMIT $3 FOR UPDATE OF d),
               -- A line that was sealed is never instructed again under the same attempt.
               instructed AS (
                 INSERT INTO instruction AS n (declaration_id, declaration_version, attempt, agency_code, provider_code, payee_code,
                        account_reference, service_code, achievement_date, pay_on, pence, state, run_id)
                 SELECT p.*, 'requested', $1 FROM payable p
                 ON CONFLICT (declaration_id, declaration_version, attempt) DO UPDATE
                    SET agency_code = excluded.agency_code, payee_code = excluded.payee_code,
                        account_reference = excluded.account_reference, pay_on = excluded.pay_on, pence = excluded.pence,
                        state = 'requested', run_id = excluded.run_id
                  WHERE n.state IN ('requested', 'confirmed', 'not-included')
                 RETURNING declaration_id, declaration_version, attempt),
               item AS (
                 INSERT INTO run_item (run_id, declaration_id, declaration_version, attempt, state)
                 SELECT $1, declaration_id, declaration_version, attempt, 'requested' FROM instructed)
               UPDATE declaration_state d SET payment_version = d.payment_version + 1
                 FROM instructed i WHERE d.declaration_id = i.declaration_id
               RETURNING d.declaration_id AS "declarationId", i.declaration_version AS "declarationVersion", i.attempt,
                         d.payment_version AS "paymentVersion"`,
      },
      [run.runId, run.paymentPeriod, limit],
    );
    return rows;
  }

  async unanswered(tx: Tx, runId: string): Promise<number> {
    const { rows } = await tx.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM run_item WHERE run_id = $1 AND state = 'requested'`,
      [runId],
    );
    return rows[0]!.n;
  }

  async answer(
    tx: Tx,
    answers: readonly { runId: string; declarationId: string; confirmed: boolean; code: string | null }[],
  ): Promise<void> {
    await tx.query(
      {
        name: 'answer-run-items',
        text: `WITH answered AS (
                 UPDATE run_item i SET state = CASE WHEN a.confirmed THEN 'confirmed' ELSE 'refused' END, code = a.code, told = NOT a.confirmed
                   FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::text[]) AS a(run_id, declaration_id, confirmed, code),
                        release_run r
                  WHERE i.run_id = a.run_id AND i.declaration_id = a.declaration_id AND i.state = 'requested'
                    AND r.run_id = i.run_id AND r.state = 'collecting'
                 RETURNING i.declaration_id, i.declaration_version, i.attempt, i.state)
               UPDATE instruction n SET state = CASE WHEN d.state = 'confirmed' THEN 'confirmed' ELSE 'not-included' END
                 FROM answered d
                WHERE n.declaration_id = d.declaration_id AND n.declaration_version = d.declaration_version AND n.attempt = d.attempt`,
      },
      [
        answers.map((a) => a.runId),
        answers.map((a) => a.declarationId),
        answers.map((a) => a.confirmed),
        answers.map((a) => a.code),
      ],
    );
  }

  async giveUpUnanswered(tx: Tx, runId: string, code: string): Promise<void> {
    await tx.query(
      `WITH given AS (
         UPDATE run_item SET state = 'not-included', code = $2 WHERE run_id = $1 AND state = 'requested'
         RETURNING declaration_id, declaration_version, attempt)
       UPDATE instruction n SET state = 'not-included' FROM given g
        WHERE n.declaration_id = g.declaration_id AND n.declaration_version = g.declaration_version AND n.attempt = g.attempt`,
      [runId, code],
    );
  }

  async counts(tx: Pick<Tx, 'query'>, runId: string): Promise<{ included: number; notIncluded: number }> {
    const { rows } = await tx.query<{ included: number; notIncluded: number }>(
      `SELECT (count(*) FILTER (WHERE state = 'included'))::int AS included,
              (count(*) FILTER (WHERE state IN ('not-included', 'refused')))::int AS "notIncluded"
         FROM run_item WHERE run_id = $1`,
      [runId],
    );
    return rows[0]!;
  }

  async takeUntold(tx: Tx, runId: string, limit: number): Promise<UntoldItem[]> {
    const { rows } = await tx.query<UntoldItem>(
      {
        name: 'take-untold',
        text: `WITH untold AS MATERIALIZED (
                 SELECT declaration_id FROM run_item WHERE run_id = $1 AND NOT told
                  ORDER BY declaration_id LIMIT $2 FOR UPDATE),
               told AS (
                 UPDATE run_item i SET told = true FROM untold u WHERE i.run_id = $1 AND i.declaration_id = u.declaration_id
                 RETURNING i.declaration_id, i.declaration_version, i.attempt, i.state, i.code, i.owed_pence),
               numbered AS (
                 UPDATE declaration_state d SET payment_version = d.payment_version + 1
                   FROM told t WHERE d.declaration_id = t.declaration_id
                 RETURNING d.declaration_id, d.payment_version)
               SELECT t.declaration_id AS "declarationId", t.declaration_version AS "declarationVersion", t.attempt,
                      t.state = 'included' AS included, t.code, t.owed_pence AS "owedPence",
                      v.payment_version AS "paymentVersion", l.file_name AS "fileName", l.line_number AS "lineNumber",
                      n.agency_code AS "agencyCode", n.pence, f.pay_on AS "payOn"
                 FROM told t
                 JOIN numbered v USING (declaration_id)
                 JOIN instruction n ON n.declaration_id = t.declaration_id AND n.declaration_version = t.declaration_version
                                   AND n.attempt = t.attempt
                 LEFT JOIN sealed_line l ON l.declaration_id = t.declaration_id AND l.declaration_version = t.declaration_version
                                        AND l.attempt = t.attempt
                 LEFT JOIN sealed_file f ON f.file_name = l.file_name`,
      },
      [runId, limit],
    );
    return rows;
  }

  async dueCutOffs(now: Date): Promise<{ paymentPeriod: string; cutOffAt: Date }[]> {
    const { rows } = await this.database.query<{ paymentPeriod: string; cutOffAt: Date }>(
      {
        name: 'due-cut-offs',
        // A day: a system that was away longer leaves the decision to people.
        text: `SELECT DISTINCT c.payment_period AS "paymentPeriod", c.cut_off_at AS "cutOffAt" FROM payment_calendar c
                WHERE c.cut_off_at <= $1 AND c.cut_off_at > $1::timestamptz - interval '1 day'
                  AND NOT EXISTS (SELECT 1 FROM release_run r WHERE r.payment_period = c.payment_period AND r.cut_off_at = c.cut_off_at)
                ORDER BY 2, 1`,
      },
      [now],
    );
    return rows;
  }
}
