import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readOpenDebts, readSealedFiles } from './evidence.js';
import { figuresEqualTheirSource } from './figures.js';
import type { CheckedMonth, Evidence } from './month.js';
import { readHistory } from './read-history.js';
import { nothingIsPaidOverAChange } from './memberships.js';
import { nothingIsStuck, readersAgree, stepsAreInTheTable } from './order.js';
import { silent, type Progress } from './progress.js';
import type { Verdict } from './verdict.js';
import {
  appliedApprovalsArriveOnce,
  confirmedOnlyWhenSigned,
  moneyAddsUp,
  nothingIsPaidTwice,
  sealedFilesStand,
} from './payments.js';

export type Invariant = 'I1' | 'I2' | 'I3' | 'I4' | 'I5' | 'I6' | 'I7' | 'I8' | 'I9' | 'I10';
export type Invariants = Readonly<Record<Invariant, Verdict>>;

/** Checks design's invariants from topics, files and databases; shares nothing with the services but the contracts. */
export async function checkInvariants(
  { world, kafka, runDir }: CheckedMonth,
  progress: Progress = silent,
): Promise<Invariants> {
  const I10 = await nothingIsStuck({ world });
  const history = await readHistory(kafka, progress);
  const files = readSealedFiles(join(runDir, 'files', 'payment-export'));
  const ledger = join(runDir, 'agency', 'ledger.json');
  const evidence: Evidence = {
    world,
    history,
    files,
    openDebts: await readOpenDebts(world),
    agencyLedger: existsSync(ledger)
      ? (JSON.parse(readFileSync(ledger, 'utf8')) as Evidence['agencyLedger'])
      : undefined,
  };
  return {
    I1: appliedApprovalsArriveOnce(evidence),
    I2: nothingIsPaidTwice(evidence),
    I3: confirmedOnlyWhenSigned(evidence),
    I4: moneyAddsUp(evidence),
    I5: sealedFilesStand(evidence),
    I6: await stepsAreInTheTable(evidence),
    I7: await readersAgree(evidence),
    I8: await figuresEqualTheirSource(evidence),
    I9: await nothingIsPaidOverAChange(evidence),
    I10,
  };
}
