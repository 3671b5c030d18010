import type { PaymentFileManifest } from '@attest/contracts';
import { decideLine, owed, type Standing } from './ledger.js';
import { fileNameOf, renderPaymentFile, sha256Of, type SealedLine } from './payment-file.js';

/** A confirmed instruction with what the ledger says of it, read under the lock of its account. */
export interface Payable extends Omit<SealedLine, 'lineNumber' | 'pence'> {
  readonly agencyCode: string;
  readonly payOn: string;
  readonly signedPence: bigint;
  /** Its service and period are frozen. */
  readonly frozen: boolean;
  readonly own: Standing;
  /** Of the achievement, all its declarations together. */
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

/** One file per agency, its lines numbered in the order given: provider, service, date, declaration. */
export function fixFiles(
  run: { runId: string; paymentPeriod: string; sequence: number },
  payables: readonly Payable[],
): { files: FixedFile[]; notIncluded: LeftOut[] } {
  const notIncluded: LeftOut[] = [];
  const left = new Map<string, bigint>();
  const byAgency = new Map<string, { lines: SealedLine[]; payOn: string }>();
  for (const payable of payables) {
    if (payable.frozen) {
      notIncluded.push({ declarationId: payable.declarationId, code: 'PERIOD_FROZEN', owedPence: null });
      continue;
    }
    const achievement = `${payable.providerCode}|${payable.serviceCode}|${payable.achievementDate}`;
    const leftPence = left.get(achievement) ?? owed(payable.whole);
    const decision = decideLine(payable.signedPence, payable.own, leftPence);
    if ('code' in decision) {
      const { declarationId } = payable;
      notIncluded.push({ declarationId, code: decision.code, owedPence: decision.owed });
      continue;
    }
    left.set(achievement, leftPence - decision.include);
    const file = byAgency.get(payable.agencyCode) ?? { lines: [], payOn: payable.payOn };
    byAgency.set(payable.agencyCode, file);
    file.lines.push(lineOf(payable, file.lines.length + 1, decision.include));
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
  return { files, notIncluded };
}

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
