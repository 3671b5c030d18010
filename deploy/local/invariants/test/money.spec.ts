import { describe, expect, it } from '@jest/globals';
// @ts-expect-error The checker is plain JavaScript.
import { moneyAddsUp } from '../payments.mjs';

const PROVIDER = { organisationCode: 'X1', serviceCode: 'XA' };
const paid = (declarationId: string, pence: string, changes = {}) => ({
  declarationId,
  ...PROVIDER,
  status: 'PAID',
  pence,
  ...changes,
});
const line = (declaration_id: string, amount_pence: string) => ({
  declaration_id,
  declaration_version: '1',
  attempt: '1',
  provider_code: 'X1',
  service_code: 'XA',
  amount_pence,
});
const file = (...lines: ReturnType<typeof line>[]) => ({
  manifest: {
    fileName: 'R001.csv',
    lines: lines.length,
    totalPence: lines.reduce((sum, one) => sum + BigInt(one.amount_pence), 0n).toString(),
  },
  lines,
});

/** £100.00 and a recovery of £30.00: £20.00 of it were taken off the line, £10.00 are a debt. */
const month = (changes: object = {}) => ({
  files: [file(line('a', '8000'))],
  openDebts: [{ provider: 'X1', agency: 'PCSE', pence: '1000' }],
  history: {
    newest: new Map([
      ['a', paid('a', '10000')],
      ['r', paid('r', '-3000')],
    ]),
    takenOff: new Map([['a|1|1', { declarationId: 'a', agencyCode: 'PCSE', pence: '2000' }]]),
    netted: new Map([['r|1|1', { declarationId: 'r', agencyCode: 'PCSE', pence: '-3000' }]]),
    acknowledged: new Map([['a|1|1', { declarationId: 'a', pence: '8000' }]]),
    rejected: new Map(),
  },
  ...changes,
});
const check = (evidence: object): { holds: boolean; evidence: { wrong: string[] } } =>
  (moneyAddsUp as (of: object) => { holds: boolean; evidence: { wrong: string[] } })(evidence);

describe('I4', () => {
  it('holds over payments, a recovery and its open debt', () => {
    expect(check(month()).evidence.wrong).toEqual([]);
    expect(check(month()).holds).toBe(true);
  });

  it.each<[string, object]>([
    ['a line that paid too much', { files: [file(line('a', '8001'))] }],
    ['a debt that was lost', { openDebts: [] }],
    ['a debt that was taken twice', { openDebts: [{ provider: 'X1', agency: 'PCSE', pence: '0' }] }],
    [
      'a debt that somebody else bore',
      {
        openDebts: [
          { provider: 'X1', agency: 'PCSE', pence: '3000' },
          { provider: 'X2', agency: 'PCSE', pence: '-2000' },
        ],
      },
    ],
    [
      'a file whose total differs',
      { files: [{ ...file(line('a', '8000')), manifest: { lines: 1, totalPence: '1' } }] },
    ],
  ])('finds %s', (_, changes) => {
    expect(check(month(changes)).holds).toBe(false);
  });

  it('counts as settled outside only what recoveries had not taken', () => {
    const { history } = month();
    const newest = new Map(history.newest).set('a', paid('a', '10000', { status: 'SETTLED_OUTSIDE' }));
    expect(check(month({ files: [], history: { ...history, newest, acknowledged: new Map() } })).holds).toBe(
      true,
    );
  });
});
