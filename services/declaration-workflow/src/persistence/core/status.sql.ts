import type { DeclarationStatus } from '@attest/contracts';
import { ENDED } from '../../domain/core/declaration.js';
import { statusesBefore } from '../../domain/core/declaration.transitions.js';

const within = (alias: string, statuses: readonly string[]): string =>
  `${alias}.status IN (${statuses.map((status) => `'${status}'`).join(', ')})`;

// Indexes are about columns that follow from the status, not about the status itself: a row whose status alone changes
// is then written within its page and touches no index.

/** What of `alias` is on its way to a payment; partial indexes keep it apart from what was paid. */
export const isOpen = (alias: string): string => `${alias}.is_open`;

/** What of `alias` is declared late and not confirmed. */
export const isInLateQueue = (alias: string): string => `${alias}.in_late_queue`;

/** What of `alias` nothing more happens to. */
export const isEnded = (alias: string): string => within(alias, ENDED);

/** An adjustment that the rules call open (`isOpenAdjustment`). */
export const isOpenAdjustment = (alias: string): string => `${alias}.is_open_adjustment`;

/** What of `alias` may have been signed and can be taken back (`revert`), or has one of these statuses. */
export const isRevertable = (alias: string, ...or: readonly DeclarationStatus[]): string =>
  within(alias, [...or, ...statusesBefore('revert')]);
