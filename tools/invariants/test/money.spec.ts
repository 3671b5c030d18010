import { describe, expect, it } from '@jest/globals';
import type { SealedLine } from '../src/evidence.js';
import type { Declaration } from '../src/history.js';
import type { Evidence } from '../src/month.js';
import { moneyAddsUp } from '../src/payments.js';
import { aDeclaration, aFigure, aFile, aHistory, aLine, aPaidLine } from './a-month.js';

type Money = Pick<Evidence, 'history' | 'files' | 'openDebts' | 'agencyLedger'>;

const KEY = 'XA|2026-06-30|X1';
const paid = (declarationId: string, pence: string, changes: Partial<Declaration> = {}) =>
  aDeclaration({ declarationId, pence, ...changes });
const adjustment = (declarationId: string, pence: string, changes: Partial<Declaration> = {}) =>
  paid(declarationId, pence, { kind: 'adjustment', figureRevision: 2, ...changes });
const figuresOf = (...pence: string[]) => new Map([[KEY, pence.map((one, at) => aFigure(at + 1, one))]]);
const line = (declaration_id: string, amount_pence: string) => aLine({ declaration_id, amount_pence });

/** £100.00 and a recovery of £30.00: £20.00 of it were taken off the line, £10.00 are a debt. */
const month = (changes: Partial<Money> = {}): Money => ({
  files: [aFile([line('a', '8000')])],
  openDebts: [{ provider: 'X1', agency: 'PCSE', pence: '1000' }],
  history: aHistory({
    newest: new Map([
      ['a', paid('a', '10000')],
      ['r', adjustment('r', '-3000')],
    ]),
    takenOff: new Map([['a|1|1', { declarationId: 'a', agencyCode: 'PCSE', pence: '2000' }]]),
    netted: new Map([['r|1|1', { declarationId: 'r', agencyCode: 'PCSE', pence: '-3000' }]]),
    acknowledged: new Map([['a|1|1', aPaidLine('a', '8000')]]),
    achievements: figuresOf('10000', '7000'),
  }),
  ...changes,
});
const check = moneyAddsUp;

describe('I4', () => {
  it('holds over payments, a recovery and its open debt', () => {
    expect(check(month()).evidence.wrong).toEqual([]);
    expect(check(month()).holds).toBe(true);
  });

  it('holds over a credit that came back and waits, and not over one that nobody was paid', () => {
    const back = month();
    const identity = ['a|1|1', aPaidLine('a', '8000')] as const;
    const returned = {
      ...back.history,
      newest: new Map([...back.history.newest, ['a', paid('a', '10000', { status: 'REJECTED_BY_AGENCY' })]]),
      rejected: new Map([identity]),
      returned: new Map([identity]),
      everRejected: new Set(['a']),
    };
    expect(check({ ...back, history: returned }).evidence.wrong).toEqual([]);
    expect(
      check({ ...back, history: returned, agencyLedger: { acceptedPence: '0' } }).evidence.wrong,
    ).toEqual([]);
    expect(check({ ...back, history: { ...returned, acknowledged: new Map() } }).evidence.wrong).toEqual([
      'a|1|1: returned, and never acknowledged',
    ]);
  });

  it.each<[string, Partial<Money>]>([
    ['a line that paid too much', { files: [aFile([line('a', '8001')])] }],
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
    ['a file whose total differs', { files: [aFile([line('a', '8000')], { totalPence: '1' })] }],
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

  /** £100.00 were paid; then figures moved, and its commissioner withdrew the difference of figure 2. */
  const waived = (pence: string, figures: string[], more: SealedLine[] = [], others: Declaration[] = []) => {
    const { history } = month();
    const lines = [line('a', '10000'), ...more];
    const newest = [paid('a', '10000'), adjustment('b', pence, { status: 'LAPSED' }), ...others];
    return month({
      files: [aFile(lines)],
      openDebts: [],
      history: {
        ...history,
        newest: new Map(newest.map((d) => [d.declarationId, d])),
        takenOff: new Map(),
        netted: new Map(),
        acknowledged: new Map(
          lines.map((one) => [`${one.declaration_id}|1|1`, aPaidLine(one.declaration_id, one.amount_pence)]),
        ),
        achievements: figuresOf(...figures),
        withdrawn: new Set(['b']),
      },
    });
  };

  it.each([
    ['a recovery', waived('-2000', ['10000', '8000'])],
    ['a payment', waived('2000', ['10000', '12000'])],
    ['a recovery, and figures came back', waived('-2000', ['10000', '8000', '10000'])],
    [
      'a payment, and more was owed',
      waived(
        '2000',
        ['10000', '12000', '13000'],
        [line('c', '1000')],
        [adjustment('c', '1000', { figureRevision: 3 })],
      ),
    ],
  ])('holds where somebody waived %s', (_, evidence) => {
    expect(check(evidence).evidence.wrong).toEqual([]);
  });

  it('finds a recovery that was waived and paid out when its figures were taken back', () => {
    const twice = adjustment('c', '2000', { figureRevision: 3 });
    const { evidence } = check(waived('-2000', ['10000', '8000', '10000'], [line('c', '2000')], [twice]));
    expect(evidence.wrong).toEqual([`${KEY}: c moved 2000, which was not owed`]);
  });

  it('finds what differs from its figure though nobody waived it', () => {
    const { history } = month();
    const achievements = figuresOf('10000', '7000', '6000');
    expect(check(month({ history: { ...history, achievements } })).evidence.wrong).toEqual([
      `${KEY}: 7000 paid or stated, -1000 away from its figure, 0 waived`,
    ]);
  });

  it('counts the figure that a commissioner kept', () => {
    const { history } = month();
    const kept = { achievements: figuresOf('10000', '7000', '6000'), kept: new Map([['a', 2]]) };
    expect(check(month({ history: { ...history, ...kept } })).holds).toBe(true);
  });

  it('finds what recoveries took off a line that lapsed, when nothing is to be paid for it', () => {
    const { history } = month();
    const newest = new Map(history.newest).set('a', paid('a', '0', { status: 'LAPSED' }));
    const rejected = new Map([['a|1|1', aPaidLine('a', '8000')]]);
    const forgotten = { newest, rejected, everRejected: new Set(['a']), nothingToPay: new Map([[KEY, 3]]) };
    expect(check(month({ history: { ...history, ...forgotten } })).evidence.wrong).toContain(
      `${KEY}: -1000 paid or stated, 1000 away from its figure, 0 waived`,
    );
  });
});
