import { describe, expect, it } from '@jest/globals';
import type { RulePack } from '@attest/contracts';
import { amendmentPounds } from './amendment-pounds.js';

const aPack = (over: Partial<RulePack> = {}): RulePack => ({
  financialYear: '2026/27',
  version: 1,
  fields: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', required: true }],
  ignoredFields: [],
  dependsOn: ['page'],
  calculation: {
    kind: 'item-of-service',
    items: [{ indicatorCode: 'VAX001', fieldName: 'DOSES', feePounds: '10.06' }],
  },
  note: null,
  oldestOpenFinancialYear: '2025/26',
  sources: ['a test'],
  examples: [],
  ...over,
});

/** HYP008 of 2025/26: 38 points between 40 and 85 per cent, at £225.49. */
const HYP008 = aPack({
  fields: [
    { indicatorCode: 'HYP008', fieldName: 'NUMERATOR', required: true },
    { indicatorCode: 'HYP008', fieldName: 'DENOMINATOR', required: true },
  ],
  calculation: {
    kind: 'sliding-points',
    poundsPerPoint: '225.49',
    moneyFrom: 'rounded-points',
    indicators: [
      {
        kind: 'fraction',
        indicatorCode: 'HYP008',
        points: '38',
        lowerPct: '40',
        upperPct: '85',
        numeratorField: 'NUMERATOR',
        denominatorField: 'DENOMINATOR',
      },
    ],
  },
});
const CAPITATION = aPack({
  dependsOn: ['page', 'list-size'],
  calculation: {
    kind: 'capitation',
    list: 'registered',
    poundsPerPatientPerYear: '1.50',
    share: { numerator: 1, denominator: 12 },
  },
});
const NOTHING = { oldPence: null, newPence: null, oldPoints: null, newPoints: null };

describe('the pounds of an amendment', () => {
  it('are fee × items, before and after', () => {
    expect(amendmentPounds(aPack(), 'practice', [100], [104])).toEqual({
      oldPence: 100_600n,
      newPence: 104_624n,
      oldPoints: null,
      newPoints: null,
      code: null,
    });
  });

  it('are those of the points, exactly, where a service is paid by the point', () => {
    // 60 per cent: 38 × 20/45 = 16.89 points; 70 per cent: 38 × 30/45 = 25.33 points.
    expect(amendmentPounds(HYP008, 'practice', [60, 100], [70, 100])).toEqual({
      oldPence: 380_853n,
      newPence: 571_166n,
      oldPoints: '16.89',
      newPoints: '25.33',
      code: null,
    });
  });

  it('may fall', () => {
    expect(amendmentPounds(aPack(), 'practice', [10], [0])).toMatchObject({
      oldPence: 10_060n,
      newPence: 0n,
    });
  });

  it('are not invented where the list of patients decides', () => {
    expect(amendmentPounds(CAPITATION, 'practice', [1], [2])).toEqual({
      ...NOTHING,
      code: 'LIST_SIZE_NEEDED',
    });
  });

  it('are not invented where the network is paid', () => {
    expect(amendmentPounds(aPack(), 'pcn', [1], [2])).toEqual({ ...NOTHING, code: 'NETWORK_FIGURE' });
  });

  it('have no before where the page lacked a value', () => {
    expect(amendmentPounds(HYP008, 'practice', [60, null], [60, 100])).toMatchObject({
      oldPence: null,
      newPence: 380_853n,
      code: 'VALUE_MISSING',
    });
  });
});
