import type { LondonDate } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import { RecordStore } from '../application/ports.js';
import type { Spell } from '../domain/memberships/spell.js';
import type { CommissionerRecord, PcnRecord, PracticeRecord, Records } from '../domain/register/records.js';

const PRACTICE_COLUMNS = `practice_code AS "practiceCode", source, as_at AS "asAt", name, region_code AS "regionCode",
  icb_code AS "icbCode", sub_icb_code AS "subIcbCode", open_on AS "openOn", close_on AS "closeOn",
  prescribing_setting AS "prescribingSetting", registered_patients AS "registeredPatients"`;

@Injectable()
export class PgRecordStore extends RecordStore {
  override async replacePractices(
    tx: Tx,
    source: PracticeRecord['source'],
    asAt: LondonDate,
    records: readonly PracticeRecord[],
  ): Promise<void> {
    await tx.query(`DELETE FROM practice_record WHERE source = $1 AND as_at = $2`, [source, asAt]);
    await tx.copyIn(
      'practice_record',
      [
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

  override async replacePcns(
    tx: Tx,
    source: PcnRecord['source'],
    asAt: LondonDate,
    records: readonly PcnRecord[],
  ): Promise<void> {
    await tx.query(`DELETE FROM pcn_record WHERE source = $1 AND as_at = $2`, [source, asAt]);
    await tx.copyIn(
      'pcn_record',
      ['pcn_code', 'source', 'as_at', 'name', 'sub_icb_code', 'open_on', 'close_on'],
      records.map((r) => [r.pcnCode, r.source, r.asAt, r.name, r.subIcbCode, r.openOn, r.closeOn]),
    );
  }

  override async replaceCommissioners(
    tx: Tx,
    asAt: LondonDate,
    records: readonly CommissionerRecord[],
  ): Promise<void> {
    await tx.query(`DELETE FROM commissioner_record WHERE as_at = $1`, [asAt]);
    await tx.copyIn(
      'commissioner_record',
      ['icb_code', 'as_at', 'name', 'region_code', 'region_name'],
      records.map((r) => [r.icbCode, r.asAt, r.name, r.regionCode, r.regionName]),
    );
  }

  override async replaceHistory(
    tx: Tx,
    asAt: LondonDate,
    spells: readonly (Spell & { practiceCode: string })[],
  ): Promise<void> {
    await tx.query(`DELETE FROM membership_history WHERE as_at = $1`, [asAt]);
    await tx.copyIn(
      'membership_history',
      ['as_at', 'practice_code', 'pcn_code', 'from_on', 'to_on'],
      spells.map((s) => [asAt, s.practiceCode, s.pcnCode, s.from, s.to]),
    );
  }

  override async replaceSnapshot(
    tx: Tx,
    asAt: LondonDate,
    places: ReadonlyMap<string, string | null>,
  ): Promise<void> {
    await tx.query(`DELETE FROM membership_snapshot WHERE as_at = $1`, [asAt]);
    await tx.copyIn(
      'membership_snapshot',
      ['as_at', 'practice_code', 'pcn_code'],
      [...places].map(([practiceCode, pcnCode]) => [asAt, practiceCode, pcnCode]),
    );
  }

  override async load(tx: Tx): Promise<Records> {
    // Half of the published practices are hospitals and the like: they matter only where another file names them.
    const practices = await tx.query<PracticeRecord>(`
      SELECT ${PRACTICE_COLUMNS} FROM practice_record
      WHERE prescribing_setting IS NULL OR prescribing_setting IN (1, 3, 4)
         OR practice_code IN (SELECT practice_code FROM practice_record WHERE source <> 'practices')`);
    const pcns = await tx.query<PcnRecord>(`
      SELECT pcn_code AS "pcnCode", source, as_at AS "asAt", name, sub_icb_code AS "subIcbCode",
             open_on AS "openOn", close_on AS "closeOn" FROM pcn_record`);
    const commissioners = await tx.query<CommissionerRecord>(`
      SELECT icb_code AS "icbCode", as_at AS "asAt", name, region_code AS "regionCode", region_name AS "regionName"
      FROM commissioner_record`);
    return { practices: practices.rows, pcns: pcns.rows, commissioners: commissioners.rows };
  }
}
