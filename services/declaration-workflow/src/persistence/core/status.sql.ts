import { OPEN } from '../../domain/core/declaration.js';
import { LATE_QUEUE } from '../../domain/periods/late.js';

const within = (alias: string, statuses: readonly string[]): string =>
  `${alias}.status IN (${statuses.map((status) => `'${status}'`).join(', ')})`;

/** What of `alias` is on its way to a payment; partial indexes keep it apart from what was paid. */
export const isOpen = (alias: string): string => within(alias, OPEN);

/** What of `alias` is declared late and not confirmed, as the late queue's index says it. */
export const isInLateQueue = (alias: string): string => `${alias}.late AND ${within(alias, LATE_QUEUE)}`;
