// Extract files in the CQRS layout, as a supplier sends them.
import { CQRS_EXTRACT_COLUMNS } from '@attest/contracts';
import { writeCsv } from './csv.js';
import type { ItemCount } from './item-counts.js';
import { ITEM_ACHIEVEMENT_DATE } from './item-services.js';

/** `dd/mm/yyyy` and `HH:MM:SS`, London time. */
export interface Submitted {
  readonly date: string;
  readonly time: string;
}

/** Returns the number of rows. */
export function writeExtract(path: string, items: readonly ItemCount[], { date, time }: Submitted): number {
  return writeCsv(
    path,
    CQRS_EXTRACT_COLUMNS,
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
