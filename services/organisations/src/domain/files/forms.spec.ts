import { describe, expect, it } from '@jest/globals';
import { formOf } from './forms.js';
import type { Layout } from './layouts.js';

const rowOf = (layout: Layout, header: readonly string[], fields: readonly string[]) =>
  formOf(layout, header).rowOf(fields);

const EPRACCUR = [
  ...[
    'A81001',
    'THE MADE-UP SURGERY',
    'Y63',
    'QHM',
    '1 ROAD',
    '',
    '',
    '',
    '',
    'TS18 1HU',
    '19740401',
    '20171031',
  ],
  ...['C', 'B', '16C', '20130401', '20171031', '01632 960000', '', '', '', '0', '', '16C', '', '4', ''],
];
const PRACTICE = {
  practice_code: 'A81001',
  name: 'THE MADE-UP SURGERY',
  region_code: 'Y63',
  icb_code: 'QHM',
  sub_icb_code: '16C',
  postcode: 'TS18 1HU',
  open_date: '1974-04-01',
  close_date: '2017-10-31',
  status: 'C',
  joined_commissioner_date: '2013-04-01',
  left_commissioner_date: '2017-10-31',
  prescribing_setting: '4',
};
const EPRACCUR_HEADER = [
  ...['Organisation Code', 'Name', 'National Grouping', 'High Level Health Geography', 'Address Line 1'],
  ...['Address Line 2', 'Address Line 3', 'Address Line 4', 'Address Line 5', 'Postcode', 'Open Date'],
  ...[
    'Close Date',
    'Status Code',
    'Organisation Sub-Type Code',
    'Commissioner',
    'Join Provider/Purchaser Date',
  ],
  ...['Left Provider/Purchaser Date', 'Contact Telephone Number', 'Null', 'Null', 'Null'],
  ...['Amended Record Indicator', 'Null', 'Provider/Purchaser', 'Null', 'Prescribing Setting', 'Null'],
];
const DETAILS = [
  ...['PCN Code', 'PCN Name', 'Current Sub ICB Loc Code', 'Sub ICB Location', 'Open Date', 'Close Date'],
  ...['Address Line 1', 'Address Line 2', 'Address Line 3', 'Address Line 4', 'Address Line 5', 'Postcode'],
];
const PCN = ['U00001', 'A MADE-UP PCN', '26A', 'A SUB ICB', '20240401', '', '', '', '', '', '', 'NR18 0AF'];
const PARTNERS = [
  ...['Partner\r\nOrganisation\r\nCode', 'Partner\r\nName', 'Practice\r\nParent\r\nSub ICB Loc Code'],
  ...['Practice\r\nParent\r\nSub ICB Loc Name', 'PCN Code', 'PCN Name', 'PCN Parent\r\nSub ICB Loc Code'],
  ...['PCN Parent\r\nSub ICB Loc Name', 'Practice to PCN\r\nRelationship\r\nStart Date'],
  ...['Practice to PCN\r\nRelationship\r\nEnd Date', 'Practice Sub ICB and PCN Sub ICB Match?'],
];
const MEMBER = [
  'A81001',
  'THE MADE-UP SURGERY',
  '16C',
  'X',
  'U00001',
  'A PCN',
  '16C',
  'X',
  '20191001',
  '20220630',
  'Yes',
];
const MAP = [
  ...[
    'PUBLICATION',
    'EXTRACT_DATE',
    'PRACTICE_CODE',
    'PRACTICE_NAME',
    'PRACTICE_POSTCODE',
    'PCN_CODE',
    'PCN_NAME',
  ],
  ...[
    'ONS_SUB_ICB_LOCATION_CODE',
    'SUB_ICB_LOCATION_CODE',
    'SUB_ICB_LOCATION_NAME',
    'ONS_ICB_CODE',
    'ICB_CODE',
  ],
  ...['ICB_NAME', 'ONS_COMM_REGION_CODE', 'COMM_REGION_CODE', 'COMM_REGION_NAME', 'SUPPLIER_NAME'],
];
const ALL = [
  ...['PUBLICATION', 'EXTRACT_DATE', 'TYPE', 'SUB_ICB_LOCATION_CODE', 'ONS_SUB_ICB_LOCATION_CODE', 'CODE'],
  ...['POSTCODE', 'SEX', 'AGE', 'NUMBER_OF_PATIENTS'],
];

describe('an organisation file', () => {
  it('is read as epraccur comes, with 27 columns and no header', () => {
    const form = formOf('practices', EPRACCUR);
    expect(form).toMatchObject({ hasHeader: false, width: 27 });
    expect(form.rowOf(EPRACCUR)).toEqual(PRACTICE);
  });

  it('is read as epraccur with a header, in any order', () => {
    expect(rowOf('practices', EPRACCUR_HEADER, EPRACCUR)).toEqual(PRACTICE);
    const turned = [...EPRACCUR].reverse();
    expect(rowOf('practices', [...EPRACCUR_HEADER].reverse(), turned)).toEqual(PRACTICE);
  });

  it('is read with the words of the newer exports for a status', () => {
    expect(rowOf('practices', EPRACCUR_HEADER, EPRACCUR.with(12, 'ACTIVE')).status).toBe('A');
  });

  const details = { pcn_code: 'U00001', sub_icb_code: '26A', open_date: '2024-04-01', close_date: '' };
  it.each([
    ['with its header', DETAILS],
    ['with Location spelled out', DETAILS.map((name) => name.replace(/\bLoc\b/, 'Location'))],
    ['without a header', PCN],
  ])('is read as the sheet of PCN details, %s', (_how, first) => {
    expect(rowOf('pcns', first, PCN)).toMatchObject({ ...details, postcode: 'NR18 0AF' });
  });

  it.each([
    ['with its header, broken over lines', PARTNERS],
    ['with Location spelled out', PARTNERS.map((name) => name.replace(/\bLoc\b/, 'Location'))],
    ['without a header', MEMBER],
  ])('is read as the sheet of PCN core partner details, %s', (_how, first) => {
    expect(rowOf('pcn-memberships', first, MEMBER)).toMatchObject({
      practice_code: 'A81001',
      practice_sub_icb_code: '16C',
      pcn_code: 'U00001',
      start_date: '2019-10-01',
      end_date: '2022-06-30',
    });
  });

  it.each([
    ['2019-10-01', '2019-10-01'],
    ['01/10/2019', '2019-10-01'],
    ['1/10/2019', '2019-10-01'],
    ['2019-10-01 00:00:00', '2019-10-01'],
    ['43739', '43739'],
    ['20191', '20191'],
  ])('of a publisher writes its dates as %s', (text, date) => {
    expect(rowOf('pcn-memberships', PARTNERS, MEMBER.with(8, text)).start_date).toBe(date);
  });

  it('is read as the map of practices once each row counts its patients', () => {
    const header = [...MAP, 'NUMBER_OF_PATIENTS'];
    const fields = header.map((name) => (name === 'NUMBER_OF_PATIENTS' ? '3733' : `<${name}>`));
    expect(rowOf('practice-pcn-icb', header, fields)).toMatchObject({
      practice_code: '<PRACTICE_CODE>',
      sub_icb_code: '<SUB_ICB_LOCATION_CODE>',
      region_code: '<COMM_REGION_CODE>',
      registered_patients: '3733',
    });
  });

  it.each<[string, Layout, readonly string[], RegExp]>([
    [
      'the map alone',
      'practice-pcn-icb',
      MAP,
      /gp-reg-pat-prac-map.*Add NUMBER_OF_PATIENTS.*missing: NUMBER_OF/,
    ],
    ['the count alone', 'practice-pcn-icb', ALL, /gp-reg-pat-prac-all.*names no PCN/],
    ['another layout', 'pcns', EPRACCUR_HEADER, /layout practices: name that one/],
    ['another layout without a header', 'pcns', EPRACCUR, /layout practices: name that one/],
    ['a column too few', 'pcns', DETAILS.slice(0, -1), /ePCN.*missing: Postcode/],
    ['a column too many', 'pcns', [...DETAILS, 'Fax'], /too many: Fax/],
    ['one twice', 'pcns', [...DETAILS, 'PCN  code'], /twice: PCN code/],
    ['semicolons', 'pcns', [DETAILS.join(';')], /semicolons/],
    ['words that are no header', 'pcns', ['Primary care networks', ''], /layout pcns.*none of the columns/],
  ])('is refused for %s, in words that name what differs', (_what, layout, first, words) => {
    expect(() => formOf(layout, first)).toThrow(
      expect.objectContaining({
        code: 'FILE_HEADER_WRONG',
        detail: expect.stringMatching(words) as unknown,
      }) as unknown as Error,
    );
  });
});
