import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { decideLine, owed } from './ledger.js';

const pence = fc.bigInt(0n, 10_000_000n);

describe('the ledger', () => {
  it.each([
    ['nothing sealed yet', { entitlement: 100n, sealed: 0n, rejected: 0n }, 100n],
    ['sealed, not answered: counts as paid', { entitlement: 100n, sealed: 100n, rejected: 0n }, 0n],
    ['sealed and finally rejected', { entitlement: 100n, sealed: 100n, rejected: 100n }, 100n],
    ['paid, then less was owed: a recovery', { entitlement: 60n, sealed: 100n, rejected: 0n }, -40n],
    ['paid, then more was owed', { entitlement: 130n, sealed: 100n, rejected: 0n }, 30n],
  ])('owes: %s', (_, standing, expected) => {
    expect(owed(standing)).toBe(expected);
  });

  it('never pays another amount than was signed, nor anything that is not owed', () => {
    fc.assert(
      fc.property(pence, pence, pence, pence, (signed, entitlement, sealed, rejected) => {
        const decision = decideLine(signed, { entitlement, sealed, rejected });
        if ('include' in decision) {
          expect(decision.include).toBe(signed);
          expect(decision.include).toBe(entitlement - (sealed - rejected));
          expect(decision.include > 0n).toBe(true);
        } else expect(decision.code).toBe(decision.owed <= 0n ? 'NOTHING_OWED' : 'AMOUNT_MOVED');
      }),
    );
  });

  it('pays an entitlement once, however often it is asked for and rejected', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 1_000_000n),
        fc.array(fc.constantFrom('seal', 'reject', 'accept'), { maxLength: 40 }),
        (entitlement, steps) => {
          let [sealed, rejected, open, paid] = [0n, 0n, 0n, 0n];
          for (const step of steps) {
            if (step === 'seal') {
              const decision = decideLine(entitlement, { entitlement, sealed, rejected });
              if ('include' in decision) [sealed, open] = [sealed + decision.include, decision.include];
            } else if (step === 'reject' && open > 0n) [rejected, open] = [rejected + open, 0n];
            else if (step === 'accept' && open > 0n) [paid, open] = [paid + open, 0n];
          }
          expect(paid + open <= entitlement).toBe(true);
          expect(sealed - rejected).toBe(paid + open);
        },
      ),
    );
  });
});
