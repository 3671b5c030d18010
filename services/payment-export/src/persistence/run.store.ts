import { Injectable } from '@nestjs/common';
import { versionAfter } from '@attest/messaging';
import { Database, plainArray, textArray, type Tx } from '@attest/persistence';
import {
  RunStore,
  type ConfirmAnswer,
  type Instruction,
  type NewRun,
  type ParkedKeys,
  type ReleaseRun,
  type Trouble,
  type UntoldItem,
} from '../application/ports.js';
import { IllegalRunStepError } from '../domain/payment.errors.js';
import { runTransition, UNDER_WAY, type RunAction } from '../domain/release-run.js';
import { LIST_ITEMS, REQUEST_ITEMS, TAKE_UNTOLD } from './run-items.sql.js';

const RUN = `run_id AS "runId", payment_period AS "paymentPeriod", sequence, state, cut_off_at AS "cutOffAt", barrier_id AS "barrierId",
  collect_seconds AS "collectSeconds", collect_until AS "collectUntil", listed_at AS "listedAt"`;
const WHILE_UNDER_WAY = `state IN (${UNDER_WAY.map((state) => `'${state}'`).join(', ')})`;

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

  async countAnew(): Promise<void> {
    await this.database.query('ANALYZE run_item, instruction, declaration_state, ledger_entry');
  }

  async underWay(tx: Pick<Tx, 'query'>): Promise<ReleaseRun | undefined> {
    return (await tx.query<ReleaseRun>(`SELECT ${RUN} FROM release_run WHERE ${WHILE_UNDER_WAY}`)).rows[0];
  }

  async lockByBarrier(tx: Tx, barrierId: string): Promise<ReleaseRun | undefined> {
    const text = `SELECT ${RUN} FROM release_run WHERE barrier_id = $1 FOR UPDATE`;
    return (await tx.query<ReleaseRun>(text, [barrierId])).rows[0];
  }

  async takeUnderWay(tx: Tx): Promise<ReleaseRun | undefined> {
    const { rows } = await tx.query<ReleaseRun>({
      name: 'take-run',
      text: `SELECT ${RUN} FROM release_run WHERE ${WHILE_UNDER_WAY} FOR UPDATE SKIP LOCKED`,
    });
    return rows[0];
  }

  async step(tx: Tx, run: ReleaseRun, on: RunAction, end?: { words: string; at: Date }): Promise<void> {
    const { rowCount } = await tx.query(
      `UPDATE release_run SET state = $3, words = coalesce($4, words), ended_at = coalesce($5, ended_at),
              collect_until = CASE WHEN $3 = 'collecting' THEN clock_timestamp() + make_interval(secs => collect_seconds)
                                   ELSE collect_until END,
              trouble_code = NULL, trouble_words = NULL, trouble_since = NULL
        WHERE run_id = $1 AND state = $2`,
      [run.runId, run.state, runTransition(run.state, on), end?.words ?? null, end?.at ?? null],
    );
    if (rowCount !== 1) throw new IllegalRunStepError(run.state, on);
  }

  async knowsPeriod(tx: Pick<Tx, 'query'>, paymentPeriod: string): Promise<boolean> {
    const text = `SELECT 1 FROM payment_calendar WHERE payment_period = $1 LIMIT 1`;
    return (await tx.query(text, [paymentPeriod])).rows.length === 1;
  }

  async list(tx: Tx, run: ReleaseRun, parked: ParkedKeys, at: Date): Promise<void> {
    await tx.query(LIST_ITEMS, [
      run.runId,
      run.paymentPeriod,
      run.cutOffAt,
      parked.organisations,
      parked.services,
      parked.declarations,
    ]);
    await tx.query(`UPDATE release_run SET listed_at = $2 WHERE run_id = $1`, [run.runId, at]);
  }

  async request(
    tx: Tx,
    run: ReleaseRun,
    limit: number,
  ): Promise<{ looked: number; asked: (Instruction & { paymentVersion: bigint })[] }> {
    const { rows } = await tx.query<Instruction & { paymentVersion: bigint | null }>(REQUEST_ITEMS, [
      run.runId,
      limit,
    ]);
    const asked = rows.filter(
      (row): row is Instruction & { paymentVersion: bigint } => row.paymentVersion !== null,
    );
    return { looked: rows.length, asked };
  }

  async anyUnanswered(tx: Tx, runId: string): Promise<boolean> {
    const { rows } = await tx.query<{ any: boolean }>(
      {
        name: 'any-unanswered',
        // Each looks at an index of its own, and at one entry of it.
        text: `SELECT EXISTS (SELECT FROM run_item WHERE run_id = $1 AND state = 'requested')
                   OR EXISTS (SELECT FROM run_item WHERE run_id = $1 AND state = 'listed') AS any`,
      },
      [runId],
    );
    return rows[0]!.any;
  }

  async answer(tx: Tx, answers: readonly ConfirmAnswer[]): Promise<void> {
    await tx.query(
      {
        name: 'answer-run-items',
        text: `WITH answered AS (
                 UPDATE run_item i SET state = CASE WHEN a.confirmed THEN 'confirmed' ELSE 'refused' END, code = a.code, told = NOT a.confirmed
                   FROM unnest($1::uuid[], $2::uuid[], $3::boolean[], $4::text[], $5::bigint[], $6::int[])
                          AS a(run_id, declaration_id, confirmed, code, declaration_version, attempt),
                        release_run r
                  WHERE i.run_id = a.run_id AND i.declaration_id = a.declaration_id AND i.state = 'requested'
                    AND r.run_id = i.run_id AND r.state = 'collecting'
                    AND (NOT a.confirmed OR (i.declaration_version = a.declaration_version AND i.attempt = a.attempt))
                 RETURNING i.declaration_id, i.declaration_version, i.attempt, i.state)
               UPDATE instruction n SET state = CASE WHEN d.state = 'confirmed' THEN 'confirmed' ELSE 'not-included' END
                 FROM answered d
                WHERE n.declaration_id = d.declaration_id AND n.declaration_version = d.declaration_version AND n.attempt = d.attempt`,
      },
      [
        plainArray(answers.map((a) => a.runId)),
        plainArray(answers.map((a) => a.declarationId)),
        plainArray(answers.map((a) => a.confirmed)),
        textArray(answers.map((a) => a.code)),
        plainArray(answers.map((a) => a.declarationVersion)),
        plainArray(answers.map((a) => a.attempt)),
      ],
    );
  }

  async takeForgotten(tx: Tx): Promise<(Instruction & { runId: string; paymentVersion: bigint })[]> {
    const { rows } = await tx.query<Instruction & { runId: string; paymentVersion: bigint }>({
      name: 'take-forgotten',
      text: `UPDATE declaration_state d SET payment_version = ${versionAfter('d.payment_version, d.told_version')}
              WHERE d.releasing AND d.run_id IS NOT NULL
                AND NOT EXISTS (SELECT FROM release_run r WHERE r.run_id = d.run_id)
             RETURNING d.declaration_id AS "declarationId", d.declaration_version AS "declarationVersion", d.attempt,
                       d.run_id AS "runId", d.payment_version AS "paymentVersion"`,
    });
    return rows;
  }

  async askAgain(tx: Tx, answers: readonly ConfirmAnswer[]): Promise<void> {
    await tx.query(
      {
        name: 'ask-again',
        text: `WITH told AS MATERIALIZED (
                 SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bigint[]) AS a(run_id, declaration_id, payment_version)),
               taken_up AS (
                 UPDATE declaration_state d SET payment_version = t.payment_version
                   FROM (SELECT declaration_id, max(payment_version) AS payment_version FROM told GROUP BY 1) t
                  WHERE d.declaration_id = t.declaration_id AND d.payment_version < t.payment_version)
               UPDATE run_item i SET state = 'listed'
                 FROM told t, release_run r
                WHERE i.run_id = t.run_id AND i.declaration_id = t.declaration_id AND i.state = 'requested'
                  AND r.run_id = i.run_id AND r.state = 'collecting'`,
      },
      [
        plainArray(answers.map((a) => a.runId)),
        plainArray(answers.map((a) => a.declarationId)),
        plainArray(answers.map((a) => a.paymentVersion)),
      ],
    );
  }

  async giveUpUnanswered(tx: Tx, runId: string, code: string): Promise<void> {
    await tx.query(
      `WITH given AS (
         UPDATE run_item SET state = 'not-included', code = $2 WHERE run_id = $1 AND state IN ('requested', 'listed')
         RETURNING declaration_id, declaration_version, attempt)
       UPDATE instruction n SET state = 'not-included' FROM given g
        WHERE n.declaration_id = g.declaration_id AND n.declaration_version = g.declaration_version AND n.attempt = g.attempt`,
      [runId, code],
    );
  }

  async count(tx: Tx, runId: string): Promise<{ included: number; netted: number; notIncluded: number }> {
    const { rows } = await tx.query<{ included: number; netted: number; notIncluded: number }>(
      `UPDATE release_run r SET listed = c.listed, requested = c.requested, included = c.included, netted = c.netted, not_included = c.left_out
         FROM (SELECT count(*) AS listed,
                      count(*) FILTER (WHERE n.run_id = i.run_id) AS requested,
                      count(*) FILTER (WHERE i.state = 'included') AS included,
                      count(*) FILTER (WHERE i.state = 'netted') AS netted,
                      count(*) FILTER (WHERE i.state IN ('not-included', 'refused')) AS left_out
                 FROM run_item i LEFT JOIN instruction n USING (declaration_id, declaration_version, attempt) WHERE i.run_id = $1) c
        WHERE r.run_id = $1 RETURNING r.included, r.netted, r.not_included AS "notIncluded"`,
      [runId],
    );
    return rows[0]!;
  }

  async takeUntold(tx: Tx, runId: string, limit: number): Promise<UntoldItem[]> {
    return (await tx.query<UntoldItem>(TAKE_UNTOLD, [runId, limit])).rows;
  }

  async noteTrouble(runId: string, trouble: Trouble | null): Promise<boolean> {
    const { rowCount } = await this.database.query(
      {
        name: 'run-trouble',
        text: `UPDATE release_run SET trouble_code = $2, trouble_words = $3,
                      trouble_since = CASE WHEN $2::text IS NULL THEN NULL ELSE clock_timestamp() END
                WHERE run_id = $1 AND trouble_code IS DISTINCT FROM $2`,
      },
      [runId, trouble?.code ?? null, trouble?.words ?? null],
    );
    return rowCount === 1;
  }

  async dueCutOffs(now: Date): Promise<{ paymentPeriod: string; cutOffAt: Date }[]> {
    const { rows } = await this.database.query<{ paymentPeriod: string; cutOffAt: Date }>(
      {
        name: 'due-cut-offs',
        // A day: a system that was away longer leaves the decision to people.
        text: `SELECT DISTINCT c.payment_period AS "paymentPeriod", c.cut_off_at AS "cutOffAt"
                 FROM (SELECT payment_period, cut_off_at FROM payment_calendar
                       UNION ALL
                       SELECT p.payment_period, f.cut_off_at FROM period_freeze f JOIN payment_calendar p USING (service_code, achievement_date)
                        WHERE NOT f.frozen) c
                WHERE c.cut_off_at <= $1 AND c.cut_off_at > $1::timestamptz - interval '1 day'
                  AND NOT EXISTS (SELECT 1 FROM release_run r WHERE r.payment_period = c.payment_period AND r.cut_off_at = c.cut_off_at)
                ORDER BY 2, 1`,
      },
      [now],
    );
    return rows;
  }
}
