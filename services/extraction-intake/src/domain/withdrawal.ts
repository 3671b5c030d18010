import { AttestError } from '@attest/errors';

export const WITHDRAWAL_STATES = ['awaiting-confirmation', 'withdrawn', 'dropped'] as const;
export type WithdrawalState = (typeof WITHDRAWAL_STATES)[number];

/** What becomes of a page when its file is withdrawn. */
export const BECOMES = ['earlier-values', 'same-values', 'amendment', 'nothing'] as const;
export type Becomes = (typeof BECOMES)[number];

/** How many pages one person may change by withdrawing a file. */
export interface AloneMost {
  readonly sharePercent: number;
  readonly pages: number;
}

/** Of one service and date. */
export interface PeriodEffect {
  readonly standing: number;
  readonly changed: number;
}

/** Above the share, and not for a handful of pages, a second person looks at it. */
export const needsTwo = (periods: readonly PeriodEffect[], most: AloneMost): boolean =>
  periods.some(
    ({ standing, changed }) => changed >= most.pages && changed * 100 > standing * most.sharePercent,
  );

const REFUSALS = {
  FILE_WITHDRAWN: [409, 'This file is withdrawn already. Send it again where its values are right.'],
  WITHDRAWAL_AWAITS_CONFIRMATION: [
    409,
    'Somebody asked for this already. Another person confirms it, or it is dropped.',
  ],
  WITHDRAWAL_UNKNOWN: [404, 'Nobody asked to withdraw this file, or it was decided. Ask for it first.'],
  SAME_PERSON: [409, 'Who asked for it may not confirm it. Another person does.'],
} as const;

export class WithdrawalRefusedError extends AttestError {
  constructor(code: keyof typeof REFUSALS, fileId: string) {
    super(code, REFUSALS[code][0], REFUSALS[code][1], { fileId });
  }
}
