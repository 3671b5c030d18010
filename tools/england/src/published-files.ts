// The files that a month is made of, by the names under which they are published (README.md), and the columns that are
// read of them.
import { ITEM_SERVICES } from './item-services.js';

export const PUBLISHED_FILES = {
  practices: 'practices.csv.gz',
  pcns: 'pcn.csv.gz',
  memberships: 'pcn_membership.csv.gz',
  july: 'practice_pcn_icb_2026-07.csv.gz',
  qof: 'qof_2014-15_asthma_achievement.csv.gz',
  qofPractices: 'qof_2014-15_asthma_practices.csv.gz',
  qofIndicators: 'qof_2014-15_asthma_indicators.csv',
  payments: 'nhs_payments_2022-23_practice.csv.gz',
} as const;
export type PublishedFile = keyof typeof PUBLISHED_FILES;

/** Stands in a made-up folder, and in no published one. */
export const MADE_UP_MARK = 'MADE-UP.json';

export const REGISTER_COLUMNS = ['practice_code', 'sub_icb_code', 'icb_code', 'close_date'] as const;
export const JULY_COLUMNS = [
  'practice_code',
  'pcn_code',
  'sub_icb_code',
  'icb_code',
  'registered_patients',
] as const;
export const QOF_COLUMNS = ['PRACTICE_CODE', 'INDICATOR_CODE', 'MEASURE', 'VALUE'] as const;
export const QOF_PRACTICE_COLUMNS = ['PRACTICE_CODE', 'TOTAL_ACHIEVED_POINTS'] as const;
export const QOF_INDICATOR_COLUMNS = [
  'INDICATOR_CODE',
  'KIND',
  'POINTS',
  'LOWER_THRESHOLD_PCT',
  'UPPER_THRESHOLD_PCT',
] as const;
export const PAYMENT_COLUMNS_READ = ['Practice Code', ...ITEM_SERVICES.map(({ column }) => column)] as const;

type RowOf<Columns extends readonly string[]> = Readonly<Record<Columns[number], string>>;
export type RegisterRow = RowOf<typeof REGISTER_COLUMNS>;
export type JulyRow = RowOf<typeof JULY_COLUMNS>;
export type QofRow = RowOf<typeof QOF_COLUMNS>;
export type QofPracticeRow = RowOf<typeof QOF_PRACTICE_COLUMNS>;
export type QofIndicatorRow = RowOf<typeof QOF_INDICATOR_COLUMNS>;
export type PaymentRow = RowOf<typeof PAYMENT_COLUMNS_READ>;
