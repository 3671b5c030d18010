import { isLondonDate } from '@attest/calendar';
import { ACKNOWLEDGEMENT_OUTCOMES, UUID } from '@attest/contracts';
import { containsNhsNumber } from '@attest/errors';
import { COUNT, PENCE, type Acknowledgement } from './acknowledgement.js';

/** What can be read of a line, cell by cell, whatever is wrong with the others. */
export type StatedAnswer = { readonly [K in keyof Acknowledgement]: Acknowledgement[K] | null };

const NOTHING_STATED: StatedAnswer = {
  fileName: null,
  lineNumber: null,
  declarationId: null,
  attempt: null,
  pence: null,
  outcome: null,
  reasonCode: null,
  reason: null,
  returnedOn: null,
};

const ANY_UUID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/;
const MOST = { fileName: 200, reasonCode: 40, reason: 1_000 } as const;

/** A cell that people write is kept where it may be: short, printable and without a patient's number. */
const written = (cell: string | undefined, most: number): string | null =>
  cell === undefined || cell.trim() === '' || cell.length > most || /[\0-\x1f\x7f]/.test(cell)
    ? null
    : containsNhsNumber(cell)
      ? null
      : cell.trim();

/** @param cells in the documented order; empty where one cannot be read */
export function statedIn(cells: readonly string[], text: string): StatedAnswer {
  const found = ANY_UUID.exec(text)?.[0] ?? null;
  const [fileName, lineNumber, declarationId, attempt, pence, outcome, reasonCode, reason, day] = cells;
  const as = <T>(pattern: RegExp, cell: string | undefined, read: (digits: string) => T): T | null =>
    cell !== undefined && pattern.test(cell) ? read(cell) : null;
  const returnedOn = day?.trim();
  const names = as(UUID, declarationId, String);
  // Only where the identifier stands in its place do the others, too.
  if (names === null) return { ...NOTHING_STATED, declarationId: found };
  return {
    fileName: written(fileName, MOST.fileName),
    lineNumber: as(COUNT, lineNumber, Number),
    declarationId: names,
    attempt: as(COUNT, attempt, Number),
    pence: as(PENCE, pence, BigInt),
    outcome: ACKNOWLEDGEMENT_OUTCOMES.find((one) => one === outcome) ?? null,
    reasonCode: written(reasonCode, MOST.reasonCode),
    reason: written(reason, MOST.reason),
    returnedOn: returnedOn !== undefined && isLondonDate(returnedOn) ? returnedOn : null,
  };
}
