import { describe, expect, it } from '@jest/globals';
import type { Calculation, RulePack } from '@attest/contracts';
import { calculate } from './calculate.js';
import { checkPack } from './check-pack.js';
import { inPageOrder, type NamedValue } from './page-values.js';
import { runExamples } from './run-examples.js';

const aPack = (calculation: Calculation, over: Partial<RulePack> = {}): RulePack => ({
  financialYear: '2025/26',
  version: 1,
  fields: fieldsOf(calculation),
  ignoredFields: [],
  dependsOn: [calculation.kind === 'capitation' ? 'list-size' : 'page'],
  calculation,
  note: null,
  oldestOpenFinancialYear: '2024/25',
  sources: ['a test'],
  examples: [],
  ...over,
});

function fieldsOf(calculation: Calculation): RulePack['fields'] {
  const required = true;
  switch (calculation.kind) {
    case 'item-of-service':
      return calculation.items.map(({ indicatorCode, fieldName }) => ({
        indicatorCode,
        fieldName,
        required,
      }));
    case 'capitation':
      return [];
    case 'sliding-points':
      return calculation.indicators.flatMap((i) =>
        (i.kind === 'register' ? [i.registerField] : [i.numeratorField, i.denominatorField]).map(
          (fieldName) => ({
            indicatorCode: i.indicatorCode,
            fieldName,
            required,
          }),
        ),
      );
  }
}

type Sliding = Extract<Calculation, { kind: 'sliding-points' }>;
const sliding = (
  points: string,
  lowerPct: string,
  upperPct: string,
  poundsPerPoint: string,
  moneyFrom: Sliding['moneyFrom'],
): Calculation => ({
  kind: 'sliding-points',
  poundsPerPoint,
  moneyFrom,
  indicators: [
    {
      kind: 'fraction',
      indicatorCode: 'HYP008',
      points,
      lowerPct,
      upperPct,
      numeratorField: 'NUMERATOR',
      denominatorField: 'DENOMINATOR',
    },
  ],
});
const fraction = (numerator: bigint | null, denominator: bigint | null): NamedValue[] => [
  { indicatorCode: 'HYP008', fieldName: 'NUMERATOR', value: numerator },
  { indicatorCode: 'HYP008', fieldName: 'DENOMINATOR', value: denominator },
];
const paid = (pack: RulePack, values: NamedValue[]) => calculate(pack, { values: inPageOrder(pack, values) });

describe('sliding points', () => {
  it.each([
    // HYP008 2025/26: 38 points, 40–85; at 70 % 38×30/45 = 25.33 (domain notes)
    ['HYP008 at 70 %', '38', '40', '85', 70n, 100n, '25.33'],
    // VI001 from 2023/24: 18 points, 89–96; at 93 % 18×4/7 = 10.29
    ['VI001 at 93 %', '18', '89', '96', 93n, 100n, '10.29'],
    ['at the lower threshold', '38', '40', '85', 40n, 100n, '0.00'],
    ['below the lower threshold', '38', '40', '85', 39n, 100n, '0.00'],
    ['at the upper threshold', '38', '40', '85', 85n, 100n, '38.00'],
    ['above the upper threshold', '38', '40', '85', 100n, 100n, '38.00'],
    ['an empty denominator', '38', '40', '85', 0n, 0n, '0.00'],
    // Rounding the percentage first (70.59 for 12/17) would give 25.83 here as well, but 25.84 at one decimal.
    ['a percentage that does not end', '38', '40', '85', 12n, 17n, '25.83'],
    ['half a hundredth goes up', '1', '0', '100', 5n, 1000n, '0.01'],
    ['just below half a hundredth', '1', '0', '100', 4n, 1000n, '0.00'],
  ])('%s', (_name, points, lower, upper, numerator, denominator, expected) => {
    const pack = aPack(sliding(points, lower, upper, '1', 'rounded-points'));
    expect(paid(pack, fraction(numerator, denominator)).points).toBe(expected);
  });

  it.each([
    // £225.49 × APDF 1.1; the style notes' example: £6,283.65 unrounded, 82p less from 25.33
    ['unrounded-points', 628_365n],
    ['rounded-points', 628_283n],
  ] as const)('money comes from %s where the pack says so', (moneyFrom, pence) => {
    const pack = aPack(sliding('38', '40', '85', '248.039', moneyFrom));
    expect(paid(pack, fraction(70n, 100n)).pence).toBe(pence);
  });

  it('pays a register in full when anybody is on it, and adds the rounded indicators up', () => {
    const pack = aPack({
      kind: 'sliding-points',
      poundsPerPoint: '156.92',
      moneyFrom: 'rounded-points',
      indicators: [
        { kind: 'register', indicatorCode: 'AST001', points: '4', registerField: 'REGISTER' },
        {
          kind: 'fraction',
          indicatorCode: 'AST002',
          points: '15',
          lowerPct: '45',
          upperPct: '80',
          numeratorField: 'NUMERATOR',
          denominatorField: 'DENOMINATOR',
        },
      ],
    });
    const values = (register: bigint): NamedValue[] => [
      { indicatorCode: 'AST001', fieldName: 'REGISTER', value: register },
      { indicatorCode: 'AST002', fieldName: 'NUMERATOR', value: 2n },
      { indicatorCode: 'AST002', fieldName: 'DENOMINATOR', value: 3n },
    ];
    const one = paid(pack, values(1n));
    expect(one.points).toBe('13.29');
    expect(one.pence).toBe(208_547n); // 13.29 × £156.92 = £2,085.4668
    expect(one.values).toEqual([
      { indicatorCode: 'AST001', measure: 'REGISTER', value: '1' },
      { indicatorCode: 'AST001', measure: 'ACHIEVED_POINTS', value: '4.00' },
      { indicatorCode: 'AST002', measure: 'NUMERATOR', value: '2' },
      { indicatorCode: 'AST002', measure: 'DENOMINATOR', value: '3' },
      { indicatorCode: 'AST002', measure: 'ACHIEVED_POINTS', value: '9.29' },
    ]);
    expect(paid(pack, values(0n)).points).toBe('9.29');
  });

  it('shows its steps as data', () => {
    const pack = aPack(sliding('38', '40', '85', '225.49', 'unrounded-points'));
    expect(paid(pack, fraction(70n, 100n)).steps).toEqual([
      {
        step: 'fraction',
        indicatorCode: 'HYP008',
        numerator: '70',
        denominator: '100',
        percentage: '70.00',
        lowerPct: '40',
        upperPct: '85',
        maxPoints: '38',
        points: '25.33',
        outcome: 'sliding',
      },
      { step: 'points', points: '25.33' },
      {
        step: 'money',
        from: 'unrounded-points',
        poundsPerPoint: '225.49',
        exactPence: '1713724/3',
        pence: '571241',
      },
    ]);
  });
});

describe('item of service', () => {
  const pack = aPack({
    kind: 'item-of-service',
    items: [
      { indicatorCode: '6IN1001', fieldName: 'NUMERATOR', feePounds: '10.06' },
      { indicatorCode: 'LD001', fieldName: 'NUMERATOR', feePounds: '140' },
    ],
  });
  const counts = (first: bigint | null, second: bigint | null): NamedValue[] => [
    { indicatorCode: '6IN1001', fieldName: 'NUMERATOR', value: first },
    { indicatorCode: 'LD001', fieldName: 'NUMERATOR', value: second },
  ];

  it.each([
    ['vaccinations at £10.06', 123n, 0n, 123_738n],
    ['checks at £140', 0n, 7n, 98_000n],
    ['both added up', 123n, 7n, 221_738n],
    ['nothing done pays nothing', 0n, 0n, 0n],
  ])('%s', (_name, first, second, pence) => {
    expect(paid(pack, counts(first, second)).pence).toBe(pence);
  });

  it('refuses a missing count, because nil is not missing', () => {
    expect(() => paid(pack, counts(1n, null))).toThrow(
      expect.objectContaining({ code: 'INPUTS_MISSING' }) as unknown as Error,
    );
  });

  it('leaves out what may be left out, and declares no 0 for it', () => {
    const optional = { ...pack, fields: pack.fields.map((f, i) => ({ ...f, required: i === 0 })) };
    const result = paid(optional, counts(1n, null));
    expect(result.pence).toBe(1006n);
    expect(result.values.map((v) => v.indicatorCode)).toEqual(['6IN1001']);
  });

  it('refuses a count below 0', () => {
    expect(() => paid(pack, counts(-1n, 1n))).toThrow(
      expect.objectContaining({ code: 'VALUE_NEGATIVE' }) as unknown as Error,
    );
  });

  it.each([
    ['half a penny goes up', '0.005', 1n, 1n],
    ['three items of half a penny are rounded together', '0.005', 3n, 2n],
  ])('%s', (_name, feePounds, count, pence) => {
    const small = aPack({
      kind: 'item-of-service',
      items: [{ indicatorCode: 'A', fieldName: 'N', feePounds }],
    });
    expect(paid(small, [{ indicatorCode: 'A', fieldName: 'N', value: count }]).pence).toBe(pence);
  });
});

describe('capitation', () => {
  const rate = (poundsPerPatientPerYear: string) =>
    aPack({
      kind: 'capitation',
      list: 'registered',
      poundsPerPatientPerYear,
      share: { numerator: 1, denominator: 12 },
    });

  it.each([
    ['core funding of £1.50, a twelfth', '1.50', 48_000n, 600_000n],
    ['clinical director of £0.729, a twelfth', '0.729', 48_000n, 291_600n],
    ['rounded once to the penny', '0.729', 10_349n, 62_870n],
    ['an empty list pays nothing', '1.50', 0n, 0n],
  ])('%s', (_name, pounds, patients, pence) => {
    expect(calculate(rate(pounds), { values: [], registeredPatients: patients }).pence).toBe(pence);
  });

  it('refuses an unknown list', () => {
    expect(() => calculate(rate('1'), { values: [] })).toThrow(
      expect.objectContaining({ code: 'INPUTS_MISSING' }) as unknown as Error,
    );
  });
});

describe('a rule pack', () => {
  const good = aPack(sliding('38', '40', '85', '225.49', 'rounded-points'));

  it('has no faults when it can be calculated', () => expect(checkPack(good)).toEqual([]));

  it.each<[string, RulePack, string]>([
    [
      'a field that is not listed',
      { ...good, fields: good.fields.slice(1) },
      '/calculation/indicators/0/numeratorField',
    ],
    ['a field listed twice', { ...good, fields: [...good.fields, good.fields[0]!] }, '/fields/2'],
    ['a field both read and ignored', { ...good, ignoredFields: [good.fields[0]!] }, '/ignoredFields/0'],
    [
      'thresholds the wrong way round',
      aPack(sliding('38', '85', '40', '1', 'rounded-points')),
      '/calculation/indicators/0',
    ],
    [
      'thresholds that are the same',
      aPack(sliding('38', '40', '40', '1', 'rounded-points')),
      '/calculation/indicators/0',
    ],
    [
      'a threshold above 100',
      aPack(sliding('38', '40', '101', '1', 'rounded-points')),
      '/calculation/indicators/0',
    ],
    [
      'negative points',
      aPack(sliding('-1', '40', '85', '1', 'rounded-points')),
      '/calculation/indicators/0/points',
    ],
    ['a dependency left out', { ...good, dependsOn: ['membership'] }, '/dependsOn'],
  ])('is refused with %s', (_name, pack, at) => {
    expect(checkPack(pack).map((fault) => fault.at)).toContain(at);
  });

  it.each<[string, Partial<RulePack['examples'][number]>, RegExp | null]>([
    ['its examples come out', { pence: '571166', points: '25.33' }, null],
    ['an amount is another', { pence: '571167' }, /says 571167 pence and comes to 571166/],
    ['the points are others', { pence: '571166', points: '25.34' }, /says 25.34 points and comes to 25.33/],
    ['a value is missing', { values: [], pence: '0' }, /cannot be calculated/],
    [
      'a field is unknown',
      { values: [{ indicatorCode: 'X', fieldName: 'Y', value: 1 }], pence: '0' },
      /not among the fields/,
    ],
  ])('tells by its examples when %s', (_name, over, fault) => {
    const values = fraction(70n, 100n).map((v) => ({ ...v, value: Number(v.value) }));
    const example = { name: 'at 70 %', source: 'domain notes', values, pence: '0', ...over };
    const faults = runExamples({ ...good, examples: [example] });
    if (fault === null) expect(faults).toEqual([]);
    else
      expect(faults).toEqual([
        { place: 0, name: 'at 70 %', detail: expect.stringMatching(fault) as unknown as string },
      ]);
  });
});
