// The item-of-service schemes of 2022/23 whose counts follow from what was paid, with fee and columns.

/** Fees proved by the published payments: nearly all amounts are whole multiples (see README.md). */
export const ITEM_SERVICES = [
  {
    serviceCode: 'VIPERT2223',
    name: 'Pertussis vaccination in pregnancy 2022/23',
    column: 'Pertussis',
    indicatorCode: 'VIP001',
    feePence: 1006n,
  },
  {
    serviceCode: 'VIMEN2223',
    name: 'Meningitis vaccination 2022/23',
    column: 'Meningitis',
    indicatorCode: 'VIM001',
    feePence: 1006n,
  },
  {
    serviceCode: 'VIROTSHI2223',
    name: 'Rotavirus and shingles vaccination 2022/23',
    column: 'Rotavirus and Shingles Immunisation',
    indicatorCode: 'VIR001',
    feePence: 1006n,
  },
  {
    serviceCode: 'VICHILD2223',
    name: 'Routine childhood programme 2022/23',
    column: 'Non DES Item Pneumococcal Vaccine, Childhood Immunisation Main Programme',
    indicatorCode: 'VIC001',
    feePence: 1006n,
  },
  {
    serviceCode: 'LDHC2223',
    name: 'Learning disabilities health check 2022/23',
    column: 'Learning Disabilities',
    indicatorCode: 'LD001',
    feePence: 14_000n,
  },
  {
    serviceCode: 'WMS2223',
    name: 'Weight management service 2022/23',
    column: 'Weight Management Service',
    indicatorCode: 'WMS001',
    feePence: 1150n,
  },
] as const;
export type ItemService = (typeof ITEM_SERVICES)[number];

export const ITEM_ACHIEVEMENT_DATE = '2023-03-31';
export const QOF = { serviceCode: 'QOFAST1415', achievementDate: '2015-03-31' };
export const PCN_ACHIEVEMENT_DATE = '2026-07-31';
export const PAYMENT_PERIOD = '2026-07';

/** `10.06` from 1006. */
export const poundsOf = (pence: bigint): string => `${pence / 100n}.${String(pence % 100n).padStart(2, '0')}`;

/** Whole pence from published text such as `1166.96`, `2520` or `-8.1`; exact, or undefined where it is no amount. */
export function penceOf(text: string): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d{1,2}))?$/.exec(text.trim());
  if (!match) return undefined;
  const [, sign, whole = '', part = ''] = match;
  const pence = BigInt(whole) * 100n + BigInt(part.padEnd(2, '0'));
  return sign ? -pence : pence;
}
