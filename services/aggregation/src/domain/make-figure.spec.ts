import { describe, expect, it } from '@jest/globals';
import type { RulePack } from '@attest/contracts';
import type { Facts, ListSizeFact, PageFact, ParticipationFact } from './facts.js';
import { participates } from './facts.js';
import { makeFigure } from './make-figure.js';
import type { KnownService } from './service.js';
import { writeFigure } from './written-figure.js';

const DATE = '2026-07-31';

const aPack = (over: Partial<RulePack> = {}): RulePack => ({
  financialYear: '2026/27',
  version: 3,
  fields: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', required: true }],
  ignoredFields: [],
  dependsOn: ['page'],
  calculation: {
    kind: 'item-of-service',
    items: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', feePounds: '10.06' }],
  },
  note: 'unadjusted',
  oldestOpenFinancialYear: '2025/26',
  sources: ['a test'],
  examples: [],
  ...over,
});
const aService = (over: Partial<KnownService> = {}): KnownService => ({
  serviceCode: 'VAX',
  providerKind: 'practice',
  startOn: '2026-04-01',
  endOn: '2027-04-01',
  rulePack: aPack(),
  needsPage: true,
  needsMembership: false,
  needsListSize: false,
  fieldsOfVersion: new Map(),
  ...over,
});
const coreFunding = aService({
  serviceCode: 'CORE',
  providerKind: 'pcn',
  needsPage: false,
  needsMembership: true,
  needsListSize: true,
  rulePack: aPack({
    fields: [],
    dependsOn: ['membership', 'list-size'],
    calculation: {
      kind: 'capitation',
      list: 'registered',
      poundsPerPatientPerYear: '1.50',
      share: { numerator: 1, denominator: 12 },
    },
  }),
});
const aPage = (values: (bigint | null)[], over: Partial<PageFact> = {}): PageFact => ({
  pageVersion: 2,
  rulePackVersion: 3,
  values,
  fileId: 'file',
  fileName: 'july.csv',
  fileSha256: 'hash',
  firstLine: 2,
  lastLine: 9,
  submittedAt: '2026-08-05T18:36:07.000Z',
  ...over,
});
const aList = (registeredPatients: bigint): ListSizeFact => ({
  listSizeOn: '2026-07-01',
  registeredPatients,
  version: 4,
});
const accepted: ParticipationFact = { status: 'accepted', fromOn: '2026-04-01', toOn: null, version: 1 };
const facts = (over: Partial<Facts> = {}): Facts => ({
  participation: accepted,
  page: null,
  listSize: null,
  members: [],
  memberships: [],
  ...over,
});
const ofPractice = { serviceCode: 'VAX', achievementDate: DATE, organisationCode: 'A90001' };
const ofPcn = { serviceCode: 'CORE', achievementDate: DATE, organisationCode: 'U90001' };
const member = (practiceCode: string, over: object = {}) => ({
  practiceCode,
  page: null,
  listSize: null,
  ...over,
});

describe('a figure', () => {
  it('names what it was made from, and every step', () => {
    const figure = makeFigure(aService(), ofPractice, facts({ page: aPage([12n]) }));
    expect(figure).toMatchObject({
      state: 'calculated',
      pence: 12_072n,
      inputs: [
        { source: 'rule-pack', key: 'VAX', version: 3 },
        { source: 'participation', key: 'VAX|A90001', version: 1 },
        { source: 'page', key: `VAX|${DATE}|A90001`, version: 2 },
      ],
      explanation: {
        rulePack: { version: 3, note: 'unadjusted' },
        pages: [
          { practiceCode: 'A90001', fileName: 'july.csv', firstLine: 2, lastLine: 9, fileSha256: 'hash' },
        ],
        steps: [
          { step: 'item', count: '12' },
          { step: 'money', pence: '12072' },
        ],
      },
    });
  });

  it.each<[string, KnownService, typeof ofPractice, Partial<Facts>, string, string[]]>([
    [
      'after the service',
      aService({ endOn: DATE }),
      ofPractice,
      { page: aPage([1n]) },
      'SERVICE_NOT_RUNNING',
      [],
    ],
    [
      'before the service',
      aService({ startOn: '2026-08-01' }),
      ofPractice,
      { page: aPage([1n]) },
      'SERVICE_NOT_RUNNING',
      [],
    ],
    [
      'without participation',
      aService(),
      ofPractice,
      { participation: null, page: aPage([1n]) },
      'NOT_PARTICIPATING',
      [],
    ],
    ['without a page', aService(), ofPractice, {}, 'PAGE_MISSING', ['A90001']],
    [
      'where null stands for a count',
      aService(),
      ofPractice,
      { page: aPage([null]) },
      'VALUE_MISSING',
      ['VAX001 DOSES'],
    ],
    ['of a PCN without members', coreFunding, ofPcn, {}, 'NO_MEMBERS', []],
    [
      'of a PCN with a member without a list',
      coreFunding,
      ofPcn,
      { members: [member('A90001', { listSize: aList(1n) }), member('A90002')] },
      'LIST_SIZE_MISSING',
      ['A90002'],
    ],
  ])('is not made %s', (_name, service, identity, over, code, missing) => {
    const figure = makeFigure(service, identity, facts(over));
    expect(figure).toMatchObject({
      state: 'not-applicable',
      code,
      pence: null,
      values: [],
      explanation: { missing },
    });
  });

  it("is made of a PCN's members' lists, and names each of them", () => {
    const figure = makeFigure(
      coreFunding,
      ofPcn,
      facts({
        members: [
          member('A90001', { listSize: aList(10_000n) }),
          member('A90002', { listSize: aList(345n) }),
        ],
        memberships: [{ pcnCode: 'U90001', version: 7 }],
      }),
    );
    expect(figure.pence).toBe(129_313n); // 10,345 × £1.50 ÷ 12 = £1,293.125
    expect(figure.inputs.map((input) => `${input.source} ${input.key} ${input.version}`)).toEqual([
      'rule-pack CORE 3',
      'participation CORE|U90001 1',
      'pcn-membership U90001 7',
      'list-size A90001 4',
      'list-size A90002 4',
    ]);
    expect(figure.explanation).toMatchObject({ members: ['A90001', 'A90002'], registeredPatients: '10345' });
  });

  it("adds members' values up, and has no sum where one was not sent", () => {
    const service = aService({ providerKind: 'pcn', needsMembership: true });
    const made = (values: (bigint | null)[]) =>
      makeFigure(
        service,
        { ...ofPcn, serviceCode: 'VAX' },
        facts({ members: values.map((value, i) => member(`A9000${i}`, { page: aPage([value]) })) }),
      );
    expect(made([3n, 4n]).pence).toBe(7_042n);
    expect(made([3n, null])).toMatchObject({ code: 'VALUE_MISSING' });
  });

  it("adds up an item that need not be there of those who sent it: one's takes nothing from the others", () => {
    const items = ['VAX001', 'VAX002'].map((indicatorCode) => ({ indicatorCode, fieldName: 'DOSES' }));
    const rulePack = aPack({
      fields: items.map((item, place) => ({ ...item, required: place === 0 })),
      calculation: { kind: 'item-of-service', items: items.map((i) => ({ ...i, feePounds: '10.06' })) },
    });
    const service = aService({ providerKind: 'pcn', needsMembership: true, rulePack });
    const made = (pages: (bigint | null)[][]) =>
      makeFigure(
        service,
        { ...ofPcn, serviceCode: 'VAX' },
        facts({ members: pages.map((values, i) => member(`A9000${i}`, { page: aPage(values) })) }),
      ).pence;
    expect(
      made([
        [100n, 40n],
        [100n, 40n],
      ]),
    ).toBe(281_680n);
    expect(
      made([
        [100n, 40n],
        [100n, null],
      ]),
    ).toBe(241_440n);
    expect(
      made([
        [100n, null],
        [100n, null],
      ]),
    ).toBe(201_200n);
  });

  it('reads a page of an earlier rule pack by the names of its fields', () => {
    const fields = [
      { indicatorCode: 'OLD', fieldName: 'DROPPED', required: true },
      { indicatorCode: 'VAX001', fieldName: 'DOSES', required: true },
    ];
    const service = aService({ fieldsOfVersion: new Map([[2, fields]]) });
    const page = aPage([99n, 5n], { rulePackVersion: 2 });
    expect(makeFigure(service, ofPractice, facts({ page })).pence).toBe(5_030n);
    // A version that has not arrived: its values have no names, so nothing is guessed.
    expect(makeFigure(service, ofPractice, facts({ page: { ...page, rulePackVersion: 9 } })).code).toBe(
      'VALUE_MISSING',
    );
  });

  it('is the same text for the same inputs and result, and another for newer inputs', () => {
    const written = (pageVersion: number, value: bigint) =>
      writeFigure(makeFigure(aService(), ofPractice, facts({ page: aPage([value], { pageVersion }) })))
        .fingerprint;
    expect(written(2, 5n)).toBe(written(2, 5n));
    expect(written(3, 5n)).not.toBe(written(2, 5n));
    expect(written(2, 6n)).not.toBe(written(2, 5n));
  });
});

describe('participation', () => {
  it.each<[string, Partial<ParticipationFact>, boolean]>([
    ['accepted without an end', {}, true],
    ['accepted from that day', { fromOn: DATE }, true],
    ['accepted from the day after', { fromOn: '2026-08-01' }, false],
    ['accepted to the day after', { toOn: '2026-08-01' }, true],
    ['accepted to that day, which is the day after its last', { toOn: DATE }, false],
    ['offered', { status: 'offered' }, false],
    ['refused', { status: 'refused' }, false],
    ['ended later', { status: 'ended', toOn: '2026-08-01' }, true],
    ['ended by that day', { status: 'ended', toOn: DATE }, false],
    ['ended without a date', { status: 'ended' }, false],
  ])('%s', (_name, over, counts) => {
    expect(participates({ ...accepted, ...over }, DATE)).toBe(counts);
  });

  it('that nobody knows of does not count', () => expect(participates(null, DATE)).toBe(false));
});
