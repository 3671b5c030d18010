import { createHash } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { containsNhsNumber } from '@attest/errors';
import { failpoint } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { readAcknowledgementFile } from '../domain/acknowledgement-file.js';
import { AcknowledgementFileRefusedError } from '../domain/payment.errors.js';
import {
  AcknowledgementStore,
  type AcknowledgementReceipt,
  type LineResult,
} from './acknowledgement.ports.js';
import { ApplyAnswers } from './apply-answers.js';
import { decideAnswers } from './decide-answers.js';

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
    private readonly answers: ApplyAnswers,
    private readonly clock: BusinessClock,
  ) {}

  async run({
    agencyCode,
    fileName,
    personId,
    bytes,
  }: AcknowledgementUpload): Promise<AcknowledgementReceipt & { repeatedFile: boolean }> {
    if (containsNhsNumber(fileName)) throw new AcknowledgementFileRefusedError('PATIENT_IDENTIFIER_FOUND');
    const { lines: read, blank } = readAcknowledgementFile(bytes);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return this.database.transaction(async (tx) => {
      const earlier = await this.store.bySha256(tx, agencyCode, sha256);
      if (earlier) return { ...earlier, repeatedFile: true };
      const answers = read.flatMap(({ answer }) => (typeof answer === 'string' ? [] : [answer]));
      const known = await this.answers.lock(tx, agencyCode, answers);
      const { applied, results } = decideAnswers(read, known, this.clock.today());
      const receivedAt = this.clock.now();
      await this.answers.apply(tx, applied, receivedAt);
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
        blank,
      };
      await this.store.record(tx, receipt, sha256, personId, results);
      failpoint('acknowledgements-before-commit');
      tx.afterCommit(() => failpoint('acknowledgements-after-commit'));
      return { ...receipt, repeatedFile: false };
    });
  }
}
