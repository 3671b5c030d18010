// @ts-nocheck
// Extract files in the CQRS layout, as a supplier sends them.
import { writeCsv } from './csv.js';
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

/**
 * @param {string} path
 * @param {readonly import('./item-counts.js').ItemCount[]} items
 * @param {{ date: string, time: string }} submitted `dd/mm/yyyy`, `HH:MM:SS`, London time
 */
export function writeExtract(path, items, { date, time }) {
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
