import { COLUMNS, type Layout } from '../src/domain/files/layouts.js';

/** A file in a published layout; rows name only the columns that matter. */
export function aFile<L extends Layout>(
  layout: L,
  rows: readonly Partial<Record<(typeof COLUMNS)[L][number], string | number>>[],
): string {
  const columns: readonly string[] = COLUMNS[layout];
  const lines = rows.map((row) =>
    columns
      .map((column) => String((row as Record<string, string | number>)[column] ?? DEFAULTS[column] ?? ''))
      .join(','),
  );
  return [columns.join(','), ...lines, ''].join('\n');
}

const DEFAULTS: Readonly<Record<string, string>> = {
  name: 'A Made-up Practice',
  practice_name: 'A Made-up Practice',
  pcn_name: 'Made-up PCN',
  region_code: 'Y99',
  region_name: 'Made-up Region',
  icb_code: 'QX1',
  icb_name: 'Made-up ICB',
  sub_icb_code: '99X',
  practice_sub_icb_code: '99X',
  pcn_sub_icb_code: '99X',
  status: 'A',
  prescribing_setting: '4',
  registered_patients: '1000',
  supplier: 'None',
  same_sub_icb: '1',
  from: '2020-04-01',
};
