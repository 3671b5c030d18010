// What scenes come to, for specs: nothing happened, but for what each says.
import type { Played } from '../src/played.js';
import type { Acknowledged } from '../src/scenes/acknowledged.js';
import type { Adjusted } from '../src/scenes/adjustments.js';
import type { Approved } from '../src/scenes/approvals.js';
import type { Extracted } from '../src/scenes/extracts.js';
import type { MovedAfterPayment } from '../src/scenes/moved-after-payment.js';

export const played = <Result>(result: Result): Played<Result> => ({
  title: 'A scene',
  seconds: 1,
  memoryMb: 1,
  result,
});

export const extracted = (changes: Partial<Extracted> = {}): Extracted => ({
  files: 1,
  pages: 1,
  rejectedRows: 0,
  declarations: 1,
  pence: '0',
  intakeSeconds: 1,
  fileSetToDeclarableSeconds: 1,
  ...changes,
});

export const acknowledged = (changes: Partial<Acknowledged> = {}): Acknowledged => ({
  acknowledged: 1,
  rejected: 0,
  rejectedProviders: [],
  names: {},
  reinstructed: 0,
  paid: 0,
  pence: '0',
  answeredSeconds: 0,
  paidSeconds: 0,
  ...changes,
});

export const adjusted = (changes: Partial<Adjusted> = {}): Adjusted => ({
  adjustments: 1,
  paymentPeriod: '2026-08',
  owedMorePence: '0',
  owedBackPence: '0',
  paidPence: '0',
  recoveredPence: '0',
  openDebtPence: '0',
  lines: 0,
  pence: '0',
  ...changes,
});

export const movedAfterPayment = (changes: Partial<MovedAfterPayment> = {}): MovedAfterPayment => ({
  practice: 'X1',
  from: 'U1',
  to: 'U2',
  names: {},
  adjustments: 1,
  pence: '0',
  owedMorePence: '0',
  owedBackPence: '0',
  ...changes,
});

export const approved = (changes: Partial<Approved> = {}): Approved => ({
  commissioner: { applied: 1, bulks: 1 },
  finance: { applied: 0, bulks: 0 },
  financiallyApproved: 0,
  settledNil: 1,
  pence: '0',
  ...changes,
});
