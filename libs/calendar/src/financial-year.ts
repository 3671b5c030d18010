import { londonDateOf, type LondonDate } from './london-date.js';
import type { Period } from './period.js';

/** From 1 April to 31 March. */
export interface FinancialYear extends Period {
  /** As written in the field: `2025/26`. */
  readonly label: string;
  readonly startYear: number;
  readonly to: LondonDate;
}

export function financialYear(startYear: number): FinancialYear {
  return {
    label: `${startYear}/${String((startYear + 1) % 100).padStart(2, '0')}`,
    startYear,
    from: londonDateOf(startYear, 4, 1),
    to: londonDateOf(startYear + 1, 4, 1),
  };
}

export function financialYearOf(date: LondonDate): FinancialYear {
  const year = Number(date.slice(0, 4));
  return financialYear(date.slice(5) >= '04-01' ? year : year - 1);
}
