import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { decideLine, owed, type Standing } from './ledger.js';

const pence = fc.bigInt(0n, 10_000_000n);
const aStanding = (changes: Partial<Standing> = {}): Standing => ({
  entitlement: 0n,
  sealed: 0n,
  rejected: 0n,
  settledOutside: 0n,
  netted: 0n,
  ...changes,
});
const anyStanding = fc.record({
  entitlement: pence,
  sealed: pence,
  rejected: pence,
  settledOutside: fc.constantFrom(0n, 500n),
  netted: fc.constantFrom(0n, 300n),
});

describe('the ledger', () => {
  it.each([
    ['nothing sealed yet', { entitlement: 100n }, 100n],
    ['sealed, not answered: counts as paid', { entitlement: 100n, sealed: 100n }, 0n],
    ['sealed and finally rejected', { entitlement: 100n, sealed: 100n, rejected: 100n }, 100n],
    ['paid, then less was owed: a recovery', { entitlement: 60n, sealed: 100n }, -40n],
    ['paid, then more was owed', { entitlement: 130n, sealed: 100n }, 30n],
    ['taken by a recovery in part', { entitlement: 130n, sealed: 100n, netted: 30n }, 0n],
    ['settled outside', { entitlement: 130n, sealed: 100n, settledOutside: 30n }, 0n],
  ])('owes: %s', (_, standing, expected) => {
    expect(owed(aStanding(standing))).toBe(expected);
  });

  it.each([
    ['what was signed is owed', 100n, { entitlement: 100n }, 100n, { include: 100n }],
    ['more is owed now', 100n, { entitlement: 120n }, 120n, { code: 'AMOUNT_MOVED', owed: 120n }],
    ['less is owed now', 100n, { entitlement: 80n }, 80n, { code: 'AMOUNT_MOVED', owed: 80n }],
    [
      'it stands in a file already',
      100n,
      { entitlement: 100n, sealed: 100n },
      0n,
      { code: 'NOTHING_OWED', owed: 0n },
    ],
    [
      'its achievement was paid too much elsewhere',
      100n,
      { entitlement: 100n },
      70n,
      { code: 'AMOUNT_MOVED', owed: 70n },
    ],
    [
      'another line of its achievement took everything',
      100n,
      { entitlement: 100n },
      0n,
      { code: 'NOTHING_OWED', owed: 0n },
    ],
    ['a recovery', -40n, { entitlement: -40n }, 0n, { recover: 40n }],
    [
      'a recovery of another amount than was signed',
      -40n,
      { entitlement: -60n },
      0n,
      { code: 'NOTHING_OWED', owed: -60n },
    ],
    ['a recovery that is a debt already', -40n, { entitlement: -40n, netted: -40n }, 0n, { settled: true }],
    [
      'the next attempt of a line that recoveries took a part of',
      100n,
      { entitlement: 100n, sealed: 70n, rejected: 70n, netted: 30n },
      70n,
      { include: 70n },
    ],
    [
      'signed anew for less than recoveries took: the rest is to be recovered',
      20n,
      { entitlement: 20n, netted: 30n },
      -10n,
      { recover: 10n },
    ],
  ] as const)('decides: %s', (_, signed, own, left, decision) => {
    expect(decideLine(signed, aStanding(own), left)).toEqual(decision);
  });

  it('never pays another amount than was signed, nor anything that is not owed', () => {
    fc.assert(
      fc.property(pence, anyStanding, anyStanding, (signed, own, whole) => {
        const decision = decideLine(signed, own, owed(whole));
        if ('include' in decision) {
          expect(decision.include).toBe(signed - own.netted);
          expect(decision.include <= owed(own) && decision.include <= owed(whole)).toBe(true);
          expect(decision.include > 0n).toBe(true);
        } else if ('code' in decision)
          expect(decision.code).toBe(decision.owed <= own.netted ? 'NOTHING_OWED' : 'AMOUNT_MOVED');
        else if ('recover' in decision) expect(owed(own)).toBe(-decision.recover);
        else expect(owed(own)).toBe(0n);
      }),
    );
  });
});
