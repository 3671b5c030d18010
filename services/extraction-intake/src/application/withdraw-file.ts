import { Injectable } from '@nestjs/common';
import { BusinessClock } from '@attest/calendar';
import { uuidV7 } from '@attest/contracts';
import { Database, type Tx } from '@attest/persistence';
import { ExtractionIntakeSettings } from '../config/extraction-intake.settings.js';
import { ExtractFileUnknownError, FileNotTakenError } from '../domain/extract-file.errors.js';
import { needsTwo, WithdrawalRefusedError } from '../domain/withdrawal.js';
import { FindEffectOfWithdrawal, type EffectOfWithdrawal } from './effect-of-withdrawal.js';
import { OvertakeAmendments } from './overtake-amendments.js';
import { ExtractFileStore, PageStore } from './ports.js';
import { RecordCompleteness } from './record-completeness.js';
import { RestorePages } from './restore-pages.js';
import type { ExtractFileView } from './views.js';
import { WithdrawalStore, type Withdrawal } from './withdrawal-ports.js';

export interface WithdrawalPreview {
  readonly effects: readonly EffectOfWithdrawal[];
  readonly needsSecondPerson: boolean;
}

/**
 * Takes back what a file brought. What stood before stands again, as new versions with their events, so that figures
 * and declarations follow as they follow any page. Many pages need a second person.
 */
@Injectable()
export class WithdrawFile {
  constructor(
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly settings: ExtractionIntakeSettings,
    private readonly files: ExtractFileStore,
    private readonly pages: PageStore,
    private readonly store: WithdrawalStore,
    private readonly effect: FindEffectOfWithdrawal,
    private readonly amendments: OvertakeAmendments,
    private readonly completeness: RecordCompleteness,
    private readonly restore: RestorePages,
  ) {}

  /** What withdrawing would change by now. @throws ExtractFileUnknownError, FileNotTakenError */
  async preview(fileId: string): Promise<WithdrawalPreview> {
    await this.taken(fileId);
    return this.database.transaction((tx) => this.look(tx, fileId), {
      isolation: 'repeatable read',
      readOnly: true,
    });
  }

  /** At once, or when another person has confirmed it. @throws WithdrawalRefusedError */
  async ask(fileId: string, personId: string, reason: string): Promise<Withdrawal> {
    await this.taken(fileId);
    const requestedAt = this.clock.now();
    return this.database.transaction(async (tx) => {
      const known = await this.store.lock(tx, fileId);
      if (known?.state === 'withdrawn') throw new WithdrawalRefusedError('FILE_WITHDRAWN', fileId);
      if (known?.state === 'awaiting-confirmation')
        throw new WithdrawalRefusedError('WITHDRAWAL_AWAITS_CONFIRMATION', fileId);
      await this.lockPeriods(tx, fileId);
      const { effects, needsSecondPerson } = await this.look(tx, fileId);
      const withdrawal: Withdrawal = {
        withdrawalId: uuidV7(),
        fileId,
        state: needsSecondPerson ? 'awaiting-confirmation' : 'withdrawn',
        reason,
        requestedBy: personId,
        requestedAt,
        decidedBy: needsSecondPerson ? null : personId,
        decidedAt: needsSecondPerson ? null : requestedAt,
      };
      await this.store.add(tx, withdrawal);
      if (!needsSecondPerson) await this.takeBack(tx, withdrawal, effects);
      return withdrawal;
    });
  }

  /** By another person. @throws WithdrawalRefusedError */
  async confirm(fileId: string, personId: string): Promise<Withdrawal> {
    await this.taken(fileId);
    return this.database.transaction(async (tx) => {
      const withdrawal = await this.awaiting(tx, fileId);
      if (withdrawal.requestedBy === personId) throw new WithdrawalRefusedError('SAME_PERSON', fileId);
      await this.lockPeriods(tx, fileId);
      const { effects } = await this.look(tx, fileId);
      await this.takeBack(tx, withdrawal, effects);
      return this.decided(tx, withdrawal, 'withdrawn', personId, null);
    });
  }

  /** By whoever may ask for it; nothing changes. @throws WithdrawalRefusedError */
  async drop(fileId: string, personId: string, reason: string): Promise<Withdrawal> {
    await this.taken(fileId);
    return this.database.transaction(async (tx) => {
      const withdrawal = await this.awaiting(tx, fileId);
      return this.decided(tx, withdrawal, 'dropped', personId, reason);
    });
  }

  private async taken(fileId: string): Promise<ExtractFileView> {
    const file = await this.files.find(fileId);
    if (!file) throw new ExtractFileUnknownError(fileId);
    if (file.status !== 'taken') throw new FileNotTakenError(fileId);
    return file;
  }

  private async awaiting(tx: Tx, fileId: string): Promise<Withdrawal> {
    const withdrawal = await this.store.lock(tx, fileId);
    if (withdrawal?.state !== 'awaiting-confirmation')
      throw new WithdrawalRefusedError(
        withdrawal?.state === 'withdrawn' ? 'FILE_WITHDRAWN' : 'WITHDRAWAL_UNKNOWN',
        fileId,
      );
    return withdrawal;
  }

  private async decided(
    tx: Tx,
    withdrawal: Withdrawal,
    to: 'withdrawn' | 'dropped',
    personId: string,
    reason: string | null,
  ): Promise<Withdrawal> {
    const at = this.clock.now();
    await this.store.decide(tx, withdrawal, { to, personId, at, reason });
    return { ...withdrawal, state: to, decidedBy: personId, decidedAt: at };
  }

  private async lockPeriods(tx: Tx, fileId: string): Promise<void> {
    await this.pages.lockPeriods(tx, await this.store.periodsOf(tx, fileId));
  }

  private async look(tx: Tx, fileId: string): Promise<WithdrawalPreview> {
    const effects = await this.effect.of(tx, fileId);
    const most = {
      sharePercent: this.settings.WITHDRAWAL_ALONE_MOST_PERCENT,
      pages: this.settings.WITHDRAWAL_TWO_PEOPLE_FROM_PAGES,
    };
    return { effects, needsSecondPerson: needsTwo(effects, most) };
  }

  private async takeBack(
    tx: Tx,
    { fileId, withdrawalId }: Withdrawal,
    effects: readonly EffectOfWithdrawal[],
  ): Promise<void> {
    await this.store.markWithdrawn(tx, fileId, this.clock.now());
    const file = (await this.files.find(fileId))!;
    for (const period of effects) {
      await this.restore.run(tx, period, file, withdrawalId, period.pages);
      const overtaken = await this.amendments.of(tx, period);
      for (const { practiceCode } of period.pages) overtaken.by(practiceCode);
      await overtaken.end(tx, { fileId });
    }
    await this.completeness.run(tx, effects);
  }
}
