import { PARKED, PCN, PRACTICE, type OrganisationIndex } from './reference.js';
import type { RowFault } from './row-faults.js';

/** Why values of this organisation do not count at this date; undefined when they do. */
export function practiceFault(
  organisations: OrganisationIndex,
  place: number,
  date: number,
): RowFault | undefined {
  if (place < 0) return 'PRACTICE_UNKNOWN';
  const kind = organisations.kinds[place];
  if (kind === PARKED) return 'UPSTREAM_EVENT_PARKED';
  if (kind !== PRACTICE) return kind === PCN ? 'PCN_ROW_NOT_TAKEN' : 'ORGANISATION_NOT_A_PRACTICE';
  // closeOn is the day after the last one, so a practice closed on it has no achievement at that date.
  if (organisations.closeOn[place]! <= date) return 'PRACTICE_CLOSED';
  if (organisations.openOn[place]! > date) return 'PRACTICE_NOT_OPEN';
  return undefined;
}
