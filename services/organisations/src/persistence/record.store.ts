import type { LondonDate } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { RecordStore } from '../application/ports.js';
import type { Spell } from '../domain/memberships/spell.js';
import type { CommissionerRecord, PcnRecord, PracticeRecord, Records } from '../domain/register/records.js';
import type { Standing } from '../domain/register/standing.js';

type Of<R> = R & { readonly fileId: string };

const PRACTICE_COLUMNS = `practice_code AS "practiceCode", source, as_at AS "asAt", name, region_code AS "regionCode",
  icb_code AS "icbCode", sub_icb_code AS "subIcbCode", open_on AS "openOn", close_on AS "closeOn",
  prescribing_setting AS "prescribingSetting", registered_patients AS "registeredPatients"`;

@Injectable()
export class PgRecordStore extends RecordStore {
  override async addPractices(tx: Tx, fileId: string, records: readonly PracticeRecord[]): Promise<void> {
    await tx.copyIn(
      'practice_record',
      [
        'file_id',
        'practice_code',
        'source',
        'as_at',
        'name',
        'region_code',
        'icb_code',
        'sub_icb_code',
        'open_on',
        'close_on',
        'prescribing_setting',
        'registered_patients',
      ],
      records.map((r) => [
        fileId,
        r.practiceCode,
        r.source,
        r.asAt,
        r.name,
        r.regionCode,
        r.icbCode,
        r.subIcbCode,
        r.openOn,
        r.closeOn,
        r.prescribingSetting,
        r.registeredPatients,
      ]),
    );
  }

  override async addPcns(tx: Tx, fileId: string, records: readonly PcnRecord[]): Promise<void> {
    await tx.copyIn(
      'pcn_record',
      [
        'file_id',
        'pcn_code',
        'source',
        'as_at',
        'name',
        'sub_icb_code',
        'open_on',
        'close_on',
        'with_patients',
      ],
      records.map((r) => [
        fileId,
        r.pcnCode,
        r.source,
        r.asAt,
        r.name,
        r.subIcbCode,
        r.openOn,
        r.closeOn,
        r.withPatients === null ? null : String(r.withPatients),
      ]),
    );
  }

  override async addCommissioners(
    tx: Tx,
    fileId: string,
    records: readonly CommissionerRecord[],
  ): Promise<void> {
    await tx.copyIn(
      'commissioner_record',
      ['file_id', 'icb_code', 'as_at', 'name', 'region_code', 'region_name'],
      records.map((r) => [fileId, r.icbCode, r.asAt, r.name, r.regionCode, r.regionName]),
    );
  }

  override async addHistory(
    tx: Tx,
    fileId: string,
    asAt: LondonDate,
    spells: readonly (Spell & { practiceCode: string })[],
  ): Promise<void> {
    await tx.copyIn(
      'membership_history',
      ['file_id', 'as_at', 'practice_code', 'pcn_code', 'from_on', 'to_on'],
      spells.map((s) => [fileId, asAt, s.practiceCode, s.pcnCode, s.from, s.to]),
    );
  }

  override async addSnapshot(
    tx: Tx,
    fileId: string,
    asAt: LondonDate,
    places: ReadonlyMap<string, string | null>,
  ): Promise<void> {
    await tx.copyIn(
      'membership_snapshot',
      ['file_id', 'as_at', 'practice_code', 'pcn_code'],
      [...places].map(([practiceCode, pcnCode]) => [fileId, asAt, practiceCode, pcnCode]),
    );
  }

  override async load(tx: Tx, standing: Standing): Promise<Records> {
    const files = [standing.fileIds];
    // Half of the published practices are hospitals and the like: they matter only where another file names them.
    const practices = await tx.query<Of<PracticeRecord>>(
      `SELECT file_id AS "fileId", ${PRACTICE_COLUMNS} FROM practice_record
       WHERE file_id = ANY($1) AND (prescribing_setting IS NULL OR prescribing_setting IN (1, 3, 4)
         OR practice_code IN (SELECT practice_code FROM practice_record WHERE source <> 'practices' AND file_id = ANY($1)))`,
      files,
    );
    const pcns = await tx.query<Of<PcnRecord>>(
      `SELECT file_id AS "fileId", pcn_code AS "pcnCode", source, as_at AS "asAt", name, sub_icb_code AS "subIcbCode",
              open_on AS "openOn", close_on AS "closeOn", with_patients AS "withPatients"
       FROM pcn_record WHERE file_id = ANY($1)`,
      files,
    );
    const commissioners = await tx.query<Of<CommissionerRecord>>(
      `SELECT file_id AS "fileId", icb_code AS "icbCode", as_at AS "asAt", name, region_code AS "regionCode",
              region_name AS "regionName"
       FROM commissioner_record WHERE file_id = ANY($1)`,
      files,
    );
    const icbCode = (r: CommissionerRecord): string => r.icbCode;
    return {
      practices: standing.rows(practices.rows, 'practice', (r) => r.practiceCode),
      pcns: standing.rows(pcns.rows, 'pcn', (r) => r.pcnCode),
      commissioners: standing.rows(commissioners.rows, 'commissioner', icbCode),
      listings: standing.listings(commissioners.rows, icbCode),
    };
  }
}
