/** Header of the CQRS extract layout (CQRS feed to NHS England statistics; NHSDigital/ncdes). */
export const CQRS_EXTRACT_COLUMNS = [
  'QUALITY_SERVICE',
  'NAME',
  'ORG_CODE',
  'ACH_DATE',
  'IND_CODE',
  'FIELD_NAME',
  'VALUE',
  'DEFAULT_VALUES_USED',
  'SUBMIT_USER_ID',
  'SUBMIT_DATE',
  'SUBMIT_TIME',
  'LAST_SUBMISSION',
] as const;

/** Header of the published long QOF layout (NHS England `ACHIEVEMENT_*.csv`). Service and date come with the upload. */
export const QOF_LONG_COLUMNS = ['PRACTICE_CODE', 'INDICATOR_CODE', 'MEASURE', 'VALUE'] as const;
/** Beside them since 2022/23, when one national file became one for each region. */
export const QOF_LONG_PASSED_OVER = ['REGION_ODS_CODE', 'REGION_ONS_CODE', 'REGION_NAME'] as const;
