// From a folder in the published layouts to the files of one payment month, and a manifest of what to expect.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseMovers } from './cast.mjs';
import { readCsv, writeCsv } from './csv.mjs';
import {
  ITEM_ACHIEVEMENT_DATE,
  ITEM_SERVICES,
  PAYMENT_PERIOD,
  PCN_ACHIEVEMENT_DATE,
  penceOf,
  QOF,
} from './item-services.mjs';
import { peopleRows } from './people.mjs';
import { CAPITATION, serviceDocuments } from './rule-packs.mjs';

const CQRS_HEADER = [
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

/** The published files that a month is made of. */
export const PUBLISHED_FILES = {
  practices: 'practices.csv.gz',
  pcns: 'pcn.csv.gz',
  memberships: 'pcn_membership.csv.gz',
  july: 'practice_pcn_icb_2026-07.csv.gz',
  qof: 'qof_2014-15_asthma_achievement.csv.gz',
  qofPractices: 'qof_2014-15_asthma_practices.csv.gz',
  qofIndicators: 'qof_2014-15_asthma_indicators.csv',
  payments: 'nhs_payments_2022-23_practice.csv.gz',
};

/**
 * Cannot tell a published folder from a made-up one.
 * @param {string} dataDir
 * @param {string} outDir
 */
export function prepareMonth(dataDir, outDir) {
  mkdirSync(outDir, { recursive: true });
  const source = (name) => join(dataDir, PUBLISHED_FILES[name]);
  const out = (name) => join(outDir, name);

  const july = readCsv(source('july'));
  const register = readCsv(source('practices'));
  const closedOn = new Map(register.map((row) => [row.practice_code, row.close_date]));
  const items = itemsOf(readCsv(source('payments')), closedOn);
  const qofPractices = readCsv(source('qofPractices'));
  const pcns = [...new Set(july.map((row) => row.pcn_code).filter((code) => code !== 'U'))].sort();

  const extractFiles = [{ layout: 'qof-long', path: source('qof'), ...QOF }];
  for (const service of ITEM_SERVICES) {
    const path = out(`extract-${service.serviceCode}.csv`);
    const rows = items.taken.filter((item) => item.service === service);
    writeCsv(
      path,
      CQRS_HEADER,
      rows.map((item) => extractRow(service, item.practiceCode, item.count, '05/04/2023', '10:00:00')),
    );
    extractFiles.push({ layout: 'cqrs', path });
  }
  writeCsv(out('left-out.csv'), ['practice_code', 'service_code', 'amount', 'reason'], items.leftOut);

  writeCsv(
    out('expected-items.csv'),
    ['practice_code', 'service_code', 'achievement_date', 'count', 'pence'],
    items.taken.map(({ practiceCode, service, count, pence }) => [
      practiceCode,
      service.serviceCode,
      ITEM_ACHIEVEMENT_DATE,
      count,
      pence,
    ]),
  );
  const results = readCsv(source('qof')).filter((row) => row.MEASURE === 'ACHIEVED_POINTS');
  writeCsv(
    out('expected-qof.csv'),
    ['practice_code', 'indicator_code', 'achieved_points'],
    results.map((row) => [row.PRACTICE_CODE, row.INDICATOR_CODE, row.VALUE]),
  );
  writeCsv(
    out('expected-qof-totals.csv'),
    ['practice_code', 'total_achieved_points'],
    qofPractices.map((row) => [row.PRACTICE_CODE, row.TOTAL_ACHIEVED_POINTS]),
  );

  const participants = new Map([[QOF.serviceCode, qofPractices.map((row) => row.PRACTICE_CODE)]]);
  for (const { practiceCode, service } of items.taken)
    participants.set(service.serviceCode, [...(participants.get(service.serviceCode) ?? []), practiceCode]);
  const documents = serviceDocuments(readCsv(source('qofIndicators')));
  const services = documents.map((document) => {
    const path = out(`service-${document.serviceCode}.json`);
    writeFileSync(path, JSON.stringify(document, undefined, 2));
    const { serviceCode, startOn, endOn, providerKind } = document;
    return {
      serviceCode,
      path,
      providerKind,
      achievementDate: document.calendar[0].achievementDate,
      participation: {
        from: startOn,
        to: endOn,
        respondBy: '2026-08-08',
        providers: participants.get(serviceCode) ?? pcns,
      },
      ...(CAPITATION[serviceCode] ? { capitation: CAPITATION[serviceCode] } : {}),
    };
  });

  const providers = new Set([
    ...july.map((row) => row.practice_code),
    ...[...participants.values()].flat(),
    ...pcns,
  ]);
  const commissioners = [...new Set(july.map((row) => row.icb_code))].sort();
  // Practices that closed long ago may still belong to a board that was abolished since.
  const boards = new Set([
    ...commissioners,
    ...register.filter((row) => providers.has(row.practice_code)).map((row) => row.icb_code),
  ]);
  const people = out('people.csv');
  writeCsv(
    people,
    ['person_id', 'name', 'role', 'organisation_code', 'from', 'to'],
    peopleRows([...providers].sort(), [...boards].sort()),
  );

  const cast = { ...chooseMovers(july), ...amendedOf(items.taken, out), rejected: rejectedOf(items.taken) };
  const manifest = {
    paymentPeriod: PAYMENT_PERIOD,
    calendar: {
      beforeOpen: '2026-08-03T08:00:00.000Z',
      open: '2026-08-10T08:00:00.000Z',
      cutOff: '2026-09-10T17:00:30.000Z',
    },
    agency: {
      agencyCode: 'PCSE',
      name: 'Primary Care Support England',
      adapter: 'attest-csv',
      label: 'Sent to PCSE',
    },
    organisationFiles: [
      { layout: 'practices', asAt: '2025-04-23', path: source('practices') },
      { layout: 'pcns', asAt: '2024-10-01', path: source('pcns') },
      { layout: 'pcn-memberships', asAt: '2024-10-01', path: source('memberships') },
      { layout: 'practice-pcn-icb', asAt: '2026-07-01', path: source('july') },
      { layout: 'people', asAt: '2026-07-01', path: people },
    ],
    services,
    extractFiles,
    qof: QOF,
    pcnAchievementDate: PCN_ACHIEVEMENT_DATE,
    expected: {
      practices: july.length,
      pcns: pcns.length,
      commissioners: commissioners.length,
      declarations: services.reduce((sum, service) => sum + service.participation.providers.length, 0),
      itemPence: items.taken.reduce((sum, item) => sum + item.pence, 0n).toString(),
      qof: out('expected-qof.csv'),
      qofTotals: out('expected-qof-totals.csv'),
      items: out('expected-items.csv'),
      leftOut: items.leftOut.length,
    },
    cast,
    commissioners,
    sha256: Object.fromEntries(
      extractFiles.map(({ path }) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
    ),
  };
  writeFileSync(out('manifest.json'), JSON.stringify(manifest, undefined, 2));
  return manifest;
}

/** Counts from amounts paid. What is no positive whole multiple of the fee is left out, with the reason. */
export function itemsOf(payments, closedOn) {
  const taken = [];
  const leftOut = [];
  for (const row of payments) {
    const practiceCode = row['Practice Code'];
    for (const service of ITEM_SERVICES) {
      const text = row[service.column];
      const pence = penceOf(text);
      const reason = reasonToLeaveOut(pence, service, closedOn.get(practiceCode));
      if (reason) leftOut.push([practiceCode, service.serviceCode, text, reason]);
      else taken.push({ practiceCode, service, count: pence / service.feePence, pence });
    }
  }
  return { taken, leftOut };
}

function reasonToLeaveOut(pence, { feePence }, closedOn) {
  if (pence === undefined) return 'no amount';
  if (pence === 0n) return 'nil: did not take part';
  if (pence < 0n) return 'negative: an adjustment';
  if (pence % feePence !== 0n) return 'not a whole multiple of the fee: an adjustment or another year';
  if (closedOn && closedOn < ITEM_ACHIEVEMENT_DATE) return 'the practice closed before the achievement date';
  return undefined;
}

function extractRow({ serviceCode, name, indicatorCode }, practiceCode, count, submitDate, submitTime) {
  return [
    serviceCode,
    name,
    practiceCode,
    ITEM_ACHIEVEMENT_DATE.replaceAll('-', ''),
    indicatorCode,
    'Numerator',
    count,
    'None',
    'cro-processor',
    submitDate,
    submitTime,
    'Y',
  ];
}

/** The practice whose figure is amended: the first of the first service; a newer file, three items more. */
function amendedOf(taken, out) {
  const item = taken.filter(({ service }) => service === ITEM_SERVICES[0]).sort(byPractice)[0];
  const file = out('extract-amended.csv');
  writeCsv(file, CQRS_HEADER, [
    extractRow(item.service, item.practiceCode, item.count + 3n, '12/08/2026', '09:30:00'),
  ]);
  return { amended: { practiceCode: item.practiceCode, serviceCode: item.service.serviceCode, file } };
}

/** Two lines that the agency will reject: the last two practices of the second service. */
const rejectedOf = (taken) =>
  taken
    .filter(({ service }) => service === ITEM_SERVICES[1])
    .sort(byPractice)
    .slice(-2)
    .map(({ practiceCode, service }) => ({ providerCode: practiceCode, serviceCode: service.serviceCode }));

const byPractice = (a, b) => (a.practiceCode < b.practiceCode ? -1 : 1);
