import { isCurrent, isHeld, type Declaration } from './declaration.js';
import type { RefusalCode } from './refusals.js';

/** What of the world outside one declaration may stand in its way. */
export interface Surroundings {
  /** Something upstream that it depends on could not be read. */
  readonly parked: boolean;
  /** Its service and period are frozen. */
  readonly frozen: boolean;
}

/**
 * Why no forward step may be taken now, whatever the step (design §5): a freeze, a hold, a figure that is not current,
 * or something upstream that could not be read. Null when nothing stands in the way.
 */
export function obstacleTo(
  d: Declaration,
  { parked, frozen }: Surroundings,
  awaitingCode: RefusalCode = 'AWAITING_AGGREGATION',
): RefusalCode | null {
  if (parked || d.blocked !== null) return 'UPSTREAM_EVENT_PARKED';
  // Somebody stopped it on purpose, so that comes before what would pass by itself.
  if (frozen) return 'PERIOD_FROZEN';
  if (isHeld(d)) return 'ON_HOLD';
  return isCurrent(d) ? null : awaitingCode;
}
