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
      'The service has no such achievement date, or is not known here yet. Send one of the dates in its calendar.',
      { serviceCode, achievementDate },
    );
  }
}

export class RecalculationUnknownError extends AttestError {
  constructor(recalculationId: string) {
    super('RECALCULATION_UNKNOWN', 404, 'There is no such recalculation. Send the id that POST recalculations answered.', {
      recalculationId,
    });
  }
}
