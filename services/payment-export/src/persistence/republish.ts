import { newEvent, PaymentRestatedV1, type PaymentFact } from '@attest/contracts';
import {
  pageOfRows,
  Republishes,
  type RepublishedPage,
  type Republishing,
  type RepublishSlice,
} from '@attest/messaging';
import { plainArray, type Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { notIncludedWords } from '../domain/not-included.js';

interface StoredEnd {
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly attempt: number;
  readonly runId: string;
  readonly state: 'included' | 'netted' | 'not-included';
  readonly code: string | null;
  readonly owedPence: bigint | null;
  readonly nettedPence: bigint;
  readonly debtPence: bigint;
  readonly endedAt: Date;
  readonly fileName: string | null;
  readonly lineNumber: number | null;
  readonly agencyCode: string | null;
  readonly pence: bigint | null;
  readonly payOn: string | null;
  readonly sealedAt: Date | null;
}

interface StoredAnswer {
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly attempt: number;
  readonly kind: 'paid' | 'rejected' | 'returned';
  readonly at: Date;
  readonly returnedOn: string | null;
  readonly reasonCode: string | null;
  readonly reason: string | null;
}

/** Answers from before reasons were kept beside them. */
const NOT_KEPT = { code: 'REASON_NOT_KEPT', words: 'The agency gave its reason when it answered.' };

/**
 * What became of each attempt of a declaration, in order: how the run ended for it, then what the agency answered. The
 * declaration is locked, so the next step of it comes after.
 */
@Injectable()
@Republishes(PaymentRestatedV1)
export class RepublishPayments implements Republishing {
  async page(tx: Tx, { after, limit, keys }: RepublishSlice): Promise<RepublishedPage> {
    const { rows } = await tx.query<{ id: string; version: bigint }>(
      `SELECT declaration_id AS id, payment_version AS version FROM declaration_state
       WHERE payment_version > 0 AND ($1::uuid IS NULL OR declaration_id > $1)
         AND ($2::uuid[] IS NULL OR declaration_id = ANY ($2))
       ORDER BY declaration_id LIMIT $3 FOR SHARE NOWAIT`,
      [after?.[0] ?? null, keys, limit],
    );
    const ids = plainArray(rows.map(({ id }) => id));
    const ends = grouped(await this.ends(tx, ids));
    const answers = grouped(await this.answers(tx, ids));
    return pageOfRows(
      rows,
      limit,
      ({ id }) => [id],
      ({ id, version }) =>
        newEvent(PaymentRestatedV1, {
          declarationId: id,
          paymentVersion: Number(version),
          facts: factsOf(ends.get(id) ?? [], answers.get(id) ?? []),
        }),
    );
  }

  private async ends(tx: Tx, ids: string): Promise<StoredEnd[]> {
    const { rows } = await tx.query<StoredEnd>(
      `SELECT i.declaration_id AS "declarationId", i.declaration_version AS "declarationVersion", i.attempt,
              i.run_id AS "runId", i.state, i.code, i.owed_pence AS "owedPence", i.netted_pence AS "nettedPence",
              i.debt_pence AS "debtPence", coalesce(r.ended_at, f.sealed_at, r.requested_at) AS "endedAt",
              l.file_name AS "fileName", l.line_number AS "lineNumber", f.agency_code AS "agencyCode", l.pence,
              f.pay_on AS "payOn", f.sealed_at AS "sealedAt"
       FROM run_item i JOIN release_run r ON r.run_id = i.run_id
       LEFT JOIN sealed_line l ON i.state = 'included' AND l.declaration_id = i.declaration_id
         AND l.declaration_version = i.declaration_version AND l.attempt = i.attempt
       LEFT JOIN sealed_file f ON f.file_name = l.file_name
       WHERE i.declaration_id = ANY ($1::uuid[]) AND i.told AND i.state IN ('included', 'netted', 'not-included')
       ORDER BY i.declaration_id, i.attempt, r.requested_at, r.run_id`,
      [ids],
    );
    return rows;
  }

  private async answers(tx: Tx, ids: string): Promise<StoredAnswer[]> {
    const { rows } = await tx.query<StoredAnswer>(
      `SELECT e.declaration_id AS "declarationId", e.declaration_version AS "declarationVersion", e.attempt, e.kind,
              e.entered_at AS at, n.returned_on AS "returnedOn", n.reason_code AS "reasonCode", n.reason
       FROM ledger_entry e
       JOIN instruction n ON n.declaration_id = e.declaration_id AND n.declaration_version = e.declaration_version
         AND n.attempt = e.attempt
       WHERE e.declaration_id = ANY ($1::uuid[]) AND e.kind IN ('paid', 'rejected', 'returned')
       ORDER BY e.entry_id`,
      [ids],
    );
    return rows;
  }
}

function grouped<Row extends { readonly declarationId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const known = groups.get(row.declarationId);
    if (known) known.push(row);
    else groups.set(row.declarationId, [row]);
  }
  return groups;
}

function factsOf(ends: readonly StoredEnd[], answers: readonly StoredAnswer[]): PaymentFact[] {
  return ends.flatMap((end) => {
    const fact = endOf(end);
    const ofLine = answers.filter(
      (answer) =>
        fact.kind === 'sealed' &&
        answer.declarationVersion === end.declarationVersion &&
        answer.attempt === end.attempt,
    );
    return [fact, ...ofLine.map((answer) => answerOf(answer, fact))];
  });
}

function endOf(end: StoredEnd): PaymentFact {
  const base = {
    declarationVersion: Number(end.declarationVersion),
    attempt: end.attempt,
    runId: end.runId,
    at: (end.sealedAt ?? end.endedAt).toISOString(),
  };
  switch (end.state) {
    case 'included':
      return {
        ...base,
        kind: 'sealed',
        line: {
          fileName: end.fileName!,
          lineNumber: end.lineNumber!,
          agencyCode: end.agencyCode!,
          pence: String(end.pence!),
          payOn: end.payOn!,
        },
        ...(end.nettedPence === 0n ? {} : { nettedPence: String(end.nettedPence) }),
      };
    case 'netted':
      return {
        ...base,
        kind: 'netted',
        nettedPence: String(end.nettedPence),
        debtPence: String(end.debtPence),
      };
    case 'not-included': {
      const code = end.code ?? 'NOT_ANSWERED';
      return {
        ...base,
        kind: 'not-included',
        code,
        words: notIncludedWords(code),
        ...(end.owedPence === null ? {} : { owedPence: String(end.owedPence) }),
      };
    }
  }
}

function answerOf(
  answer: StoredAnswer,
  { declarationVersion, attempt, runId, line }: PaymentFact,
): PaymentFact {
  const base = { declarationVersion, attempt, runId, at: answer.at.toISOString(), ...(line ? { line } : {}) };
  if (answer.kind === 'paid') return { ...base, kind: 'acknowledged' };
  const why = { code: answer.reasonCode ?? NOT_KEPT.code, words: answer.reason ?? NOT_KEPT.words };
  return answer.kind === 'rejected'
    ? { ...base, kind: 'rejected', ...why }
    : { ...base, kind: 'returned', returnedOn: answer.returnedOn!, ...why };
}
