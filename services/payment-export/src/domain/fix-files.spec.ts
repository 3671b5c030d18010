import fc from 'fast-check';
import { describe, expect, it } from '@jest/globals';
import { fixFiles, type Payable } from './fix-files.js';
import { owed, type Standing } from './ledger.js';

const RUN = { runId: '01900000-0000-7000-8000-0000000000ff', paymentPeriod: '2026-07', sequence: 1 };
const id = (n: number): string => `01900000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const nothing: Standing = { entitlement: 0n, sealed: 0n, rejected: 0n, settledOutside: 0n, netted: 0n };

const aPayable = (n: number, changes: Partial<Payable> = {}): Payable => ({
  declarationId: id(n),
  declarationVersion: 1n,
  attempt: 1,
  agencyCode: 'XPAY',
  providerCode: 'X00001',
  payeeCode: 'X00001',
  accountReference: 'ATTEST-X00001',
  serviceCode: 'XVI2223',
  achievementDate: '2026-06-30',
  payOn: '2026-08-20',
  signedPence: 100n,
  frozen: false,
  parked: false,
  recoveredBefore: false,
  own: { ...nothing, entitlement: 100n },
  whole: { ...nothing, entitlement: 100n },
  ...changes,
});

describe('fixing files', () => {
  it('numbers lines in the order given and sums them in the manifest', () => {
    const { files } = fixFiles(RUN, [
      aPayable(1, { providerCode: 'X00001' }),
      aPayable(2, { providerCode: 'X00002', payOn: '2026-08-25' }),
    ]);
    expect(files).toHaveLength(1);
    expect(files[0]!.lines.map((line) => [line.lineNumber, line.providerCode])).toEqual([
      [1, 'X00001'],
      [2, 'X00002'],
    ]);
    expect(files[0]!.manifest).toMatchObject({ lines: 2, totalPence: '200', payOn: '2026-08-25' });
  });

  it('pays one achievement once, though two of its declarations were signed for the same money', () => {
    const both = [aPayable(1), aPayable(2, { own: { ...nothing, entitlement: 100n } })];
    const { files, notIncluded } = fixFiles(RUN, both);
    expect(files[0]!.lines.map((line) => line.declarationId)).toEqual([id(1)]);
    expect(notIncluded).toEqual([{ declarationId: id(2), code: 'NOTHING_OWED', owedPence: 0n }]);
  });

  it('leaves out what depends on an event that could not be read, and does not call it frozen', () => {
    const { files, notIncluded } = fixFiles(RUN, [aPayable(1, { parked: true, frozen: true })]);
    expect(files).toEqual([]);
    expect(notIncluded).toEqual([{ declarationId: id(1), code: 'UPSTREAM_EVENT_PARKED', owedPence: null }]);
  });

  it('leaves out what is frozen and lets nobody else have its money for it', () => {
    const { files, notIncluded } = fixFiles(RUN, [
      aPayable(1, { frozen: true }),
      aPayable(2, { serviceCode: 'XOTHER' }),
    ]);
    expect(files[0]!.lines.map((line) => line.declarationId)).toEqual([id(2)]);
    expect(notIncluded).toEqual([{ declarationId: id(1), code: 'PERIOD_FROZEN', owedPence: null }]);
  });

  it('pays the next attempt of a line and the adjustment of its achievement beside it', () => {
    const whole = { ...nothing, entitlement: 150n, sealed: 100n, rejected: 100n };
    const { files } = fixFiles(RUN, [
      aPayable(1, {
        attempt: 2,
        own: { ...nothing, entitlement: 100n, sealed: 100n, rejected: 100n },
        whole,
      }),
      aPayable(2, { signedPence: 50n, own: { ...nothing, entitlement: 50n }, whole }),
    ]);
    expect(files[0]!.lines.map((line) => line.pence)).toEqual([100n, 50n]);
  });

  it('makes no file of nothing', () => {
    expect(fixFiles(RUN, [])).toEqual({
      files: [],
      notIncluded: [],
      netted: [],
      debts: [],
      nettings: [],
    });
    expect(fixFiles(RUN, [aPayable(1, { own: nothing, whole: nothing })]).files).toEqual([]);
  });
});

type Step =
  | { do: 'approve'; declaration: number; pence: bigint }
  | { do: 'lapse' | 'reject' | 'accept'; declaration: number }
  | { do: 'release' };

const steps = fc.array(
  fc.oneof(
    fc.record({
      do: fc.constant('approve' as const),
      declaration: fc.nat(2),
      pence: fc.bigInt(1n, 1_000n),
    }),
    fc.record({
      do: fc.constantFrom('lapse' as const, 'reject' as const, 'accept' as const),
      declaration: fc.nat(2),
    }),
    fc.record({ do: fc.constant('release' as const) }),
    fc.record({ do: fc.constant('release' as const) }),
  ),
  { maxLength: 60 },
);

/** One achievement with three declarations, as the ledger keeps it. */
class Achievement {
  readonly entitlement = [0n, 0n, 0n];
  readonly signed = [0n, 0n, 0n];
  readonly version = [0n, 0n, 0n];
  readonly attempt = [1, 1, 1];
  readonly open = [0n, 0n, 0n];
  readonly sealed = [0n, 0n, 0n];
  readonly rejected = [0n, 0n, 0n];
  readonly paid = [0n, 0n, 0n];
  readonly identities = new Set<string>();
  sequence = 0;

  standing = (n: number): Standing => ({
    entitlement: this.entitlement[n]!,
    sealed: this.sealed[n]!,
    rejected: this.rejected[n]!,
    settledOutside: 0n,
    netted: 0n,
  });
  whole = (): Standing =>
    [0, 1, 2]
      .map((n) => this.standing(n))
      .reduce((sum, one) => ({
        entitlement: sum.entitlement + one.entitlement,
        sealed: sum.sealed + one.sealed,
        rejected: sum.rejected + one.rejected,
        settledOutside: 0n,
        netted: 0n,
      }));

  take(step: Step): void {
    if (step.do === 'release') return this.release();
    const n = step.declaration;
    if (step.do === 'approve') {
      this.version[n]!++;
      this.entitlement[n] = this.signed[n] = step.pence;
    } else if (step.do === 'lapse') this.entitlement[n] = 0n;
    else if (this.open[n]! > 0n) {
      if (step.do === 'reject') {
        this.rejected[n]! += this.open[n]!;
        this.attempt[n]!++;
      } else this.paid[n]! += this.open[n]!;
      this.open[n] = 0n;
    }
  }

  private release(): void {
    this.sequence++;
    const asked = [0, 1, 2].filter((n) => this.signed[n]! > 0n);
    const before = owed(this.whole());
    const { files } = fixFiles(
      { ...RUN, sequence: this.sequence },
      asked.map((n) =>
        aPayable(n, {
          declarationVersion: this.version[n]!,
          attempt: this.attempt[n]!,
          signedPence: this.signed[n]!,
          own: this.standing(n),
          whole: this.whole(),
        }),
      ),
    );
    let released = 0n;
    for (const line of files.flatMap((file) => file.lines)) {
      const n = Number(line.declarationId.slice(-12));
      const identity = `${line.declarationId}|${line.declarationVersion}|${line.attempt}`;
      expect(this.identities.has(identity)).toBe(false);
      this.identities.add(identity);
      this.sealed[n]! += line.pence;
      this.open[n]! += line.pence;
      released += line.pence;
    }
    expect(released <= (before > 0n ? before : 0n)).toBe(true);
  }
}

describe('an achievement, whatever is approved, lapsed, released, rejected and acknowledged', () => {
  it('is never paid more than it was entitled to, and no identity twice', () => {
    fc.assert(
      fc.property(steps, (taken) => {
        const achievement = new Achievement();
        let most = 0n;
        for (const step of taken) {
          achievement.take(step);
          const entitled = achievement.whole().entitlement;
          if (entitled > most) most = entitled;
          const { sealed, rejected } = achievement.whole();
          const sum = (of: readonly bigint[]) => of.reduce((a, b) => a + b, 0n);
          // Conservation: what is in files and not rejected is paid or waits for its answer.
          expect(sealed - rejected).toBe(sum(achievement.paid) + sum(achievement.open));
          expect(sealed - rejected <= most).toBe(true);
        }
      }),
      { numRuns: 500 },
    );
  });
});
