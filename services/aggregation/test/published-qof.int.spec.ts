import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventually, PUBLISHED_DATA, unlessSkipped, WITHOUT_DATA } from '@attest/testing';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import {
  aPack,
  aService,
  pageOf,
  participating,
  published,
  startAggregation,
  type AggregationUnderTest,
} from './aggregation-under-test.js';

const DATE = '2015-03-31';
const PAID = ['AST001', 'AST002', 'AST003', 'AST004'];

const fields = [
  { indicatorCode: 'AST001', fieldName: 'REGISTER', required: true },
  ...['AST002', 'AST003', 'AST004'].flatMap((indicatorCode) =>
    ['NUMERATOR', 'DENOMINATOR'].map((fieldName) => ({ indicatorCode, fieldName, required: true })),
  ),
];
const fraction = (indicatorCode: string, points: string, upperPct: string) => ({
  kind: 'fraction' as const,
  indicatorCode,
  points,
  lowerPct: '45',
  upperPct,
  numeratorField: 'NUMERATOR',
  denominatorField: 'DENOMINATOR',
});

unlessSkipped(describe, WITHOUT_DATA)('QOF asthma 2014/15, as published', () => {
  let aggregation: AggregationUnderTest;
  const places = new Map(fields.map((field, place) => [`${field.indicatorCode}|${field.fieldName}`, place]));
  const values = new Map<string, (number | null)[]>();
  const official = new Map<string, string>();

  beforeAll(async () => {
    const file = createReadStream(join(PUBLISHED_DATA!, 'qof_2014-15_asthma_achievement.csv.gz')).pipe(
      createGunzip(),
    );
    for await (const line of createInterface({ input: file })) {
      const [practice, indicator, measure, value] = line.split(',') as [string, string, string, string];
      const place = places.get(`${indicator}|${measure}`);
      if (measure === 'ACHIEVED_POINTS') official.set(`${practice}|${indicator}`, Number(value).toFixed(2));
      if (place === undefined) continue;
      if (!values.has(practice)) values.set(practice, new Array<number | null>(fields.length).fill(null));
      values.get(practice)![place] = Number(value);
    }
    aggregation = await startAggregation();
    const practices = [...values.keys()];
    await aggregation.tell(
      published(
        aService({
          serviceCode: 'QOFAST1415',
          startOn: '2014-04-01',
          endOn: '2015-04-01',
          dates: [DATE],
          rulePack: aPack({
            financialYear: '2014/15',
            fields,
            calculation: {
              kind: 'sliding-points',
              poundsPerPoint: '156.92',
              moneyFrom: 'rounded-points',
              indicators: [
                { kind: 'register', indicatorCode: 'AST001', points: '4', registerField: 'REGISTER' },
                fraction('AST002', '15', '80'),
                fraction('AST003', '20', '70'),
                fraction('AST004', '6', '80'),
              ],
            },
            note: 'unadjusted: no prevalence or list-size factor',
          }),
        }),
      ),
      ...Array.from({ length: Math.ceil(practices.length / 500) }, (_, i) =>
        participating('QOFAST1415', practices.slice(i * 500, i * 500 + 500), {
          from: '2014-04-01',
          to: '2015-04-01',
          version: i + 1,
        }),
      ),
    );
    const pages = practices.map((practice) =>
      pageOf(practice, values.get(practice)!, { serviceCode: 'QOFAST1415', achievementDate: DATE }),
    );
    const streams = 16;
    await Promise.all(
      Array.from({ length: streams }, (_, s) =>
        aggregation.tell(...pages.filter((_page, i) => i % streams === s)),
      ),
    );
    await eventually(
      async () => {
        const { rows } = await aggregation.database.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM achievement WHERE state = 'calculated'`,
        );
        return rows[0]!.n === practices.length;
      },
      { withinMs: 120_000, everyMs: 100 },
    );
  }, 300_000);
  afterAll(() => aggregation.close());

  it('all 24,168 results equal the official points', async () => {
    const { rows } = await aggregation.database.query<{ key: string; points: string }>(
      `SELECT r.organisation_code || '|' || (v ->> 'indicatorCode') AS key, v ->> 'value' AS points
       FROM achievement_revision r JOIN achievement a USING (service_code, achievement_date, organisation_code, figure_revision),
            json_array_elements(r.declared_values) v
       WHERE v ->> 'measure' = 'ACHIEVED_POINTS'`,
    );
    const made = new Map(rows.map((row) => [row.key, row.points]));
    const different = [...official].filter(
      ([key, points]) => PAID.includes(key.split('|')[1]!) && made.get(key) !== points,
    );
    expect(different).toEqual([]);
    expect(official.size).toBe(24_168);
    expect(made.size).toBe(24_168);
  });

  it('each amount is its points × £156.92, rounded once', async () => {
    const { rows } = await aggregation.database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM achievement WHERE pence <> round(points::numeric * 156.92 * 100)`,
    );
    expect(rows[0]!.n).toBe(0);
  });
});
