import { Access, type Caller } from '@attest/auth';
import { BusinessClock } from '@attest/calendar';
import { ENGLAND } from '@attest/contracts';
import { refuseReason } from '@attest/errors';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import type { FileStatus } from '../domain/files/file-status.js';
import {
  FileEffectChangedError,
  FileStepRefusedError,
  FileUnknownError,
  SecondPersonNeededError,
} from '../domain/files/file.errors.js';
import { sameEffect, type Effect } from '../domain/register/effect.js';
import { FileChanges } from './file-changes.js';
import { FILE_ROLES } from './import-organisation-file.js';
import { FileStore, Limits, type FileChange, type KeptFile } from './ports.js';

/** What withdrawing a file would do. */
export interface WithdrawalPreview {
  readonly effect: Effect;
  readonly needsSecondPerson: boolean;
}

/** What people do with a file that was received: a second person confirms what takes much away, or it is withdrawn. */
@Injectable()
export class DecideOrganisationFile {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly limits: Limits,
    private readonly files: FileStore,
    private readonly changes: FileChanges,
    private readonly logger: Logger,
  ) {}

  /** By another person than the one who sent the file, or who asked for its withdrawal. */
  async confirm(caller: Caller, fileId: string): Promise<KeptFile> {
    return this.decide(caller, fileId, async (tx, file) => {
      if (file.status !== 'AWAITING_CONFIRMATION' && file.status !== 'AWAITING_WITHDRAWAL')
        throw new FileStepRefusedError('confirmed', file.status);
      // The newest step of a file that waits is that of who sent it, or of who asked for its withdrawal.
      if (file.decidedBy === caller.personId) throw new SecondPersonNeededError();
      const withdraws = file.status === 'AWAITING_WITHDRAWAL';
      await this.step(tx, caller, file, withdraws ? 'WITHDRAWN' : 'TAKEN', file.reason);
      const change = withdraws
        ? await this.changes.withdrawing(tx, file, caller.personId)
        : await this.changes.taking(tx, file, caller.personId);
      // Nobody confirms what they were not shown.
      if (!sameEffect(change.effect.touched, await this.files.effects(tx, fileId)))
        throw new EffectChanged(change.effect);
      return this.publish(tx, file, change);
    });
  }

  /** What waits is withdrawn at once; what was taken also, unless much would change: then another person confirms it. */
  async withdraw(caller: Caller, fileId: string, statedReason: string): Promise<KeptFile> {
    const reason = refuseReason(statedReason);
    return this.decide(caller, fileId, async (tx, file) => {
      if (file.status === 'AWAITING_CONFIRMATION') {
        await this.step(tx, caller, file, 'WITHDRAWN', reason);
        return (await this.files.byId(tx, fileId))!;
      }
      if (file.status !== 'TAKEN') throw new FileStepRefusedError('withdrawn', file.status);
      const { change, effect, needsSecondPerson } = await this.looked(tx, caller, file);
      await this.files.keepEffect(tx, fileId, effect.counts, effect.touched);
      await this.step(tx, caller, file, needsSecondPerson ? 'AWAITING_WITHDRAWAL' : 'WITHDRAWN', reason);
      return needsSecondPerson ? (await this.files.byId(tx, fileId))! : this.publish(tx, file, change);
    });
  }

  /** Takes back that somebody asked to withdraw it. */
  async keep(caller: Caller, fileId: string, statedReason: string): Promise<KeptFile> {
    const reason = refuseReason(statedReason);
    return this.decide(caller, fileId, async (tx, file) => {
      if (file.status !== 'AWAITING_WITHDRAWAL') throw new FileStepRefusedError('kept', file.status);
      // What was kept was what withdrawing it would do.
      await this.files.keepEffect(tx, fileId, null, []);
      await this.step(tx, caller, file, 'TAKEN', reason);
      return (await this.files.byId(tx, fileId))!;
    });
  }

  /** What withdrawing it now would do; nothing is written. */
  async preview(caller: Caller, fileId: string): Promise<WithdrawalPreview> {
    await this.access.require(caller, FILE_ROLES, ENGLAND);
    return this.database.transaction(async (tx) => {
      await this.files.lockForChange(tx);
      const file = await this.known(tx, fileId);
      return this.looked(tx, caller, file);
    });
  }

  private async looked(
    tx: Tx,
    caller: Caller,
    file: KeptFile,
  ): Promise<WithdrawalPreview & { change: FileChange }> {
    const change = await this.changes.withdrawing(tx, file, caller.personId);
    const { effect } = change;
    return { change, effect, needsSecondPerson: effect.exceeds(this.limits.shareOf(file.layout), true) };
  }

  private async decide(
    caller: Caller,
    fileId: string,
    work: (tx: Tx, file: KeptFile) => Promise<KeptFile>,
  ): Promise<KeptFile> {
    await this.access.require(caller, FILE_ROLES, ENGLAND);
    try {
      const file = await this.database.transaction(async (tx) => {
        await this.files.lockForFile(tx);
        return work(tx, await this.known(tx, fileId));
      });
      const { layout, asAt, status, changed } = file;
      this.logger.info('ORGANISATION_FILE_DECIDED', { fileId, layout, asAt, status, changed });
      return file;
    } catch (error) {
      if (!(error instanceof EffectChanged)) throw error;
      // Nothing of the step stands; what would be done now is kept, so that it can be looked at and confirmed.
      const { counts, touched } = error.effect;
      await this.database.whenRefused((tx) => this.files.keepEffect(tx, fileId, counts, touched));
      throw new FileEffectChangedError(fileId, touched.length);
    }
  }

  private async publish(tx: Tx, file: KeptFile, change: FileChange): Promise<KeptFile> {
    const { changed, notes } = await change.publish();
    return this.files.complete(tx, file.fileId, { changed, notes: { ...file.notes, ...notes } });
  }

  private step(
    tx: Tx,
    caller: Caller,
    { fileId }: KeptFile,
    status: FileStatus,
    reason: string | null,
  ): Promise<void> {
    return this.files.step(tx, fileId, { status, personId: caller.personId, at: this.clock.now(), reason });
  }

  private async known(tx: Tx, fileId: string): Promise<KeptFile> {
    const file = await this.files.byId(tx, fileId);
    if (!file) throw new FileUnknownError(fileId);
    return file;
  }
}

/** Leaves the transaction with what it found. */
class EffectChanged extends Error {
  constructor(readonly effect: Effect) {
    super('the effect changed');
  }
}
