/**
 * Why a row, or a whole practice's page, was not taken. The codes are stable; the words say what to do next.
 */
export const ROW_FAULTS = {
  ROW_MALFORMED:
    'The row has another number of fields than its header, a value where the header names nothing, or a quote out of place. Correct the row.',
  LAST_SUBMISSION_UNKNOWN: 'LAST_SUBMISSION is neither Y nor N nor empty. Correct it.',
  SERVICE_UNKNOWN: 'No quality service has this code. Correct it, or publish the service first.',
  DATE_MALFORMED: 'The achievement date is no date written yyyymmdd. Correct it.',
  DATE_OUTSIDE_SERVICE: 'The achievement date lies outside the dates of the service. Correct it.',
  DATE_NOT_COLLECTED:
    'The service is not collected at this achievement date: it stands in no calendar entry. Correct it.',
  DATE_AHEAD: 'The achievement date has not come yet. Correct it, or send the row when it has.',
  YEAR_CLOSED:
    'The achievement date lies before the oldest financial year that the service keeps open. Correct it.',
  PRACTICE_UNKNOWN: 'No organisation has this code. Correct it, or register the practice first.',
  PCN_ROW_NOT_TAKEN:
    'This is a PCN. The service takes the values of practices and adds them up itself. Send the practices.',
  ORGANISATION_NOT_A_PRACTICE: 'This organisation is not a practice. Correct the code.',
  PRACTICE_CLOSED: 'The practice had closed by the achievement date. Correct the code or the date.',
  PRACTICE_NOT_OPEN: 'The practice opened after the achievement date. Correct the code or the date.',
  FIELD_UNKNOWN:
    'The service has no such field for this indicator. Correct it, or publish a rule pack that names it.',
  VALUE_MISSING: 'There is no value. Nothing is not nil: send 0 where it is 0.',
  VALUE_NEGATIVE: 'The value is below 0. Correct it.',
  VALUE_TOO_LARGE: 'The value is above 999,999,999. Correct it.',
  VALUE_DECIMAL: 'The value has decimals; this field counts whole people. Correct it.',
  VALUE_NOT_A_NUMBER: 'The value is not a whole number in digits. Correct it.',
  SUBMISSION_TIME_MALFORMED: 'SUBMIT_DATE and SUBMIT_TIME are not dd/mm/yyyy and HH:MM:SS. Correct them.',
  SUBMISSION_AHEAD:
    'SUBMIT_DATE and SUBMIT_TIME lie more than an hour after the file was received. Correct them.',
  VALUE_DUPLICATE:
    'The field was already given for this practice with the same value. Nothing needs to be done.',
  VALUE_CONTRADICTORY:
    'The field was given twice with different values, so neither was taken. Send the right one.',
  UPSTREAM_EVENT_PARKED:
    'What was last said about this service or practice could not be read and waits for repair. Read the file again afterwards.',
  PAGE_INCOMPLETE:
    'Fields that the service requires are missing or were rejected, so nothing of this practice was taken. Send all of its fields again.',
} as const;

export type RowFault = keyof typeof ROW_FAULTS;

/** In a fixed order, so that a code can be kept as a number. */
export const ROW_FAULT_CODES = Object.keys(ROW_FAULTS) as readonly RowFault[];
