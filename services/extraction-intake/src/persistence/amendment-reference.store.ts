import { Injectable } from '@nestjs/common';
import type { RulePack } from '@attest/contracts';
import { blockedKeys } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { AmendmentReferenceStore, type AmendmentReference } from '../application/amendment-ports.js';
import type { PeriodKey } from '../application/ports.js';
import type { AmendablePractice, Participation } from '../domain/amendment-window.js';

interface ServiceRow {
  readonly startOn: string;
  readonly endOn: string | null;
  readonly providerKind: 'practice' | 'pcn';
  readonly cutOffAt: Date | null;
  readonly rulePack: RulePack | null;
}

@Injectable()
export class PgAmendmentReferenceStore extends AmendmentReferenceStore {
  async of(
    tx: Tx,
    { serviceCode, achievementDate }: PeriodKey,
    practiceCode: string,
  ): Promise<AmendmentReference> {
    const { rows: services } = await tx.query<ServiceRow>(
      {
        name: 'amendable-service',
        text: `SELECT s.start_on AS "startOn", s.end_on AS "endOn", s.provider_kind AS "providerKind",
                      (s.cut_offs ->> $2::text)::timestamptz AS "cutOffAt", r.document AS "rulePack"
               FROM quality_service s JOIN rule_pack r USING (service_code, rule_pack_version)
               WHERE s.service_code = $1`,
      },
      [serviceCode, achievementDate],
    );
    const { rows: practices } = await tx.query<AmendablePractice>(
      {
        name: 'amendable-practice',
        text: `SELECT kind, commissioner_code AS "commissionerCode" FROM directory_organisation WHERE code = $1`,
      },
      [practiceCode],
    );
    const { rows: participations } = await tx.query<Participation>(
      {
        name: 'amendable-participation',
        text: `SELECT status, from_on AS "fromOn", to_on AS "toOn" FROM participation
               WHERE service_code = $1 AND provider_code = $2`,
      },
      [serviceCode, practiceCode],
    );
    const parked =
      (await blockedKeys(tx, 'quality-services', [serviceCode])).size +
      (await blockedKeys(tx, 'organisations', [practiceCode])).size;
    const [found] = services;
    return {
      service: found && {
        startOn: found.startOn,
        endOn: found.endOn,
        providerKind: found.providerKind,
        cutOffAt: found.cutOffAt,
        oldestOpenFinancialYear: found.rulePack?.oldestOpenFinancialYear ?? '',
      },
      rulePack: found?.rulePack ?? null,
      practice: practices[0],
      participation: participations[0],
      parked: parked > 0,
    };
  }
}
