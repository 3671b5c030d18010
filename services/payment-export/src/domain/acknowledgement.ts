import { ACKNOWLEDGEMENT_OUTCOMES } from '@attest/contracts';

/** One answer of the agency, as it was read. */
export interface Acknowledgement {
  readonly fileName: string;
  readonly lineNumber: number;
  readonly declarationId: string;
  readonly attempt: number;
  readonly pence: bigint;
  readonly outcome: (typeof ACKNOWLEDGEMENT_OUTCOMES)[number];
  readonly reasonCode: string;
  readonly reason: string;
}

export type QuarantineCode =
  | 'LINE_MALFORMED'
  | 'OUTCOME_UNKNOWN'
  | 'REASON_MISSING'
  | 'LINE_UNKNOWN'
  | 'AMOUNT_DIFFERS'
  | 'ANSWERS_CONTRADICT';

export const QUARANTINE_WORDS: Record<QuarantineCode, string> = {
  LINE_MALFORMED: 'A cell is missing or is not of its kind.',
  OUTCOME_UNKNOWN: 'The outcome is neither ACCEPTED nor REJECTED.',
  REASON_MISSING: 'A rejection needs reason_code and reason.',
  LINE_UNKNOWN: 'No sealed line of this agency has this file name, line number, declaration and attempt.',
  AMOUNT_DIFFERS: 'The amount is not that of the sealed line.',
  ANSWERS_CONTRADICT:
    'The line was answered otherwise before. Its first answer stands until somebody looks into it.',
};

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const WHOLE = /^\d{1,9}$/;
const PENCE = /^\d{1,15}$/;

/** Reads the cells of one line, in the documented order. */
export function readAcknowledgement(cells: readonly string[]): Acknowledgement | QuarantineCode {
  const [
    fileName = '',
    lineNumber = '',
    declarationId = '',
    attempt = '',
    pence = '',
    outcome = '',
    reasonCode = '',
    reason = '',
  ] = cells;
  if (
    cells.length !== 8 ||
    fileName === '' ||
    !WHOLE.test(lineNumber) ||
    !UUID.test(declarationId) ||
    !WHOLE.test(attempt) ||
    !PENCE.test(pence)
  ) {
    return 'LINE_MALFORMED';
  }
  if (outcome !== 'ACCEPTED' && outcome !== 'REJECTED') return 'OUTCOME_UNKNOWN';
  if (outcome === 'REJECTED' && (reasonCode.trim() === '' || reason.trim() === '' || reason.length > 1_000))
    return 'REASON_MISSING';
  return {
    fileName,
    lineNumber: Number(lineNumber),
    declarationId,
    attempt: Number(attempt),
    pence: BigInt(pence),
    outcome,
    reasonCode,
    reason,
  };
}

/** What we know of the line that is answered. */
export interface AnsweredLine {
  readonly pence: bigint;
  readonly state: 'sealed' | 'acknowledged' | 'rejected';
}

export type AnswerDecision = 'apply' | 'repeated' | QuarantineCode;

/** A repeat changes nothing; a contradiction is nobody's to decide here. */
export function decideAnswer(answer: Acknowledgement, line: AnsweredLine | undefined): AnswerDecision {
  if (!line) return 'LINE_UNKNOWN';
  if (line.pence !== answer.pence) return 'AMOUNT_DIFFERS';
  if (line.state === 'sealed') return 'apply';
  const same = (line.state === 'acknowledged') === (answer.outcome === 'ACCEPTED');
  return same ? 'repeated' : 'ANSWERS_CONTRADICT';
}
