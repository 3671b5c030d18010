import type { AchievementInput, DeclaredValue } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import {
  membershipsIn,
  NOT_APPLICABLE_HASH,
  otherInputs,
  resultHash,
} from '../../application/figures/arrived-figures.js';
import { ResultStore } from '../../application/figures/figures.ports.js';
import type { Figures } from '../../domain/core/declaration.js';
import type { AchievementIdentity } from '../../domain/core/stimulus.js';

interface ResultRow {
  readonly figure_revision: bigint;
  readonly pence: bigint;
  readonly not_applicable: string | null;
  readonly declared_values: readonly DeclaredValue[];
  readonly inputs: readonly AchievementInput[];
}

/** More results than this of one achievement are older than any hold that stands. */
const LOOKED_AT_MOST = 50;

@Injectable()
export class PgResultStore extends ResultStore {
  async of(tx: Pick<Tx, 'query'>, achievement: AchievementIdentity): Promise<Figures[]> {
    const { rows } = await tx.query<ResultRow>(
      {
        name: 'results-of-achievement',
        text: `SELECT figure_revision, pence, not_applicable, declared_values, inputs FROM achievement_result
               WHERE organisation_code = $1 AND achievement_date = $2 AND service_code = $3
               ORDER BY figure_revision DESC LIMIT ${LOOKED_AT_MOST}`,
      },
      [achievement.organisationCode, achievement.achievementDate, achievement.serviceCode],
    );
    return rows.map((row) => ({
      revision: Number(row.figure_revision),
      pence: row.pence,
      resultHash:
        row.not_applicable === null
          ? resultHash(row.pence.toString(), row.declared_values)
          : NOT_APPLICABLE_HASH,
      memberships: membershipsIn(row.inputs),
      notApplicable: row.not_applicable,
      inputs: otherInputs(row.inputs),
    }));
  }
}
