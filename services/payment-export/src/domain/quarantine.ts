import { containsNhsNumber, PatientIdentifierFoundError } from '@attest/errors';
import { ACKNOWLEDGEMENT_FILE_COLUMNS } from '@attest/contracts';
import {
  decideAnswer,
  readAcknowledgement,
  type Acknowledgement,
  type AnsweredLine,
} from './acknowledgement.js';
import {
  AnswerSettledError,
  RepairedAnswerRefusedError,
  RepairUnknownError,
  SamePersonError,
  StaleAnswerError,
} from './quarantine.errors.js';
import type { StatedAnswer } from './stated-answer.js';

export const ANSWER_STATES = ['open', 'proposed', 'applied', 'dismissed'] as const;
export type AnswerState = (typeof ANSWER_STATES)[number];
export const ANSWER_STEPS = ['propose', 'withdraw', 'apply', 'dismiss'] as const;
export type AnswerStep = (typeof ANSWER_STEPS)[number];

/** Every step of an answer in quarantine. Applying moves money, so it takes a second person; the others take one. */
const TABLE: Readonly<Record<AnswerStep, { from: AnswerState; to: AnswerState }>> = {
  propose: { from: 'open', to: 'proposed' },
  withdraw: { from: 'proposed', to: 'open' },
  apply: { from: 'proposed', to: 'applied' },
  dismiss: { from: 'open', to: 'dismissed' },
};

export interface AnswerInQuarantine {
  readonly state: AnswerState;
  readonly version: bigint;
  /** The repair that waits for a second person. */
  readonly repair: { readonly repairId: string; readonly proposedBy: string } | null;
}

/** @throws StaleAnswerError, AnswerSettledError */
export function stepFrom(
  { state, version }: AnswerInQuarantine,
  step: AnswerStep,
  seenVersion: bigint,
): AnswerState {
  if (version !== seenVersion) throw new StaleAnswerError(version);
  const { from, to } = TABLE[step];
  if (state !== from) throw new AnswerSettledError(state, step);
  return to;
}

/** @throws RepairUnknownError */
export function repairOf(answer: AnswerInQuarantine, repairId: string) {
  if (answer.repair?.repairId !== repairId) throw new RepairUnknownError(repairId);
  return answer.repair;
}

/** @throws SamePersonError */
export function refuseSamePerson(proposedBy: string, personId: string): void {
  if (proposedBy === personId) throw new SamePersonError();
}

/** What finance puts right of an answer: cells as a file would hold them. What is left out stays as it was stated. */
export type Repair = {
  readonly [K in keyof Acknowledgement]?: string | undefined;
};

/**
 * The answer as it should have come, read as a line of a file is.
 * @throws RepairedAnswerRefusedError, PatientIdentifierFoundError
 */
export function repaired(stated: StatedAnswer, repair: Repair): Acknowledgement {
  const cell = (name: keyof Acknowledgement): string => repair[name] ?? String(stated[name] ?? '');
  const outcome = cell('outcome');
  const [withReason, withDay] = [outcome !== 'ACCEPTED', outcome === 'RETURNED'];
  const written = [cell('fileName'), cell('reasonCode'), cell('reason')];
  if (containsNhsNumber(written.join('\n'))) throw new PatientIdentifierFoundError('The answer');
  const answer = readAcknowledgement(
    [
      ...[
        cell('fileName'),
        cell('lineNumber'),
        cell('declarationId'),
        cell('attempt'),
        cell('pence'),
        outcome,
      ],
      // What belongs to another outcome than the one it is now goes with it, unless somebody says it.
      withReason ? cell('reasonCode') : (repair.reasonCode ?? ''),
      withReason ? cell('reason') : (repair.reason ?? ''),
      withDay ? cell('returnedOn') : (repair.returnedOn ?? ''),
    ],
    ACKNOWLEDGEMENT_FILE_COLUMNS.length + 1,
  );
  if (typeof answer === 'string') throw new RepairedAnswerRefusedError(answer);
  return answer;
}

/** Only what moves its line is applied: what the line has come to already is no answer to wait for. */
export function refuseUnlessApplied<L extends AnsweredLine>(
  answer: Acknowledgement,
  line: L | undefined,
  today: Parameters<typeof decideAnswer>[2],
): L {
  const decision = decideAnswer(answer, line, today);
  if (decision !== 'apply') throw new RepairedAnswerRefusedError(decision);
  return line!;
}
