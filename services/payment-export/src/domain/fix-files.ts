import type { PaymentFileManifest } from '@attest/contracts';
import { decideLine, owed, type LineDecision, type Standing } from './ledger.js';
import { DebtNetting, type Netting, type OpenDebt } from './net-debts.js';
import { fileNameOf, renderPaymentFile, sha256Of, type SealedLine } from './payment-file.js';
import type { NotIncludedCode } from './not-included.js';

/** A confirmed instruction with what the ledger says of it, read under the lock of its account. */
export interface Payable extends Omit<SealedLine, 'lineNumber' | 'pence'> {
  readonly agencyCode: string;
  readonly payOn: string;
  readonly signedPence: bigint;
  /** Its service and period are frozen. */
  readonly frozen: boolean;
  /** A freeze or a thaw that may be of it could not be read. */
  readonly parked: boolean;
  /** A recovery of its achievement was taken over or settled outside whose declaration has ended: it was forgotten in a restore. */
  readonly recoveredBefore: boolean;
  readonly own: Standing;
  /** Of the achievement, all its declarations together but for recoveries, which are settled by themselves. */
  readonly whole: Standing;
}

export interface FixedFile {
  readonly manifest: PaymentFileManifest;
  readonly lines: readonly SealedLine[];
}

export interface LeftOut {
  readonly declarationId: string;
  readonly code: string;
  readonly owedPence: bigint | null;
}

/** Settled by the run without a line: recoveries took it, or it is one. */
export interface NettedItem {
  readonly declarationId: string;
  /** Below zero of a recovery. */
  readonly nettedPence: bigint;
  /** Of a recovery: what no line could bear. */
  readonly debtPence: bigint;
}

export interface FixedRun {
  readonly files: FixedFile[];
  readonly notIncluded: LeftOut[];
  readonly netted: NettedItem[];
  /** Recoveries that this run takes over. */
  readonly debts: OpenDebt[];
  /** Debts taken off lines, those of earlier runs too. */
  readonly nettings: readonly Netting[];
}

/** One file per agency, its lines numbered in the order given: provider, service, date, declaration. */
export function fixFiles(
  run: { runId: string; paymentPeriod: string; sequence: number },
  payables: readonly Payable[],
  openDebts: readonly OpenDebt[] = [],
): FixedRun {
  const notIncluded: LeftOut[] = [];
  const netted: NettedItem[] = [];
  const decided = decide(payables);
  // All recoveries before the first line: a run pays nobody who owes it back in the same run.
  const debts = decided
    .flatMap(({ payable, decision }) => ('recover' in decision ? [debtOf(payable, decision.recover)] : []))
    .sort((a, b) => (a.declarationId < b.declarationId ? -1 : 1));
  const netting = new DebtNetting([...openDebts, ...debts]);
  const byAgency = new Map<string, { lines: SealedLine[]; payOn: string }>();
  for (const { payable, decision } of decided) {
    const { declarationId } = payable;
    if ('code' in decision) {
      notIncluded.push({ declarationId, code: decision.code, owedPence: decision.owed });
      continue;
    }
    if ('settled' in decision) netted.push({ declarationId, nettedPence: 0n, debtPence: 0n });
    if (!('include' in decision)) continue;
    const taken = netting.take(payable, decision.include);
    if (taken === decision.include) {
      netted.push({ declarationId, nettedPence: taken, debtPence: 0n });
      continue;
    }
    const file = byAgency.get(payable.agencyCode) ?? { lines: [], payOn: payable.payOn };
    byAgency.set(payable.agencyCode, file);
    file.lines.push(lineOf(payable, file.lines.length + 1, decision.include - taken));
    // Lines of several calendars are paid together on the latest of their days.
    if (payable.payOn > file.payOn) file.payOn = payable.payOn;
  }
  const files = [...byAgency].map(([agencyCode, { lines, payOn }]) => ({
    lines,
    manifest: {
      fileName: fileNameOf(agencyCode, run.paymentPeriod, run.sequence),
      runId: run.runId,
      paymentPeriod: run.paymentPeriod,
      agencyCode,
      lines: lines.length,
      totalPence: String(lines.reduce((sum, line) => sum + line.pence, 0n)),
      sha256: sha256Of(renderPaymentFile(lines)),
      payOn,
    },
  }));
  for (const { declarationId, openPence } of debts)
    netted.push({ declarationId, nettedPence: -openPence, debtPence: netting.openOf(declarationId) });
  return { files, notIncluded, netted, debts, nettings: netting.nettings };
}

interface Decided {
  readonly payable: Payable;
  readonly decision:
    | LineDecision
    | {
        readonly code: Extract<
          NotIncludedCode,
          'PERIOD_FROZEN' | 'UPSTREAM_EVENT_PARKED' | 'RECOVERED_ALREADY'
        >;
        readonly owed: null;
      };
}

function decide(payables: readonly Payable[]): Decided[] {
  const left = new Map<string, bigint>();
  return payables.map((payable) => {
    // Nobody can thaw what could not be read: it is repaired first.
    if (payable.parked) return { payable, decision: { code: 'UPSTREAM_EVENT_PARKED', owed: null } };
    if (payable.frozen) return { payable, decision: { code: 'PERIOD_FROZEN', owed: null } };
    const achievement = `${payable.providerCode}|${payable.serviceCode}|${payable.achievementDate}`;
    const leftPence = left.get(achievement) ?? owed(payable.whole);
    const decision = decideLine(payable.signedPence, payable.own, leftPence);
    if ('recover' in decision && payable.recoveredBefore)
      return { payable, decision: { code: 'RECOVERED_ALREADY', owed: null } };
    left.set(achievement, 'include' in decision ? leftPence - decision.include : leftPence);
    return { payable, decision };
  });
}

const debtOf = (payable: Payable, openPence: bigint): OpenDebt => ({
  declarationId: payable.declarationId,
  declarationVersion: payable.declarationVersion,
  attempt: payable.attempt,
  providerCode: payable.providerCode,
  serviceCode: payable.serviceCode,
  achievementDate: payable.achievementDate,
  agencyCode: payable.agencyCode,
  openPence,
});

const lineOf = (payable: Payable, lineNumber: number, pence: bigint): SealedLine => ({
  lineNumber,
  declarationId: payable.declarationId,
  declarationVersion: payable.declarationVersion,
  attempt: payable.attempt,
  providerCode: payable.providerCode,
  payeeCode: payable.payeeCode,
  accountReference: payable.accountReference,
  serviceCode: payable.serviceCode,
  achievementDate: payable.achievementDate,
  pence,
});
