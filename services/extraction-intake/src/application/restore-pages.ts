import { Injectable } from '@nestjs/common';
import { newEvent, PageAmendedV1, type NewEvent } from '@attest/contracts';
import { Outbox } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import type { ChangedPage } from './effect-of-withdrawal.js';
import type { NewExtractFile, PeriodKey } from './ports.js';
import { WithdrawalStore, type RestoredBy } from './withdrawal-ports.js';

/** A file that changes pages of which it is not the newest word: it was withdrawn, or came late. */
export type RestoringFile = Pick<NewExtractFile, 'fileId' | 'fileName' | 'sha256' | 'receivedAt'>;

/** Writes what stands again as new versions, with their events: figures and declarations follow as they follow any page. */
@Injectable()
export class RestorePages {
  constructor(
    private readonly store: WithdrawalStore,
    private readonly outbox: Outbox,
  ) {}

  async run(
    tx: Tx,
    period: PeriodKey,
    file: RestoringFile,
    withdrawalId: RestoredBy['withdrawalId'],
    pages: readonly ChangedPage[],
  ): Promise<void> {
    await this.store.addRestored(tx, period, { fileId: file.fileId, withdrawalId }, pages);
    await this.outbox.add(
      tx,
      pages.map((page) => pageEvent(period, page, file)),
    );
  }
}

function pageEvent(
  { serviceCode, achievementDate }: PeriodKey,
  { practiceCode, pageVersion, rulePackVersion, fields, standing }: ChangedPage,
  file: RestoringFile,
): NewEvent {
  return newEvent(PageAmendedV1, {
    serviceCode,
    achievementDate,
    practiceCode,
    pageVersion,
    rulePackVersion,
    values: standing ? [...standing.values] : new Array<null>(fields).fill(null),
    fileId: standing?.fileId ?? file.fileId,
    fileName: standing?.fileName ?? file.fileName,
    fileSha256: standing?.fileSha256 ?? file.sha256!,
    firstLine: standing?.firstLine ?? 1,
    lastLine: standing?.lastLine ?? 1,
    submittedAt: (standing?.submittedAt ?? file.receivedAt).toISOString(),
    ...(standing?.amendmentId ? { amendmentId: standing.amendmentId } : {}),
    ...(standing ? {} : { nothingStands: true }),
  }) as unknown as NewEvent;
}
