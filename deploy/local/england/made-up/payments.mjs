// Payments of 2022/23: seventy-one columns as published, of which the item-of-service ones carry counts.
import { ITEM_SERVICES, poundsOf } from '../item-services.mjs';

/** The published header, in its order. */
export const PAYMENT_COLUMNS = [
  'Region Code',
  'Sub ICB Code',
  'PCN Code',
  'PCN Name',
  'Practice Code',
  'Practice Name',
  'Practice Open Date',
  'Practice Close Date',
  'Contract Type',
  'Dispensing Practice',
  'Practice type',
  'Practice Rurality',
  'Atypical characteristics',
  'Number of Registered Patients (Last Known Figure)',
  'Number of Weighted Patients (Last Known Figure)',
  'Average payments per registered patient',
  'Average payments per weighted patient',
  'Global Sum',
  'MPIG Correction factor',
  'Balance of PMS Expenditure',
  'Total QOF Payments',
  'Childhood Vaccination and Immunisation Scheme',
  'GP Extended Hours Access',
  'Influenza and Pneumococcal Immunisations',
  'Learning Disabilities',
  'Meningitis',
  'Minor Surgery',
  'Out Of Area in Hours Urgent Care',
  'Pertussis',
  'Rotavirus and Shingles Immunisation',
  'Services for Violent Patients',
  'Medical Assessment Reviews',
  'Weight Management Service',
  'Local Incentive Schemes',
  'Premises Payments',
  'Seniority',
  'Doctors Retainer Scheme Payments',
  'Total Locum Allowances',
  'Appraisal - Appraiser Costs in Respect of Locums',
  'Prolonged Study Leave',
  'PCO Admin Other',
  'Information Management and Technology',
  'Non DES Item Pneumococcal Vaccine, Childhood Immunisation Main Programme',
  'General Practice Transformation',
  'PCN Participation',
  'Prescribing Fee Payments',
  'Dispensing Fee Payments',
  'Reimbursement of Drugs',
  'winter Access Fund',
  'Other Payments',
  'Total NHS Payments to General Practice',
  'Deductions for Pensions, Levies and Prescription Charge Income',
  'Total NHS Payments to General Practice Minus Deductions',
  'Total NHS Payments to General Practice including covid vaccination, covid support and long covid payments',
  'Total NHS Payments including PCN Workforce, Leadership and Support',
  'Total NHS Payments to General Practice including Covid and PCN payments',
  'Total NHS Payments to General Practice including Covid and PCN payments minus deductions',
  'PCN Leadership',
  'PCN Support',
  'PCN Extended Hours Access',
  'PCN Workforce',
  'PCN Investment and impact Fund',
  'PCN Care Home Premium',
  'PCN Enhanced Access',
  'Covid Immunisation',
  'Covid Support and Expansion',
  'Long Covid',
  'Average payments per registered patient including PCN Workforce, Leadership and Support',
  'Average payments per weighted patient including PCN Workforce, Leadership and Support',
  'Average payments per registered patient including covid vaccination, covid support and long covid payments',
  'Average payments per weighted patient including covid vaccination, covid support and long covid payments',
];

/** Streams that add up to `Total NHS Payments to General Practice`. */
const STREAMS = PAYMENT_COLUMNS.slice(
  PAYMENT_COLUMNS.indexOf('Global Sum'),
  PAYMENT_COLUMNS.indexOf('Other Payments') + 1,
);
const PRACTICES = 6_669;
/** Of those that took part, so many in ten thousand have an amount that is no whole multiple of the fee. */
const ADJUSTED_PER_10000 = 50;

/** About how many items a practice has for each thousand patients, and how many practices take no part. */
const ITEMS = {
  VIPERT2223: { perThousand: 11, absent: 0.07 },
  VIMEN2223: { perThousand: 10, absent: 0.037 },
  VIROTSHI2223: { perThousand: 14, absent: 0.036 },
  VICHILD2223: { perThousand: 40, absent: 0.04 },
  LDHC2223: { perThousand: 4, absent: 0.056 },
  WMS2223: { perThousand: 5, absent: 0.13 },
};

export function* madeUpPayments(random, { open, closed }) {
  const taking = [...open, ...closed.filter((practice) => practice.closedOn > '2022-04-30')].slice(
    0,
    PRACTICES,
  );
  for (const practice of taking) {
    const patients = practice.patients || random.int(1_500, 12_000);
    const amounts = Object.fromEntries(STREAMS.map((column) => [column, 0n]));
    amounts['Global Sum'] = BigInt(Math.floor(patients * 99.7 * 100));
    amounts['Premises Payments'] = BigInt(Math.floor(patients * 13 * 100 * random.next()));
    for (const service of ITEM_SERVICES) {
      const { perThousand, absent } = ITEMS[service.serviceCode];
      if (random.chance(absent)) continue;
      const count = BigInt(Math.max(1, Math.floor((patients / 1_000) * perThousand * (0.5 + random.next()))));
      const adjustment = random.int(1, 10_000) <= ADJUSTED_PER_10000 ? 17n : 0n;
      amounts[service.column] = count * service.feePence + adjustment;
    }
    const total = STREAMS.reduce((sum, column) => sum + amounts[column], 0n);
    yield PAYMENT_COLUMNS.map((column) => cellOf(column, practice, patients, amounts, total));
  }
}

function cellOf(column, practice, patients, amounts, total) {
  if (column in amounts) return poundsOf(amounts[column]);
  switch (column) {
    case 'Region Code':
      return practice.icb.region.code;
    case 'Sub ICB Code':
      return practice.subIcb;
    case 'Practice Code':
      return practice.code;
    case 'Practice Name':
      return practice.name;
    case 'Practice Open Date':
      return practice.openOn.split('-').reverse().join('/');
    case 'Practice Close Date':
      return practice.closedOn.split('-').reverse().join('/');
    case 'Contract Type':
      return 'GMS';
    case 'Dispensing Practice':
      return 'No';
    case 'Practice type':
      return 'GP practice';
    case 'Practice Rurality':
      return 'Urban';
    case 'Number of Registered Patients (Last Known Figure)':
    case 'Number of Weighted Patients (Last Known Figure)':
      return patients;
    default:
      // Deductions and other streams are nil in a made-up country, so every total is the same.
      return column.startsWith('Total')
        ? poundsOf(total)
        : column.startsWith('PCN Code') || column.startsWith('PCN Name') || column.startsWith('Atypical')
          ? ''
          : 0;
  }
}
