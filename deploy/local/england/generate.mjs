// A made-up England of the real shape and size, in the published layouts. The same seed gives the same bytes.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeCsv } from './csv.mjs';
import { madeUpMemberships } from './made-up/memberships.mjs';
import { madeUpPayments, PAYMENT_COLUMNS } from './made-up/payments.mjs';
import { madeUpPractices } from './made-up/practices.mjs';
import { madeUpQof, QOF_INDICATORS } from './made-up/qof.mjs';
import { randomFrom } from './made-up/random.mjs';

/**
 * @param {string} outDir
 * @param {{ seed: number }} options
 */
export function generateEngland(outDir, { seed }) {
  rmSync(outDir, { recursive: true, force: true });
  mkdirSync(outDir, { recursive: true });
  const out = (name) => join(outDir, name);
  const random = randomFrom(seed);
  const england = madeUpPractices(random);
  const memberships = madeUpMemberships(random, england);

  writeCsv(
    out('practices.csv.gz'),
    [
      'practice_code',
      'name',
      'region_code',
      'icb_code',
      'sub_icb_code',
      'postcode',
      'open_date',
      'close_date',
      'status',
      'joined_commissioner_date',
      'left_commissioner_date',
      'prescribing_setting',
    ],
    england.practices.map((p) => [
      p.code,
      p.name,
      p.icb.region.code,
      p.icb.code,
      p.subIcb,
      'ZZ99 9ZZ',
      p.openOn,
      p.closedOn,
      p.closedOn ? 'C' : 'A',
      '2020-04-01',
      p.closedOn,
      p.setting,
    ]),
  );
  writeCsv(
    out('pcn.csv.gz'),
    ['pcn_code', 'pcn_name', 'sub_icb_code', 'sub_icb_name', 'open_date', 'close_date', 'postcode'],
    england.pcns.map((pcn) => [
      pcn.code,
      pcn.name,
      pcn.subIcb,
      `MADE-UP BOARD ${pcn.icb.code} - ${pcn.subIcb}`,
      '2019-07-01',
      pcn.closedOn,
      'ZZ99 9ZZ',
    ]),
  );
  writeCsv(
    out('pcn_membership.csv.gz'),
    [
      'practice_code',
      'practice_name',
      'practice_sub_icb_code',
      'pcn_code',
      'pcn_name',
      'pcn_sub_icb_code',
      'start_date',
      'end_date',
      'same_sub_icb',
    ],
    memberships.spells.map(({ practice, pcn, start, end }) => [
      practice.code,
      practice.name,
      practice.subIcb,
      pcn.code,
      pcn.name,
      pcn.subIcb,
      start,
      end,
      practice.subIcb === pcn.subIcb ? 1 : 0,
    ]),
  );
  writeCsv(
    out('practice_pcn_icb_2026-07.csv.gz'),
    [
      'practice_code',
      'practice_name',
      'pcn_code',
      'pcn_name',
      'sub_icb_code',
      'icb_code',
      'icb_name',
      'region_code',
      'region_name',
      'supplier',
      'registered_patients',
    ],
    memberships.july.map(({ practice, pcn }) => [
      practice.code,
      practice.name,
      pcn?.code ?? 'U',
      pcn?.name ?? 'UNALLOCATED',
      practice.subIcb,
      practice.icb.code,
      practice.icb.name,
      practice.icb.region.code,
      practice.icb.region.name,
      'MADE-UP',
      practice.patients,
    ]),
  );
  const qof = madeUpQof(random, england);
  writeCsv(
    out('qof_2014-15_asthma_achievement.csv.gz'),
    ['PRACTICE_CODE', 'INDICATOR_CODE', 'MEASURE', 'VALUE'],
    qof.rows,
  );
  writeCsv(
    out('qof_2014-15_asthma_practices.csv.gz'),
    [
      'PRACTICE_CODE',
      'PRACTICE_NAME',
      'REGION_CODE',
      'AREA_TEAM_CODE',
      'CCG_CODE',
      'CCG_NAME',
      'PRACTICE_LIST_SIZE',
      'REGISTER',
      'TOTAL_ACHIEVED_POINTS',
      'TOTAL_EXCEPTIONS',
      'TOTAL_DENOMINATORS',
    ],
    qof.practices,
  );
  writeCsv(
    out('qof_2014-15_asthma_indicators.csv'),
    ['INDICATOR_CODE', 'KIND', 'POINTS', 'LOWER_THRESHOLD_PCT', 'UPPER_THRESHOLD_PCT', 'DESCRIPTION'],
    QOF_INDICATORS.map((i) => [
      i.code,
      i.kind,
      i.points,
      i.lower ?? '',
      i.upper ?? '',
      'Made-up England uses the thresholds of 2014/15',
    ]),
  );
  writeCsv(out('nhs_payments_2022-23_practice.csv.gz'), PAYMENT_COLUMNS, madeUpPayments(random, england));
}
