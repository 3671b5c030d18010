import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { Calculation, RulePack } from '@attest/contracts';
import { PUBLISHED_DATA, unlessSkipped, WITHOUT_DATA } from '@attest/testing';
import { ACHIEVED_POINTS, calculate, checkPack, inPageOrder, type NamedValue } from '../src/index.js';

const published = unlessSkipped(describe, WITHOUT_DATA);
type Indicators = Extract<Calculation, { kind: 'sliding-points' }>['indicators'];

const lines = (file: string): string[][] => {
  const bytes = readFileSync(join(PUBLISHED_DATA!, file));
  const text = (file.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8').trim();
  return text
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(','));
};

/** Figures that we did not compute; run with ATTEST_DATA naming the folder of published files. */
published('QOF asthma 2014/15 as published', () => {
  it('every practice gets the official points for every indicator', () => {
    const indicators: Indicators = lines('qof_2014-15_asthma_indicators.csv').map(
      ([indicatorCode, kind, points, lowerPct, upperPct]) =>
        kind!.toLowerCase() === 'register'
          ? { kind: 'register', indicatorCode: indicatorCode!, points: points!, registerField: 'REGISTER' }
          : {
              kind: 'fraction',
              indicatorCode: indicatorCode!,
              points: points!,
              lowerPct: lowerPct!,
              upperPct: upperPct!,
              numeratorField: 'NUMERATOR',
              denominatorField: 'DENOMINATOR',
            },
    );
    const pack: RulePack = {
      financialYear: '2014/15',
      version: 1,
      fields: indicators.flatMap((i) =>
        (i.kind === 'register' ? ['REGISTER'] : ['NUMERATOR', 'DENOMINATOR']).map((fieldName) => ({
          indicatorCode: i.indicatorCode,
          fieldName,
          required: true,
        })),
      ),
      ignoredFields: [],
      dependsOn: ['page'],
      calculation: {
        kind: 'sliding-points',
        poundsPerPoint: '156.92',
        moneyFrom: 'rounded-points',
        indicators,
      },
      note: null,
      oldestOpenFinancialYear: '2014/15',
      sources: ['HSCIC, QOF 2014/15, practice-level asthma workbook'],
      examples: [],
    };
    expect(checkPack(pack)).toEqual([]);

    const values = new Map<string, NamedValue[]>();
    const official = new Map<string, string>();
    for (const [practice, indicatorCode, fieldName, value] of lines(
      'qof_2014-15_asthma_achievement.csv.gz',
    )) {
      if (fieldName === ACHIEVED_POINTS)
        official.set(`${practice} ${indicatorCode}`, Number(value).toFixed(2));
      else if (pack.fields.some((f) => f.indicatorCode === indicatorCode && f.fieldName === fieldName))
        values.set(practice!, [
          ...(values.get(practice!) ?? []),
          { indicatorCode: indicatorCode!, fieldName: fieldName!, value: BigInt(value!) },
        ]);
    }
    let equal = 0;
    const different: string[] = [];
    for (const [practice, given] of values) {
      const result = calculate(pack, { values: inPageOrder(pack, given) });
      for (const { indicatorCode, measure, value } of result.values) {
        if (measure !== ACHIEVED_POINTS) continue;
        if (official.get(`${practice} ${indicatorCode}`) === value) equal++;
        else different.push(`${practice} ${indicatorCode} ${value}`);
      }
    }
    expect(different).toEqual([]);
    expect({ practices: values.size, equal }).toEqual({ practices: 6_042, equal: 24_168 });
  });
});
