import { isCurrent, isHeld, type Declaration } from './declaration.js';
import type { RefusalCode } from './refusals.js';

/**
 * Why no forward step may be taken now, whatever the step (design §5): a hold, a figure that is not current, or
 * something upstream that could not be read. Null when nothing stands in the way.
 */
export function obstacleTo(
  d: Declaration,
  parked: boolean,
  awaitingCode: RefusalCode = 'AWAITING_AGGREGATION',
): RefusalCode | null {
  if (parked || d.blocked !== null) return 'UPSTREAM_EVENT_PARKED';
  if (isHeld(d)) return 'ON_HOLD';
  return isCurrent(d) ? null : awaitingCode;
}
