import type { PaymentFileManifest } from '@attest/contracts';
import { decideLine, type Standing } from './ledger.js';
import { fileNameOf, renderPaymentFile, sha256Of, type SealedLine } from './payment-file.js';

export interface Payable extends Standing {
  readonly declarationId: string;
  readonly declarationVersion: bigint;
  readonly attempt: number;
  readonly agencyCode: string;
  readonly providerCode: string;
  readonly payeeCode: string;
  readonly accountReference: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly payOn: string;
  readonly signedPence: bigint;
}

/** One file per agency, its lines numbered in the order given: provider, service, date, declaration. */
export function fixFiles(
  run: { runId: string; paymentPeriod: string; sequence: number },
  payables: readonly Payable[],
): {
  files: { manifest: PaymentFileManifest; lines: SealedLine[] }[];
  notIncluded: { declarationId: string; code: string; owedPence: bigint }[];
} {
  const notIncluded: { declarationId: string; code: string; owedPence: bigint }[] = [];
  const byAgency = new Map<string, { lines: SealedLine[]; payOn: string }>();
  for (const payable of payables) {
    const decision = decideLine(payable.signedPence, payable);
    if ('code' in decision) {
      notIncluded.push({
        declarationId: payable.declarationId,
        code: decision.code,
        owedPence: decision.owed,
      });
      continue;
    }
    const file = byAgency.get(payable.agencyCode) ?? { lines: [], payOn: payable.payOn };
    byAgency.set(payable.agencyCode, file);
    file.lines.push({
      lineNumber: file.lines.length + 1,
      declarationId: payable.declarationId,
      declarationVersion: payable.declarationVersion,
      attempt: payable.attempt,
      providerCode: payable.providerCode,
      payeeCode: payable.payeeCode,
      accountReference: payable.accountReference,
      serviceCode: payable.serviceCode,
      achievementDate: payable.achievementDate,
      pence: decision.include,
    });
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
