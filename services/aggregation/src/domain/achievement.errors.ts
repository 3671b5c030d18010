import { AttestError } from '@attest/errors';

export class AchievementUnknownError extends AttestError {
  constructor(serviceCode: string, achievementDate: string, organisationCode: string) {
    super(
      'ACHIEVEMENT_UNKNOWN',
      404,
      'There is no achievement for this organisation, service and date. Nothing it could be made from has arrived; see the completeness of the period.',
      { serviceCode, achievementDate, organisationCode },
    );
  }
}

export class PeriodUnknownError extends AttestError {
  constructor(serviceCode: string, achievementDate: string) {
    super(
      'PERIOD_UNKNOWN',
      404,
      'The service has no such achievement date, or is not known here yet. Send one of the dates in its calendar; where it was published just now, send this again in a minute.',
      { serviceCode, achievementDate },
    );
  }

  override get passesByItself(): boolean {
    return true;
  }
}

export class RecalculationUnknownError extends AttestError {
  constructor(recalculationId: string) {
    super(
      'RECALCULATION_UNKNOWN',
      404,
      'There is no such recalculation. Send the id that POST recalculations answered.',
      {
        recalculationId,
      },
    );
  }
}

/**
 * Two transactions began the same achievement. Its code is PostgreSQL's for a serialisation failure, so that whoever
 * retries those retries this too: the second time the row is there and locked.
 */
export class ConcurrentlyBegunError extends Error {
  readonly code = '40001';
  constructor() {
    super('another transaction began the same achievement');
    this.name = 'ConcurrentlyBegunError';
  }
}
