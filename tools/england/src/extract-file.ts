// Extract files in the CQRS layout, as a supplier sends them.
import { writeCsv } from './csv.js';
import type { ItemCount } from './item-counts.js';
import { ITEM_ACHIEVEMENT_DATE } from './item-services.js';

const HEADER = [
  'QUALITY_SERVICE',
  'NAME',
  'ORG_CODE',
  'ACH_DATE',
  'IND_CODE',
  'FIELD_NAME',
  'VALUE',
  'DEFAULT_VALUES_USED',
  'SUBMIT_USER_ID',
  'SUBMIT_DATE',
  'SUBMIT_TIME',
  'LAST_SUBMISSION',
];

/** `dd/mm/yyyy` and `HH:MM:SS`, London time. */
export interface Submitted {
  readonly date: string;
  readonly time: string;
}

/** Returns the number of rows. */
export function writeExtract(path: string, items: readonly ItemCount[], { date, time }: Submitted): number {
  return writeCsv(
    path,
    HEADER,
    items.map(({ practiceCode, service: { serviceCode, name, indicatorCode }, count }) => [
      serviceCode,
      name,
      practiceCode,
      ITEM_ACHIEVEMENT_DATE.replaceAll('-', ''),
      indicatorCode,
      'Numerator',
      count,
      'None',
      'cro-processor',
      date,
      time,
      'Y',
    ]),
  );
}
