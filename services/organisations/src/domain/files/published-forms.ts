import { ODS_CODE } from '@attest/contracts';
import type { Layout } from './layouts.js';

/** A layout as somebody else publishes it, under their names. */
export interface PublishedForm {
  readonly name: string;
  /** Names of theirs that are read, and the column of ours that each is. */
  readonly columns: readonly string[];
  readonly ours: Readonly<Record<string, string>>;
  readonly passedOver?: readonly string[];
  readonly mayRepeat?: readonly string[];
  /** All columns in their order, where it comes without a header. */
  readonly withoutHeader?: readonly string[];
  /** Whether a first line is a row of such a file. */
  readonly isFirstRow?: (fields: readonly string[]) => boolean;
}

const DAY = /^(?:\d{8}|\d{4}-\d{2}-\d{2}|\d{1,2}\/\d{1,2}\/\d{4})?$/;

/** A row without a header is known by its width and by what stands where codes and dates do. */
const rowOf =
  (width: number, codes: readonly number[], dates: readonly number[]) =>
  (fields: readonly string[]): boolean =>
    fields.length === width &&
    codes.every((place) => ODS_CODE.test(fields[place]!.trim())) &&
    dates.every((place) => DAY.test(fields[place]!.trim()));

function published(
  name: string,
  ours: Readonly<Record<string, string>>,
  more: Omit<PublishedForm, 'name' | 'columns' | 'ours'>,
): PublishedForm {
  return { name, columns: Object.keys(ours), ours, ...more };
}

const ADDRESS = ['Address Line 1', 'Address Line 2', 'Address Line 3', 'Address Line 4', 'Address Line 5'];

/** `epraccur`, GP practices and prescribing cost centres: 27 columns, of which six are null; as a rule without a header. */
const EPRACCUR_COLUMNS = [
  'Organisation Code',
  'Name',
  'National Grouping',
  'High Level Health Geography',
  ...ADDRESS,
  'Postcode',
  'Open Date',
  'Close Date',
  'Status Code',
  'Organisation Sub-Type Code',
  'Commissioner',
  'Join Provider/Purchaser Date',
  'Left Provider/Purchaser Date',
  'Contact Telephone Number',
  'Null 19',
  'Null 20',
  'Null 21',
  'Amended Record Indicator',
  'Null 23',
  'Provider/Purchaser',
  'Null 25',
  'Prescribing Setting',
  'Null 27',
];
const EPRACCUR_OURS = {
  'Organisation Code': 'practice_code',
  Name: 'name',
  'National Grouping': 'region_code',
  'High Level Health Geography': 'icb_code',
  Postcode: 'postcode',
  'Open Date': 'open_date',
  'Close Date': 'close_date',
  'Status Code': 'status',
  Commissioner: 'sub_icb_code',
  'Join Provider/Purchaser Date': 'joined_commissioner_date',
  'Left Provider/Purchaser Date': 'left_commissioner_date',
  'Prescribing Setting': 'prescribing_setting',
};

/** Sheet "PCN Details" of ePCN.xlsx, and the export of the same name. */
const PCN_DETAILS_COLUMNS = [
  'PCN Code',
  'PCN Name',
  'Current Sub ICB Loc Code',
  'Sub ICB Location',
  'Open Date',
  'Close Date',
  ...ADDRESS,
  'Postcode',
];

/** Sheet "PCN Core Partner Details". */
const CORE_PARTNERS_COLUMNS = [
  'Partner Organisation Code',
  'Partner Name',
  'Practice Parent Sub ICB Loc Code',
  'Practice Parent Sub ICB Loc Name',
  'PCN Code',
  'PCN Name',
  'PCN Parent Sub ICB Loc Code',
  'PCN Parent Sub ICB Loc Name',
  'Practice to PCN Relationship Start Date',
  'Practice to PCN Relationship End Date',
  'Practice Sub ICB and PCN Sub ICB Match?',
];

/** The same sheets have been published with `Loc` and with `Location`. */
const spelledOut = (names: readonly string[]): string[] =>
  names.map((name) => name.replace(/\bLoc\b/, 'Location'));

function inBothSpellings(
  name: string,
  names: readonly string[],
  ours: Readonly<Record<string, string>>,
  isFirstRow: (fields: readonly string[]) => boolean,
): PublishedForm[] {
  return [names, spelledOut(names)].map((all) => {
    const read = Object.entries(ours).map(([theirs, column]) => [all[names.indexOf(theirs)]!, column]);
    const form = Object.fromEntries(read) as Record<string, string>;
    const passedOver = all.filter((column) => form[column] === undefined);
    return published(name, form, { passedOver, withoutHeader: all, isFirstRow });
  });
}

/**
 * Forms beside our own, in which a layout is published. Columns are found by name; a header may be broken over lines.
 * Who publishes them is said in docs/decisions/0020.
 */
export const PUBLISHED_FORMS: Readonly<Record<Layout, readonly PublishedForm[]>> = {
  practices: [
    published('epraccur', EPRACCUR_OURS, {
      passedOver: [
        ...EPRACCUR_COLUMNS.filter((column) => !(column in EPRACCUR_OURS)),
        ...['Null', 'Organisation Sub- Type Code'],
      ],
      mayRepeat: ['Null'],
      withoutHeader: EPRACCUR_COLUMNS,
      isFirstRow: rowOf(27, [0], [10, 11, 15, 16]),
    }),
  ],
  pcns: inBothSpellings(
    'PCN Details of ePCN',
    PCN_DETAILS_COLUMNS,
    {
      'PCN Code': 'pcn_code',
      'PCN Name': 'pcn_name',
      'Current Sub ICB Loc Code': 'sub_icb_code',
      'Sub ICB Location': 'sub_icb_name',
      'Open Date': 'open_date',
      'Close Date': 'close_date',
      Postcode: 'postcode',
    },
    rowOf(12, [0], [4, 5]),
  ),
  'pcn-memberships': inBothSpellings(
    'PCN Core Partner Details of ePCN',
    CORE_PARTNERS_COLUMNS,
    {
      'Partner Organisation Code': 'practice_code',
      'Partner Name': 'practice_name',
      'Practice Parent Sub ICB Loc Code': 'practice_sub_icb_code',
      'PCN Code': 'pcn_code',
      'PCN Name': 'pcn_name',
      'PCN Parent Sub ICB Loc Code': 'pcn_sub_icb_code',
      'Practice to PCN Relationship Start Date': 'start_date',
      'Practice to PCN Relationship End Date': 'end_date',
    },
    rowOf(11, [0, 4], [8, 9]),
  ),
  'practice-pcn-icb': [
    published(
      'gp-reg-pat-prac-map with NUMBER_OF_PATIENTS',
      {
        PRACTICE_CODE: 'practice_code',
        PRACTICE_NAME: 'practice_name',
        PCN_CODE: 'pcn_code',
        PCN_NAME: 'pcn_name',
        SUB_ICB_LOCATION_CODE: 'sub_icb_code',
        ICB_CODE: 'icb_code',
        ICB_NAME: 'icb_name',
        COMM_REGION_CODE: 'region_code',
        COMM_REGION_NAME: 'region_name',
        NUMBER_OF_PATIENTS: 'registered_patients',
      },
      {
        passedOver: [
          ...['PUBLICATION', 'EXTRACT_DATE', 'PRACTICE_POSTCODE', 'SUPPLIER_NAME'],
          ...['ONS_SUB_ICB_LOCATION_CODE', 'SUB_ICB_LOCATION_NAME', 'ONS_ICB_CODE', 'ONS_COMM_REGION_CODE'],
        ],
      },
    ),
  ],
  people: [],
};
