// @ts-nocheck
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSealedFiles } from './evidence.js';
import { figuresEqualTheirSource } from './figures.js';
import { readHistory } from './history.js';
import { nothingIsPaidOverAChange } from './memberships.js';
import { nothingIsStuck, readersAgree, stepsAreInTheTable } from './order.js';
import { silent } from './progress.js';
import {
  appliedApprovalsArriveOnce,
  confirmedOnlyWhenSigned,
  moneyAddsUp,
  nothingIsPaidTwice,
  sealedFilesStand,
} from './payments.js';

/** Checks design's invariants from topics, files and databases; shares nothing with the services but the contracts. */
export async function checkInvariants(stack, progress = silent) {
  const { world, kafka, runDir } = stack;
  const I10 = await nothingIsStuck({ world });
  const history = await readHistory(kafka, progress);
  const files = readSealedFiles(join(runDir, 'files', 'payment-export'));
  const ledger = join(runDir, 'agency', 'ledger.json');
  const evidence = {
    world,
    history,
    files,
    openDebts: await world.rows(
      'payment-export',
      'SELECT provider_code AS provider, agency_code AS agency, sum(open_pence)::text AS pence FROM debt GROUP BY 1, 2',
    ),
    agencyLedger: existsSync(ledger) ? JSON.parse(readFileSync(ledger, 'utf8')) : undefined,
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
