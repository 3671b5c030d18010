import type { DeclarationStatus } from '@attest/contracts';
import { ENDED, OPEN, SEALED } from '../../domain/core/declaration.js';
import { statusesBefore } from '../../domain/core/declaration.transitions.js';
import { LATE_QUEUE } from '../../domain/periods/late.js';

const within = (alias: string, statuses: readonly string[]): string =>
  `${alias}.status IN (${statuses.map((status) => `'${status}'`).join(', ')})`;

/** What of `alias` is on its way to a payment; partial indexes keep it apart from what was paid. */
export const isOpen = (alias: string): string => within(alias, OPEN);

/** What of `alias` is declared late and not confirmed, as the late queue's index says it. */
export const isInLateQueue = (alias: string): string => `${alias}.late AND ${within(alias, LATE_QUEUE)}`;

/** What of `alias` nothing more happens to. */
export const isEnded = (alias: string): string => within(alias, ENDED);

/** An adjustment that the rules call open (`isOpenAdjustment`). */
export const isOpenAdjustment = (alias: string): string =>
  `${alias}.kind = 'adjustment' AND NOT ${within(alias, [...SEALED, ...ENDED, 'SETTLED_NIL'])}`;

/** What of `alias` may have been signed and can be taken back (`revert`), or has one of these statuses. */
export const isRevertable = (alias: string, ...or: readonly DeclarationStatus[]): string =>
  within(alias, [...or, ...statusesBefore('revert')]);
