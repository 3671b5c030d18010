// How money is spread over the streams of a practice: in how many practices, and how many pence a patient.
import type { ItemService } from '../item-services.js';
import type { PaymentColumn } from './payment-columns.js';
import type { Quantiles } from './random.js';

/** In which share of practices the stream is paid, with the least and the most of it. */
type Spread = readonly [column: PaymentColumn, share: number, least: number, most: number];

/** Pence a patient. */
export const PENCE_A_PATIENT: readonly Spread[] = [
  ['Total QOF Payments', 0.96, 800, 1700],
  ['GP Extended Hours Access', 0.04, 50, 120],
  ['Minor Surgery', 0.7, 10, 220],
  ['Out Of Area in Hours Urgent Care', 0.02, 10, 30],
  ['Services for Violent Patients', 0.016, 100, 800],
  ['Local Incentive Schemes', 0.97, 30, 2000],
  ['Premises Payments', 0.94, 200, 2500],
  ['Seniority', 0.004, 20, 60],
  ['Doctors Retainer Scheme Payments', 0.13, 80, 250],
  ['Total Locum Allowances', 0.36, 50, 500],
  ['PCO Admin Other', 0.83, 20, 400],
  ['Information Management and Technology', 0.1, 10, 90],
  ['General Practice Transformation', 0.35, 20, 350],
  ['PCN Participation', 0.96, 170, 180],
  ['Prescribing Fee Payments', 0.92, -100, 100],
  ['Reimbursement of Drugs', 0.94, 50, 800],
  ['winter Access Fund', 0.45, 20, 300],
  ['Other Payments', 0.87, 10, 1200],
  ['Covid Immunisation', 0.24, 200, 2000],
  ['Long Covid', 0.68, 5, 15],
];

/** One practice of a PCN may receive its money: pence a patient of the practice. */
export const PENCE_OF_A_LEAD: readonly (readonly [column: PaymentColumn, least: number, most: number])[] = [
  ['PCN Leadership', 200, 500],
  ['PCN Support', 250, 600],
  ['PCN Extended Hours Access', 200, 500],
  ['PCN Workforce', 3000, 9000],
  ['PCN Investment and impact Fund', 400, 1200],
  ['PCN Care Home Premium', 50, 400],
];
export const LEADS = 0.14;

/** Vaccinations that other schemes pay by the item, at £10.06: items a patient. */
export const OTHER_ITEMS: readonly Spread[] = [
  ['Childhood Vaccination and Immunisation Scheme', 0.95, 0.003, 0.015],
  ['Influenza and Pneumococcal Immunisations', 0.96, 0.06, 0.35],
];

/**
 * The six item-of-service schemes: rows that are nil, negative, or positive without being a whole multiple of the fee,
 * as many as were published; and items a patient for the others.
 */
interface PaidItems {
  readonly nil: number;
  readonly negative: number;
  readonly odd: number;
  readonly spread: Quantiles;
}
export const ITEMS: Readonly<Record<ItemService['serviceCode'], PaidItems>> = {
  VIPERT2223: {
    nil: 472,
    negative: 3,
    odd: 4,
    spread: [
      [0, 0.0001],
      [0.1, 0.001],
      [0.5, 0.003],
      [0.9, 0.007],
      [1, 0.012],
    ],
  },
  VIMEN2223: {
    nil: 250,
    negative: 3,
    odd: 3,
    spread: [
      [0, 0.004],
      [0.1, 0.018],
      [0.5, 0.027],
      [0.9, 0.038],
      [1, 0.06],
    ],
  },
  VIROTSHI2223: {
    nil: 239,
    negative: 3,
    odd: 11,
    spread: [
      [0, 0.004],
      [0.1, 0.017],
      [0.5, 0.025],
      [0.9, 0.035],
      [1, 0.055],
    ],
  },
  VICHILD2223: {
    nil: 265,
    negative: 0,
    odd: 55,
    spread: [
      [0, 0.004],
      [0.1, 0.018],
      [0.5, 0.027],
      [0.9, 0.038],
      [1, 0.06],
    ],
  },
  LDHC2223: {
    nil: 376,
    negative: 5,
    odd: 181,
    spread: [
      [0, 0.0003],
      [0.1, 0.001],
      [0.5, 0.004],
      [0.9, 0.007],
      [1, 0.014],
    ],
  },
  WMS2223: {
    nil: 882,
    negative: 0,
    odd: 47,
    spread: [
      [0, 0.0003],
      [0.1, 0.001],
      [0.5, 0.007],
      [0.9, 0.023],
      [1, 0.07],
    ],
  },
};
