import { AmendmentRefusedError } from './amendment.errors.js';

/** A quality service as an amendment is checked against it. Dates `[startOn, endOn)`. */
export interface AmendableService {
  readonly startOn: string;
  readonly endOn: string | null;
  readonly providerKind: 'practice' | 'pcn';
  /** As written in the field: `2025/26`. */
  readonly oldestOpenFinancialYear: string;
}

export interface AmendablePractice {
  readonly kind: string;
  readonly commissionerCode: string | null;
}

export interface Participation {
  readonly status: 'offered' | 'accepted' | 'refused' | 'ended';
  /** `[fromOn, toOn)` */
  readonly fromOn: string;
  readonly toOn: string | null;
}

/**
 * Whether values at this date may still be amended.
 * @throws AmendmentRefusedError DATE_OUTSIDE_SERVICE, YEAR_CLOSED
 */
export function checkDate(service: AmendableService, date: string): void {
  if (date < service.startOn || (service.endOn !== null && date >= service.endOn))
    throw new AmendmentRefusedError('DATE_OUTSIDE_SERVICE');
  const { oldestOpenFinancialYear } = service;
  if (date < `${oldestOpenFinancialYear.slice(0, 4)}-04-01`)
    throw new AmendmentRefusedError('YEAR_CLOSED', { oldestOpenFinancialYear });
}

/**
 * Whether this organisation's values count for the service at this date. Who takes part in a service of networks is
 * the network: whether it does is aggregation's to know.
 * @throws AmendmentRefusedError PRACTICE_UNKNOWN, ORGANISATION_NOT_A_PRACTICE, NOT_PARTICIPATING
 */
export function checkPractice(
  service: AmendableService,
  practice: AmendablePractice | undefined,
  participation: Participation | undefined,
  date: string,
): void {
  if (!practice) throw new AmendmentRefusedError('PRACTICE_UNKNOWN');
  if (practice.kind !== 'practice') throw new AmendmentRefusedError('ORGANISATION_NOT_A_PRACTICE');
  if (service.providerKind === 'practice' && !takesPart(participation, date))
    throw new AmendmentRefusedError('NOT_PARTICIPATING');
}

/** Accepted and covering the date; one that was ended counts up to its end. */
function takesPart(participation: Participation | undefined, date: string): boolean {
  if (!participation || participation.fromOn > date) return false;
  const { status, toOn } = participation;
  return (
    (status === 'accepted' && toOn === null) ||
    (['accepted', 'ended'].includes(status) && toOn !== null && date < toOn)
  );
}
