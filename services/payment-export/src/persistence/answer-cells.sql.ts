/**
 * The cells of an answer as it was stated or repaired, by their names in code.
 * @param row an alias of quarantined_answer or quarantine_step
 */
export const answerCells = (row: string): string => `
  jsonb_build_object('fileName', ${row}.named_file, 'lineNumber', ${row}.named_line, 'declarationId', ${row}.declaration_id,
    'attempt', ${row}.attempt, 'pence', ${row}.pence::text, 'outcome', ${row}.outcome, 'reasonCode', ${row}.reason_code,
    'reason', ${row}.answer_reason, 'returnedOn', ${row}.returned_on)`;
