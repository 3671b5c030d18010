// Payments of 2022/23: lines that add up to their totals, and whole multiples of a fee where items are paid.
import type { Cell } from '../csv.js';
import { ITEM_SERVICES, type ItemService } from '../item-services.js';
import { decimal } from './asthma.js';
import * as codes from './codes.js';
import { slashed } from './dates.js';
import {
  COVID_STREAMS,
  PAYMENT_COLUMNS,
  PCN_STREAMS,
  STREAMS,
  type PaymentColumn,
} from './payment-columns.js';
import type { Pcn, Practice } from './places.js';
import type { Fates } from './practices.js';
import type { Chance } from './random.js';
import * as shape from './shape.js';
import { ITEMS, LEADS, OTHER_ITEMS, PENCE_A_PATIENT, PENCE_OF_A_LEAD } from './streams.js';

const ITEM_FEE_PENCE = 1006;
/** Paid by the review. */
const REVIEW_PENCE = 4400;

type Amounts = Partial<Record<PaymentColumn, number>>;

/** What a practice is paid, before it is written. */
interface Payment {
  readonly practice: Practice;
  readonly contract: string;
  readonly dispensing: boolean;
  /** Of a patient: lists are yearly averages. */
  readonly quarters: number;
  /** Weighted patients × 100. */
  readonly weighted: number;
  readonly rural: boolean;
  readonly pence: Amounts;
  readonly deductions: number;
}

/** Where the main payment of a contract stands; of the others among the other payments. */
const PAID_BY_CONTRACT: Readonly<Record<string, PaymentColumn>> = {
  GMS: 'Global Sum',
  PMS: 'Balance of PMS Expenditure',
};

export function makePayments(chance: Chance, fates: Fates): Cell[][] {
  const paid = chance.shuffle(paidPractices(fates));
  // Most of those that have closed have no patients, and so nothing that is paid by the item.
  const [gone, there] = [paid.filter(closedBefore), paid.filter((one) => !closedBefore(one))];
  const empty = new Set([...gone.slice(6), ...there.slice(0, shape.WITHOUT_PATIENTS - gone.length + 6)]);
  const rows = paid.map((practice) => basics(chance, practice, empty.has(practice)));
  for (const service of ITEM_SERVICES) payItems(chance, rows, service);
  const pcnOf = (row: Payment): Pcn | null => row.practice.autumn ?? row.practice.pcn;
  const inOne = rows.filter(pcnOf);
  const without = new Set(
    chance.shuffle(inOne).slice(0, shape.PAID_WITHOUT_PCN - (rows.length - inOne.length)),
  );
  return rows
    .sort((a, b) => (a.practice.code < b.practice.code ? -1 : 1))
    .map((row) => cellsOf(row, without.has(row) ? null : pcnOf(row)));
}

const closedBefore = (one: Practice): boolean => one.closeOn !== '' && one.closeOn < '2023-03-31';

function paidPractices({ july, openInAutumn2024, closedWithSpells }: Fates): Practice[] {
  const { stillThere, closedSince, closedBefore: before } = shape.PAID_PRACTICES;
  return [
    ...july.filter((one) => one.openOn < '2023-04-01').slice(0, stillThere),
    ...openInAutumn2024,
    ...closedWithSpells.filter((one) => one.closeOn >= '2023-03-31').slice(0, closedSince),
    ...closedWithSpells.filter((one) => one.status === 'C' && closedBefore(one)).slice(0, before),
  ];
}

/** What everybody is paid. */
function basics(chance: Chance, practice: Practice, empty: boolean): Payment {
  const list = practice.patients || Math.floor(chance.between(shape.LIST_SIZES));
  const quarters = empty ? 0 : Math.max(4, Math.floor(list * 4 * (0.9 + 0.12 * chance.part())));
  const patients = quarters / 4;
  const contract = empty ? 'Unknown' : chance.weighed({ GMS: 70, PMS: 24, APMS: 4, Unknown: 2 });
  const pence: Amounts = {};
  const perPatient = (low: number, high: number): number =>
    Math.floor(patients * (low + (high - low) * chance.part()));
  const pay = PAID_BY_CONTRACT[contract] ?? 'Other Payments';
  for (const [column, share, low, high] of PENCE_A_PATIENT)
    if (chance.happens(share)) pence[column] = perPatient(low, high);
  pence[pay] = (pence[pay] ?? 0) + perPatient(9500, 11_500);
  for (const [column, share, low, high] of OTHER_ITEMS)
    if (chance.happens(share))
      pence[column] = ITEM_FEE_PENCE * Math.floor(perPatient(low * 1000, high * 1000) / 1000);
  if (chance.happens(0.31)) pence['Medical Assessment Reviews'] = REVIEW_PENCE * (1 + chance.whole(6));
  const dispensing = chance.happens(0.145);
  if (dispensing) pence['Dispensing Fee Payments'] = perPatient(800, 3000);
  if (chance.happens(LEADS))
    for (const [column, low, high] of PENCE_OF_A_LEAD) pence[column] = perPatient(low, high);
  if (empty) pence['Other Payments'] = chance.whole(5_000_000) - 50_000;
  return {
    practice,
    contract,
    dispensing,
    quarters,
    weighted: Math.floor(quarters * 25 * (0.85 + 0.3 * chance.part())),
    rural: chance.happens(0.16),
    pence,
    deductions: -perPatient(300, 2500),
  };
}

/** So many rows nil, negative or no whole multiple as were published; the others are items × fee. */
function payItems(
  chance: Chance,
  rows: readonly Payment[],
  { serviceCode, column, feePence }: ItemService,
): void {
  const { nil, negative, odd, spread } = ITEMS[serviceCode];
  const fee = Number(feePence);
  const mixed = chance.shuffle([...rows]);
  const order = [...mixed.filter((row) => row.quarters === 0), ...mixed.filter((row) => row.quarters > 0)];
  order.forEach((row, at) => {
    const items = Math.max(1, Math.floor((row.quarters / 4) * chance.between(spread)));
    if (at < nil) row.pence[column] = 0;
    else if (at < nil + negative) row.pence[column] = -fee * items - 1 - chance.whole(fee - 1);
    else if (at < nil + negative + odd) row.pence[column] = fee * items + 1 + chance.whole(fee - 1);
    else row.pence[column] = fee * items;
  });
}

function cellsOf(
  { practice, contract, dispensing, quarters, weighted, rural, pence, deductions }: Payment,
  pcn: Pcn | null,
): Cell[] {
  const sum = (columns: readonly PaymentColumn[]): number =>
    columns.reduce((total, column) => total + (pence[column] ?? 0), 0);
  const total = sum(STREAMS);
  const [pcns, covid] = [sum(PCN_STREAMS), sum(COVID_STREAMS)];
  const average = (amount: number, patients: number): number =>
    patients === 0 ? 0 : Math.floor((amount * 2 + patients) / (patients * 2));
  const registered = quarters / 4;
  const weight = weighted / 100;
  const cells: Partial<Record<PaymentColumn, string>> = {
    'Region Code': practice.icb.region,
    'Sub ICB Code': practice.subIcb,
    'PCN Code': pcn?.code ?? 'Unknown or no PCN',
    'PCN Name': pcn ? codes.pcnName(pcn.code) : 'Unknown or no PCN',
    'Practice Code': practice.code,
    'Practice Name': practice.name,
    'Practice Open Date': slashed(practice.openOn),
    'Practice Close Date': closedBefore(practice) ? slashed(practice.closeOn) : '',
    'Contract Type': contract,
    'Dispensing Practice': quarters === 0 ? 'Unknown' : dispensing ? 'Yes' : 'No',
    'Practice type': 'GP practice',
    'Practice Rurality': rural ? 'Rural' : 'Urban',
    'Atypical characteristics': quarters === 0 ? '| No registered patients |' : '',
    'Number of Registered Patients (Last Known Figure)': decimal(quarters * 25),
    'Number of Weighted Patients (Last Known Figure)': decimal(weighted),
  };
  const money: Amounts = {
    ...pence,
    'Average payments per registered patient': average(total, registered),
    'Average payments per weighted patient': average(total, weight),
    'Total NHS Payments to General Practice': total,
    'Deductions for Pensions, Levies and Prescription Charge Income': deductions,
    'Total NHS Payments to General Practice Minus Deductions': total + deductions,
    'Total NHS Payments to General Practice including covid vaccination, covid support and long covid payments':
      total + covid,
    'Total NHS Payments including PCN Workforce, Leadership and Support': total + pcns,
    'Total NHS Payments to General Practice including Covid and PCN payments': total + covid + pcns,
    'Total NHS Payments to General Practice including Covid and PCN payments minus deductions':
      total + covid + pcns + deductions,
    'Average payments per registered patient including PCN Workforce, Leadership and Support': average(
      total + pcns,
      registered,
    ),
    'Average payments per weighted patient including PCN Workforce, Leadership and Support': average(
      total + pcns,
      weight,
    ),
    'Average payments per registered patient including covid vaccination, covid support and long covid payments':
      average(total + covid, registered),
    'Average payments per weighted patient including covid vaccination, covid support and long covid payments':
      average(total + covid, weight),
  };
  return PAYMENT_COLUMNS.map((column) => cells[column] ?? decimal(money[column] ?? 0));
}
