import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import {
  newEvent,
  PaymentNettedV1,
  PaymentNotIncludedV1,
  PaymentSealedV1,
  ReleaseRunEndedV1,
} from '@attest/contracts';
import { failpoint, Outbox } from '@attest/messaging';
import { Database } from '@attest/persistence';
import { fixFiles } from '../domain/fix-files.js';
import { renderManifest, renderPaymentFile } from '../domain/payment-file.js';
import { notIncludedWords } from '../domain/not-included.js';
import { refuseStoreAhead } from './refuse-store-ahead.js';
import { FileStore, RunStore, SealStore, type ReleaseRun, type UntoldItem } from './ports.js';

const TELL_CHUNK = 2_000;

/**
 * Ends a run in an order that a crash cannot disturb: lines are fixed in the database, then bytes are written where
 * nothing stands, then each line is told as sealed, then the run ends. Each step finds out what the last left undone.
 */
@Injectable()
export class SealRun {
  constructor(
    private readonly database: Database,
    private readonly runs: RunStore,
    private readonly seals: SealStore,
    private readonly files: FileStore,
    private readonly outbox: Outbox,
    private readonly clock: BusinessClock,
  ) {}

  async run(): Promise<void> {
    const run = await this.fixLines();
    if (!run) return;
    failpoint('run-after-fixed');
    await this.storeFiles(run);
    failpoint('run-after-stored');
    while ((await this.tell(run)) > 0) failpoint('run-after-told');
    await this.end(run);
    failpoint('run-after-ended');
  }

  private async fixLines(): Promise<ReleaseRun | undefined> {
    return this.database.transaction(async (tx) => {
      const run = await this.runs.takeUnderWay(tx);
      if (run?.state !== 'sealing') return undefined;
      // Fixed already, before a crash: the lines stand.
      const confirmed = await this.seals.confirmed(tx, run.runId);
      if (confirmed.length === 0) return run;
      await refuseStoreAhead(tx, this.seals, this.files);
      const debts = await this.seals.openDebts(tx, run.runId);
      await this.seals.fix(tx, run.runId, fixFiles(run, confirmed, debts), this.clock.now());
      failpoint('run-before-fixed');
      return run;
    });
  }

  private async storeFiles(run: ReleaseRun): Promise<void> {
    for (const { stored, ...manifest } of await this.seals.files(this.database, run.runId)) {
      if (stored) continue;
      await this.files.put(
        manifest.fileName,
        renderPaymentFile(await this.seals.lines(this.database, manifest.fileName)),
      );
      failpoint('run-between-file-and-manifest');
      // The manifest comes last: whoever sees it finds the whole file.
      await this.files.put(`${manifest.fileName}.manifest.json`, renderManifest(manifest));
      failpoint('run-after-manifest');
      await this.database.transaction((tx) => this.seals.markStored(tx, manifest.fileName, this.clock.now()));
    }
  }

  private async tell(run: ReleaseRun): Promise<number> {
    return this.database.transaction(async (tx) => {
      const items = await this.runs.takeUntold(tx, run.runId, TELL_CHUNK);
      const at = this.clock.now().toISOString();
      if (items.length > 0)
        await this.outbox.add(
          tx,
          items.map((item) => endOf(run, item, at)),
        );
      failpoint('run-before-told');
      return items.length;
    });
  }

  private async end(run: ReleaseRun): Promise<void> {
    await this.database.transaction(async (tx) => {
      const still = await this.runs.takeUnderWay(tx);
      if (still?.runId !== run.runId) return;
      const files = await this.seals.files(tx, run.runId);
      const { netted, ...counts } = await this.runs.count(tx, run.runId);
      const settled = netted > 0 ? `${netted} settled without a line; ` : '';
      const words = `${counts.included} lines in ${files.length} files; ${settled}${counts.notIncluded} not included.`;
      await this.runs.step(tx, still, 'end', { words, at: this.clock.now() });
      await this.outbox.add(tx, [
        newEvent(ReleaseRunEndedV1, {
          runId: run.runId,
          paymentPeriod: run.paymentPeriod,
          outcome: 'sealed',
          endedAt: this.clock.now().toISOString(),
          files: files.map((file) => ({
            fileName: file.fileName,
            agencyCode: file.agencyCode,
            lines: file.lines,
            pence: file.totalPence,
            sha256: file.sha256,
          })),
          ...counts,
          words,
        }),
      ]);
      failpoint('run-before-ended');
    });
  }
}

const identity = (run: ReleaseRun, item: UntoldItem) => ({
  declarationId: item.declarationId,
  declarationVersion: Number(item.declarationVersion),
  attempt: item.attempt,
  runId: run.runId,
  paymentVersion: Number(item.paymentVersion),
});

function endOf(run: ReleaseRun, item: UntoldItem, at: string) {
  switch (item.state) {
    case 'included':
      return sealed(run, item, at);
    case 'netted':
      return netted(run, item, at);
    default:
      return notIncluded(run, item);
  }
}

function netted(run: ReleaseRun, item: UntoldItem, nettedAt: string) {
  return newEvent(PaymentNettedV1, {
    ...identity(run, item),
    agencyCode: item.agencyCode!,
    nettedPence: String(item.nettedPence),
    debtPence: String(item.debtPence),
    nettedAt,
  });
}

function sealed(run: ReleaseRun, item: UntoldItem, sealedAt: string) {
  return newEvent(PaymentSealedV1, {
    ...identity(run, item),
    fileName: item.fileName!,
    lineNumber: item.lineNumber!,
    agencyCode: item.agencyCode!,
    pence: String(item.pence!),
    sealedAt,
    payOn: item.payOn!,
    ...(item.nettedPence === 0n ? {} : { nettedPence: String(item.nettedPence) }),
  });
}

function notIncluded(run: ReleaseRun, item: UntoldItem) {
  const code = item.code ?? 'NOT_ANSWERED';
  return newEvent(PaymentNotIncludedV1, {
    ...identity(run, item),
    code,
    words: notIncludedWords(code),
    owedPence: item.owedPence === null ? null : String(item.owedPence),
  });
}
