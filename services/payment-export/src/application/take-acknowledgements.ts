import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { newEvent, PaymentAcknowledgedV1, PaymentRejectedV1, uuidV7 } from '@attest/contracts';
import { containsNhsNumber } from '@attest/errors';
import { failpoint, Outbox } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { readAcknowledgementFile, type ReadLine } from '../domain/acknowledgement-file.js';
import {
  decideAnswer,
  QUARANTINE_WORDS,
  type Acknowledgement,
  type QuarantineCode,
} from '../domain/acknowledgement.js';
import { AcknowledgementFileRefusedError } from '../domain/payment.errors.js';
import {
  AcknowledgementStore,
  lineKey,
  type AcknowledgementReceipt,
  type LineResult,
  type LockedLine,
} from './acknowledgement.ports.js';

export interface AcknowledgementUpload {
  readonly agencyCode: string;
  readonly fileName: string;
  readonly personId: string;
  readonly bytes: Buffer;
}

/** Takes an agency's answers, each by itself: applied, a repeat, or kept in quarantine with its text. */
@Injectable()
export class TakeAcknowledgements {
  constructor(
    private readonly database: Database,
    private readonly store: AcknowledgementStore,
    private readonly outbox: Outbox,
    private readonly clock: BusinessClock,
  ) {}

  async run({
    agencyCode,
    fileName,
    personId,
    bytes,
  }: AcknowledgementUpload): Promise<AcknowledgementReceipt & { repeatedFile: boolean }> {
    if (containsNhsNumber(fileName)) throw new AcknowledgementFileRefusedError('PATIENT_IDENTIFIER_FOUND');
    const read = readAcknowledgementFile(bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return this.database.transaction(async (tx) => {
      const earlier = await this.store.bySha256(tx, agencyCode, sha256);
      if (earlier) return { ...earlier, repeatedFile: true };
      const answers = read.flatMap(({ answer }) => (typeof answer === 'string' ? [] : [answer]));
      const known = await this.store.lockLines(tx, agencyCode, answers);
      // Its lines are not yet told as sealed: an answer must not overtake what it answers. Nothing of the file is kept.
      if ([...known.values()].some((line) => line.early))
        throw new AcknowledgementFileRefusedError('RUN_NOT_ENDED');
      const { applied, results } = decideAll(read, known);
      const receivedAt = this.clock.now();
      if (applied.length > 0) {
        const versions = await this.store.apply(tx, applied, receivedAt);
        await this.outbox.add(
          tx,
          applied.map((one) => toEvent(one, versions.get(one.line.declarationId)!, receivedAt)),
        );
      }
      const count = (state: LineResult['state']): number =>
        results.filter((result) => result.state === state).length;
      const receipt: AcknowledgementReceipt = {
        fileId: uuidV7(),
        fileName,
        agencyCode,
        receivedAt,
        lines: results.length,
        applied: count('applied'),
        repeated: count('repeated'),
        quarantined: count('quarantined'),
      };
      await this.store.record(tx, receipt, sha256, personId, results);
      failpoint('acknowledgements-before-commit');
      tx.afterCommit(() => failpoint('acknowledgements-after-commit'));
      return { ...receipt, repeatedFile: false };
    });
  }
}

interface Applied {
  readonly line: LockedLine;
  readonly accepted: boolean;
  readonly answer: Acknowledgement;
}

function decideAll(
  read: readonly ReadLine[],
  known: ReadonlyMap<string, LockedLine>,
): { applied: Applied[]; results: LineResult[] } {
  const applied: Applied[] = [];
  // A line that this very file answered before: the second answer is a repeat or a contradiction.
  const now = new Map(known);
  const results = read.map(({ line, text, answer }): LineResult => {
    const quarantined = (code: QuarantineCode): LineResult => ({
      line,
      state: 'quarantined',
      code,
      words: QUARANTINE_WORDS[code],
      text,
    });
    if (typeof answer === 'string') return quarantined(answer);
    const key = lineKey(answer);
    const sealed = now.get(key);
    const decision = decideAnswer(answer, sealed);
    if (decision === 'repeated') return { line, state: 'repeated', code: null, words: null, text };
    if (decision !== 'apply') return quarantined(decision);
    const accepted = answer.outcome === 'ACCEPTED';
    applied.push({ line: sealed!, accepted, answer });
    now.set(key, { ...sealed!, state: accepted ? 'acknowledged' : 'rejected' });
    return { line, state: 'applied', code: null, words: null, text };
  });
  return { applied, results };
}

function toEvent({ line, accepted, answer }: Applied, paymentVersion: bigint, at: Date) {
  const facts = {
    declarationId: line.declarationId,
    declarationVersion: Number(line.declarationVersion),
    attempt: line.attempt,
    runId: line.runId,
    paymentVersion: Number(paymentVersion),
    fileName: line.fileName,
    lineNumber: line.lineNumber,
    agencyCode: line.agencyCode,
    pence: String(line.pence),
  };
  return accepted
    ? newEvent(PaymentAcknowledgedV1, { ...facts, acknowledgedAt: at.toISOString() })
    : newEvent(PaymentRejectedV1, {
        ...facts,
        rejectedAt: at.toISOString(),
        reasonCode: answer.reasonCode,
        reason: answer.reason,
      });
}
