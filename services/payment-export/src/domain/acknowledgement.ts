import { isLondonDate, type LondonDate } from '@attest/calendar';
import { ACKNOWLEDGEMENT_FILE_COLUMNS, ACKNOWLEDGEMENT_OUTCOMES, UUID } from '@attest/contracts';

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
  /** The day on which a credit came back; null of every other answer. */
  readonly returnedOn: LondonDate | null;
}

/** Why a line is kept aside, and what its sender should do. */
export const QUARANTINE_WORDS = {
  LINE_MALFORMED:
    'A cell is missing, one too many, or not of its kind. Compare the line with the documentation and send it again.',
  OUTCOME_UNKNOWN:
    'The outcome is none of ACCEPTED, REJECTED and RETURNED. Send the line again with one of them.',
  REASON_MISSING: 'A rejection or a return needs reason_code and reason. Send the line again with both.',
  RETURN_DATE_MISSING:
    'A return needs its day in the column returned_on, such as 2026-09-23. Send the line again with it.',
  RETURN_DATE_IMPOSSIBLE:
    'A credit cannot come back before its line was sealed, nor on a day that is still to come. Find out the day and send the line again.',
  RETURN_NOT_ACCEPTED:
    'Only a credit that was accepted can come back, and this line was not. Find out whether it was paid; answer it with REJECTED where it never was.',
  REASON_TOO_LONG:
    'A reason has at most 1,000 characters and its code at most 40. Shorten it and send the line again.',
  PATIENT_IDENTIFIER_FOUND:
    'The line holds an NHS number, so its text was not kept. Send it again without the number; a bank reference may stand there as such: "bank reference" and its digits.',
  LINE_UNKNOWN:
    'No sealed line of this agency has this file name, line number, declaration and attempt. Check them against the file.',
  AMOUNT_DIFFERS:
    'The amount is not that of the sealed line. Find out what was paid before anything is answered.',
  ANSWERS_CONTRADICT:
    'The line is answered otherwise in this file, or was before. What stood stands until somebody looks into it.',
} as const;
export type QuarantineCode = keyof typeof QUARANTINE_WORDS;

export const COUNT = /^[1-9]\d{0,8}$/;
export const PENCE = /^[1-9]\d{0,14}$/;
// A tab may stand in a reason; nothing else that cannot be printed belongs in a line.
const UNPRINTABLE = /[\0-\x08\x0a-\x1f\x7f]/;

const isOutcome = (text: string): text is Acknowledgement['outcome'] =>
  (ACKNOWLEDGEMENT_OUTCOMES as readonly string[]).includes(text);

/** @param columns of the file's header: the day of a return is the ninth, and may be left out */
export function readAcknowledgement(
  cells: readonly string[],
  columns: number = ACKNOWLEDGEMENT_FILE_COLUMNS.length,
): Acknowledgement | QuarantineCode {
  if (cells.length !== columns) return 'LINE_MALFORMED';
  const [fileName, lineNumber, declarationId, attempt, pence, outcome, reasonCode, reason, day = ''] =
    cells as unknown as readonly [string, string, string, string, string, string, string, string, string?];
  if (
    fileName === '' ||
    !COUNT.test(lineNumber) ||
    !UUID.test(declarationId) ||
    !COUNT.test(attempt) ||
    !PENCE.test(pence) ||
    cells.some((cell) => UNPRINTABLE.test(cell))
  )
    return 'LINE_MALFORMED';
  if (!isOutcome(outcome)) return 'OUTCOME_UNKNOWN';
  if (outcome !== 'ACCEPTED' && (reasonCode.trim() === '' || reason.trim() === '')) return 'REASON_MISSING';
  if (reasonCode.length > 40 || reason.length > 1_000) return 'REASON_TOO_LONG';
  const returnedOn = day.trim();
  if (outcome === 'RETURNED' && returnedOn === '') return 'RETURN_DATE_MISSING';
  if (returnedOn !== '' && (outcome !== 'RETURNED' || !isLondonDate(returnedOn))) return 'LINE_MALFORMED';
  return {
    fileName,
    lineNumber: Number(lineNumber),
    declarationId,
    attempt: Number(attempt),
    pence: BigInt(pence),
    outcome,
    reasonCode: reasonCode.trim(),
    reason: reason.trim(),
    returnedOn: isLondonDate(returnedOn) ? returnedOn : null,
  };
}

/** What we know of the line that is answered. */
export interface AnsweredLine {
  readonly pence: bigint;
  readonly state: 'sealed' | 'acknowledged' | 'rejected' | 'returned';
  readonly sealedOn: LondonDate;
  /** Of one that came back. */
  readonly returnedOn: LondonDate | null;
}

export type AnswerDecision = 'apply' | 'repeated' | QuarantineCode;

/** A repeat changes nothing; a contradiction is nobody's to decide here. */
export function decideAnswer(
  answer: Acknowledgement,
  line: AnsweredLine | undefined,
  today: LondonDate,
): AnswerDecision {
  if (!line) return 'LINE_UNKNOWN';
  if (line.pence !== answer.pence) return 'AMOUNT_DIFFERS';
  switch (answer.outcome) {
    case 'ACCEPTED':
      if (line.state === 'sealed') return 'apply';
      // What came back had been accepted before.
      return line.state === 'rejected' ? 'ANSWERS_CONTRADICT' : 'repeated';
    case 'REJECTED':
      if (line.state === 'sealed') return 'apply';
      return line.state === 'rejected' ? 'repeated' : 'ANSWERS_CONTRADICT';
    case 'RETURNED':
      return decideReturn(answer, line, today);
  }
}

function decideReturn(
  { returnedOn }: Acknowledgement,
  line: AnsweredLine,
  today: LondonDate,
): AnswerDecision {
  if (line.state === 'sealed' || line.state === 'rejected') return 'RETURN_NOT_ACCEPTED';
  if (line.state === 'returned') return line.returnedOn === returnedOn ? 'repeated' : 'ANSWERS_CONTRADICT';
  return returnedOn! < line.sealedOn || returnedOn! > today ? 'RETURN_DATE_IMPOSSIBLE' : 'apply';
}
