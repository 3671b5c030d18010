import { AttestError } from '@attest/errors';
import type { PlacedFault } from './services/placed-fault.js';

/** At most so many faults are told in words; they are few or the document is another. */
const MOST_TOLD = 8;
const tell = (faults: readonly PlacedFault[]): string =>
  faults
    .slice(0, MOST_TOLD)
    .map((fault) => `${fault.at} ${fault.detail}`)
    .join('; ') + (faults.length > MOST_TOLD ? '; and more' : '');

export class ServiceDatesFaultyError extends AttestError {
  constructor(faults: readonly PlacedFault[]) {
    super(
      'SERVICE_DATES_FAULTY',
      422,
      `The service's dates do not fit together: ${tell(faults)}. Nothing was published. Correct them and send it again.`,
      { faults: faults.length, first: faults[0]!.at },
    );
  }
}

export class CalendarFaultyError extends AttestError {
  constructor(faults: readonly PlacedFault[]) {
    super(
      'CALENDAR_FAULTY',
      422,
      `The payment calendar does not fit together: ${tell(faults)}. Nothing was published. Correct it and send it again.`,
      { faults: faults.length, first: faults[0]!.at },
    );
  }
}

export class CalendarEntryDroppedError extends AttestError {
  constructor(serviceCode: string, dropped: readonly string[]) {
    const named = dropped.slice(0, MOST_TOLD).join(', ') + (dropped.length > MOST_TOLD ? ' and more' : '');
    super(
      'CALENDAR_ENTRY_DROPPED',
      409,
      `The calendar of ${serviceCode} lacks entries that were published, and on which declarations and payments rest: ${named}. Nothing was published. Put them back; their dates may be moved. Only entries before the oldest open financial year may be left out, and those ahead of which no figures are made yet.`,
      { serviceCode, dropped: dropped.length, first: dropped[0]! },
    );
  }
}

export class RulePackFaultyError extends AttestError {
  constructor(faults: readonly PlacedFault[]) {
    super(
      'RULE_PACK_FAULTY',
      422,
      `The rule pack cannot be calculated: ${tell(faults)}. Nothing was published. Correct it and send it again.`,
      { faults: faults.length, first: faults[0]!.at },
    );
  }
}

export class PolicyFaultyError extends AttestError {
  constructor(faults: readonly PlacedFault[]) {
    super(
      'POLICY_FAULTY',
      422,
      `The policy leaves an amount without its signatures: ${tell(faults)}. Nothing was published. Correct the route and send it again.`,
      { faults: faults.length, first: faults[0]!.at },
    );
  }
}

export class ExampleFailedError extends AttestError {
  constructor(faults: readonly PlacedFault[]) {
    super(
      'EXAMPLE_FAILED',
      422,
      `A worked example does not come out as printed: ${tell(faults)}. Nothing was published. Correct the rules or the example.`,
      { faults: faults.length, first: faults[0]!.at },
    );
  }
}

export class RulePackVersionStaleError extends AttestError {
  constructor(serviceCode: string, version: number, published: number) {
    super(
      'RULE_PACK_VERSION_STALE',
      409,
      `The rule pack of ${serviceCode} differs from the published one and says version ${version}, but version ${published} is published. Give it a higher version.`,
      { serviceCode, version, published },
    );
  }
}

export class RulePackFieldsMovedError extends AttestError {
  constructor(serviceCode: string, place: number) {
    super(
      'RULE_PACK_FIELDS_MOVED',
      409,
      `Field ${place} of ${serviceCode} is not where it was published. Pages keep values in the order of the fields, so fields may be added at the end and never moved. Restore the order.`,
      { serviceCode, place },
    );
  }
}

export class ProviderKindFixedError extends AttestError {
  constructor(serviceCode: string, published: string) {
    super(
      'PROVIDER_KIND_FIXED',
      409,
      `${serviceCode} was published for the provider kind ${published} and keeps it. Publish another service under another code.`,
      { serviceCode, published },
    );
  }
}

export class ParticipationsOutsideError extends AttestError {
  constructor(serviceCode: string, outside: number) {
    super(
      'PARTICIPATIONS_OUTSIDE',
      409,
      `${outside} participations in ${serviceCode} would lie outside its new dates. End them first, or keep the dates.`,
      { serviceCode, outside },
    );
  }
}

export class ServiceUnknownError extends AttestError {
  constructor(serviceCode: string) {
    super(
      'SERVICE_UNKNOWN',
      404,
      `${serviceCode} is no quality service that was published. Check the code.`,
      { serviceCode },
    );
  }
}

export class AgencyUnknownError extends AttestError {
  constructor(agencyCode: string) {
    super(
      'AGENCY_UNKNOWN',
      422,
      `${agencyCode} is no payment agency that was published. Publish it first, or name another.`,
      {
        agencyCode,
      },
    );
  }
}

export class OfferDatesOutsideError extends AttestError {
  constructor(serviceCode: string, startOn: string, endOn: string | null) {
    super(
      'OFFER_DATES_OUTSIDE',
      422,
      `${serviceCode} runs from ${startOn} to ${endOn ?? 'no end'}, and a participation lies inside and ends after it begins. Correct the dates.`,
      { serviceCode, startOn, endOn },
    );
  }
}

export class RespondByPastError extends AttestError {
  constructor(respondBy: string, today: string) {
    super(
      'RESPOND_BY_PAST',
      422,
      `Nobody could answer by ${respondBy}: today is ${today}. Choose a date from today on.`,
      { respondBy, today },
    );
  }
}

export class ClockNotMovableError extends AttestError {
  constructor() {
    super(
      'CLOCK_NOT_MOVABLE',
      403,
      'The business clock runs with real time here. It can be moved only where BUSINESS_CLOCK_MOVABLE is true, and never in production.',
    );
  }
}
