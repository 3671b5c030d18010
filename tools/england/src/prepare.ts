// From a folder in the published layouts to the files of one payment month, and a manifest of what to expect.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chooseAmended, chooseMovers, chooseRejected } from './cast.js';
import { commissionerOf } from './commissioners.js';
import { readCsv, writeCsv } from './csv.js';
import { writeExtract } from './extract-file.js';
import { itemsOf, type ItemCount } from './item-counts.js';
import {
  ITEM_ACHIEVEMENT_DATE,
  ITEM_SERVICES,
  PAYMENT_PERIOD,
  PCN_ACHIEVEMENT_DATE,
  QOF,
} from './item-services.js';
import type { Cast, CqrsExtractFile, Expected, ExtractFile, Manifest, MonthService } from './manifest.js';
import { peopleRows } from './people.js';
import {
  JULY_COLUMNS,
  MADE_UP_MARK,
  PAYMENT_COLUMNS_READ,
  PUBLISHED_FILES,
  QOF_COLUMNS,
  QOF_INDICATOR_COLUMNS,
  QOF_PRACTICE_COLUMNS,
  REGISTER_COLUMNS,
  type JulyRow,
  type PublishedFile,
  type QofPracticeRow,
  type QofRow,
  type RegisterRow,
} from './published-files.js';
import { CAPITATION, NEXT_MONTH, serviceDocuments, type ServiceDocument } from './rule-packs.js';

const FIRST_SUBMISSION = { date: '05/04/2023', time: '10:00:00' };
/** Later than the first, so that it supersedes; within the window, so that it can be declared again. */
const AMENDED_SUBMISSION = { date: '10/08/2026', time: '08:30:00' };
const MORE_ITEMS = 3n;
const RESPOND_BY = '2026-08-08';

/** The path of a file of the month. */
type Out = (name: string) => string;
/** Providers by the code of the service that they are offered. */
type Participants = ReadonlyMap<string, readonly string[]>;

/** Acts on published and made-up folders alike. `manifest.json` is written last: where it stands, all stands. */
export function prepareMonth(dataDir: string, outDir: string): Manifest {
  mkdirSync(outDir, { recursive: true });
  const source = (name: PublishedFile): string => join(dataDir, PUBLISHED_FILES[name]);
  const out: Out = (name) => join(outDir, name);

  const july = readCsv(source('july'), JULY_COLUMNS);
  const register = readCsv(source('practices'), REGISTER_COLUMNS);
  const closedOn = new Map(register.map((row) => [row.practice_code, row.close_date]));
  const items = itemsOf(readCsv(source('payments'), PAYMENT_COLUMNS_READ), closedOn);
  const qofPractices = readCsv(source('qofPractices'), QOF_PRACTICE_COLUMNS);
  const pcns = [...new Set(july.map((row) => row.pcn_code).filter((code) => code !== 'U'))].sort();
  const participants = participantsOf(items.taken, qofPractices, pcns);

  writeCsv(out('left-out.csv'), ['practice_code', 'service_code', 'amount', 'reason'], items.leftOut);
  const itemExtracts = writeExtracts(items.taken, out);
  const extractFiles: ExtractFile[] = [{ layout: 'qof-long', path: source('qof'), ...QOF }, ...itemExtracts];
  const documents = serviceDocuments(readCsv(source('qofIndicators'), QOF_INDICATOR_COLUMNS));
  const services = writeServices(documents, participants, out);
  const { people, commissioners } = writePeople(july, register, participants, out);
  const cast = castOf(july, items.taken, out);
  const expected = {
    practices: july.length,
    pcns: pcns.length,
    commissioners: new Set(july.map((row) => row.icb_code)).size,
    declarations: services.reduce((sum, service) => sum + service.participation.providers.length, 0),
    itemPence: penceOfItems(items.taken).toString(),
    leftOut: items.leftOut.length,
    ...writeExpected(items.taken, readCsv(source('qof'), QOF_COLUMNS), qofPractices, out),
  };
  const hashed = [
    ...Object.values(PUBLISHED_FILES).map((name) => join(dataDir, name)),
    ...itemExtracts.map(({ path }) => path),
  ];
  const manifest: Manifest = {
    madeUp: existsSync(join(dataDir, MADE_UP_MARK)),
    paymentPeriod: PAYMENT_PERIOD,
    calendar: {
      beforeOpen: '2026-08-03T08:00:00.000Z',
      open: '2026-08-10T08:00:00.000Z',
      afterDeadline: '2026-08-26T08:00:00.000Z',
      // Half a minute past 18:00 in London, in summer time.
      cutOff: '2026-09-10T17:00:30.000Z',
    },
    nextMonth: NEXT_MONTH,
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
    expected,
    cast,
    commissioners,
    sha256: Object.fromEntries([...hashed, people, cast.amended.file].map((path) => [path, sha256Of(path)])),
  };
  writeFileSync(out('manifest.json'), JSON.stringify(manifest, undefined, 2));
  return manifest;
}

const penceOfItems = (items: readonly ItemCount[]): bigint =>
  items.reduce((sum, { pence }) => sum + pence, 0n);
const sha256Of = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** Who is offered what: whoever the published files show to have taken part. */
function participantsOf(
  items: readonly ItemCount[],
  qofPractices: readonly QofPracticeRow[],
  pcns: readonly string[],
): Participants {
  const participants = new Map<string, readonly string[]>([
    [QOF.serviceCode, qofPractices.map((row) => row.PRACTICE_CODE)],
  ]);
  for (const service of ITEM_SERVICES) {
    const own = items.filter((item) => item.service === service);
    participants.set(
      service.serviceCode,
      own.map(({ practiceCode }) => practiceCode),
    );
  }
  for (const serviceCode of Object.keys(CAPITATION)) participants.set(serviceCode, pcns);
  return participants;
}

function writeExtracts(items: readonly ItemCount[], out: Out): CqrsExtractFile[] {
  return ITEM_SERVICES.map((service) => {
    const path = out(`extract-${service.serviceCode}.csv`);
    const own = items.filter((item) => item.service === service);
    const rows = writeExtract(path, own, FIRST_SUBMISSION);
    return {
      layout: 'cqrs',
      path,
      serviceCode: service.serviceCode,
      rows,
      pence: penceOfItems(own).toString(),
    };
  });
}

function writeServices(
  documents: readonly ServiceDocument[],
  participants: Participants,
  out: Out,
): MonthService[] {
  return documents.map((document) => {
    const { serviceCode, startOn, endOn, providerKind, calendar } = document;
    const path = out(`service-${serviceCode}.json`);
    const capitation = CAPITATION[serviceCode];
    writeFileSync(path, JSON.stringify(document, undefined, 2));
    return {
      serviceCode,
      path,
      providerKind,
      achievementDate: calendar[0].achievementDate,
      participation: {
        from: startOn,
        to: endOn,
        respondBy: RESPOND_BY,
        providers: participants.get(serviceCode) ?? [],
      },
      ...(capitation ? { capitation } : {}),
    };
  });
}

/** People for every provider that takes part or is listed, and for every commissioner that one of them has. */
function writePeople(
  july: readonly JulyRow[],
  register: readonly RegisterRow[],
  participants: Participants,
  out: Out,
): { people: string; commissioners: string[] } {
  const commissioner = commissionerOf(july, register);
  const practices = new Set(july.map((row) => row.practice_code));
  const providers = new Set([...practices, ...[...participants.values()].flat()]);
  const commissioners = new Set(july.map((row) => row.icb_code));
  // Practices that closed long ago may belong to a board that was abolished since: it, too, has to sign.
  for (const code of providers) {
    const icb = commissioner(code);
    if (icb) commissioners.add(icb);
  }
  const people = out('people.csv');
  const sorted = [...commissioners].sort();
  writeCsv(
    people,
    ['person_id', 'name', 'role', 'organisation_code', 'from', 'to'],
    peopleRows([...providers].sort(), sorted),
  );
  return { people, commissioners: sorted };
}

function writeExpected(
  items: readonly ItemCount[],
  results: readonly QofRow[],
  qofPractices: readonly QofPracticeRow[],
  out: Out,
): Pick<Expected, 'items' | 'qof' | 'qofTotals'> {
  const expectedItems = out('expected-items.csv');
  const qof = out('expected-qof.csv');
  const qofTotals = out('expected-qof-totals.csv');
  writeCsv(
    expectedItems,
    ['practice_code', 'service_code', 'achievement_date', 'count', 'pence'],
    items.map(({ practiceCode, service, count, pence }) => [
      practiceCode,
      service.serviceCode,
      ITEM_ACHIEVEMENT_DATE,
      count,
      pence,
    ]),
  );
  writeCsv(
    qof,
    ['practice_code', 'indicator_code', 'achieved_points'],
    results
      .filter((row) => row.MEASURE === 'ACHIEVED_POINTS')
      .map((row) => [row.PRACTICE_CODE, row.INDICATOR_CODE, row.VALUE]),
  );
  writeCsv(
    qofTotals,
    ['practice_code', 'total_achieved_points'],
    qofPractices.map((row) => [row.PRACTICE_CODE, row.TOTAL_ACHIEVED_POINTS]),
  );
  return { qof, qofTotals, items: expectedItems };
}

/** The story's people are chosen among practices that are still there. */
function castOf(july: readonly JulyRow[], items: readonly ItemCount[], out: Out): Cast {
  const there = new Set(july.map((row) => row.practice_code));
  const known = items.filter(({ practiceCode }) => there.has(practiceCode));
  const amended = chooseAmended(known);
  const { practiceCode, service, count, pence } = amended;
  const file = out('extract-amended.csv');
  writeExtract(file, [{ ...amended, count: count + MORE_ITEMS }], AMENDED_SUBMISSION);
  return {
    ...chooseMovers(july),
    amended: {
      practiceCode,
      serviceCode: service.serviceCode,
      file,
      pence: pence.toString(),
      amendedPence: (pence + MORE_ITEMS * service.feePence).toString(),
    },
    rejected: chooseRejected(known),
  };
}
