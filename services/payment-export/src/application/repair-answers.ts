import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { Database, type Tx } from '@attest/persistence';
import type { Acknowledgement } from '../domain/acknowledgement.js';
import { RepairTooEarlyError, UnknownQuarantinedAnswerError } from '../domain/quarantine.errors.js';
import {
  refuseSamePerson,
  refuseUnlessApplied,
  repaired,
  repairOf,
  stepFrom,
  type AnswerStep,
  type Repair,
} from '../domain/quarantine.js';
import { lineKey, type LockedLine } from './acknowledgement.ports.js';
import { ApplyAnswers } from './apply-answers.js';
import { QuarantineStore, type AnswerKey, type LockedAnswer } from './quarantine.ports.js';

export interface Acting {
  readonly personId: string;
  /** Where the person acts for finance; nothing outside is seen or moved. */
  readonly scope: readonly string[];
  /** The version of the answer that the person saw. */
  readonly seenVersion: bigint;
}

/**
 * The way out of quarantine: finance repairs what an answer names and a second person applies it, or it is dismissed.
 * Applied, it takes the way of an answer in a file.
 */
@Injectable()
export class RepairAnswers {
  constructor(
    private readonly database: Database,
    private readonly store: QuarantineStore,
    private readonly answers: ApplyAnswers,
    private readonly clock: BusinessClock,
  ) {}

  /** @throws RepairedAnswerRefusedError: it would not move its line */
  propose(key: AnswerKey, by: Acting, repair: Repair, reason: string): Promise<void> {
    return this.step(key, by, 'propose', async (tx, aside) => {
      const answer = repaired(aside.stated, repair);
      await this.lineOf(tx, aside, answer, by);
      return { repairId: uuidV7(), reason, answer };
    });
  }

  /** By another person than the one who proposed it. @throws RepairUnknownError, SamePersonError */
  confirm(key: AnswerKey, by: Acting, repairId: string): Promise<void> {
    return this.step(key, by, 'apply', async (tx, aside) => {
      const { proposedBy } = repairOf(aside, repairId);
      refuseSamePerson(proposedBy, by.personId);
      const answer = aside.repair!.answer;
      const line = await this.lineOf(tx, aside, answer, by);
      await this.answers.apply(tx, [{ line, answer }], this.clock.now());
      return { repairId, reason: null, answer };
    });
  }

  withdraw(key: AnswerKey, by: Acting, repairId: string, reason: string): Promise<void> {
    return this.step(key, by, 'withdraw', (_, aside) => {
      repairOf(aside, repairId);
      return Promise.resolve({ repairId, reason, answer: null });
    });
  }

  dismiss(key: AnswerKey, by: Acting, reason: string): Promise<void> {
    return this.step(key, by, 'dismiss', () => Promise.resolve({ repairId: null, reason, answer: null }));
  }

  private step(
    key: AnswerKey,
    by: Acting,
    step: AnswerStep,
    take: (
      tx: Tx,
      aside: LockedAnswer,
    ) => Promise<{ repairId: string | null; reason: string | null; answer: Acknowledgement | null }>,
  ): Promise<void> {
    return this.database.transaction(async (tx) => {
      const aside = await this.store.lock(tx, key, by.scope);
      if (!aside) throw new UnknownQuarantinedAnswerError();
      const state = stepFrom(aside, step, by.seenVersion);
      const taken = await take(tx, aside);
      const at = this.clock.now();
      await this.store.step(tx, key, {
        ...taken,
        step,
        state,
        version: aside.version + 1n,
        personId: by.personId,
        at,
      });
    });
  }

  /** The line that the repaired answer moves, locked. What lies outside the person's scope is not known to exist. */
  private async lineOf(
    tx: Tx,
    { agencyCode }: LockedAnswer,
    answer: Acknowledgement,
    { scope }: Acting,
  ): Promise<LockedLine> {
    const known = await this.answers.lock(tx, agencyCode, [answer], () => new RepairTooEarlyError());
    const isSeen = await this.store.isWithin(tx, answer.declarationId, scope);
    return refuseUnlessApplied(answer, isSeen ? known.get(lineKey(answer)) : undefined, this.clock.today());
  }
}
