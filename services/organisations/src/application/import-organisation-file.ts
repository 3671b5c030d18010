import { Access, type Caller } from '@attest/auth';
import { BusinessClock, type LondonDate } from '@attest/calendar';
import { ENGLAND, uuidV7, type Role } from '@attest/contracts';
import { containsNhsNumber, PatientIdentifierFoundError } from '@attest/errors';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import type { Layout } from '../domain/files/layouts.js';
import type { NamedCode } from '../domain/files/named-codes.js';
import { AsAtOutsideError } from '../domain/files/file.errors.js';
import { FileChanges } from './file-changes.js';
import { Layouts, type ReadyFile } from './layouts.js';
import { FileStore, Limits, type KeptFile } from './ports.js';

export const FILE_ROLES: readonly Role[] = ['NATIONAL_OPERATOR', 'ORGANISATION_ADMINISTRATION'];

export interface FileToImport {
  readonly layout: Layout;
  readonly asAt: LondonDate;
  readonly fileName: string;
  /** Unpacked. */
  readonly chunks: AsyncIterable<Buffer>;
}

export interface Receipt {
  readonly file: KeptFile;
  /** The same file was there already, and nothing was done. */
  readonly repeated: boolean;
}

/** Takes one organisation file: all of it with everything that follows from it, or nothing. */
@Injectable()
export class ImportOrganisationFile {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly limits: Limits,
    private readonly layouts: Layouts,
    private readonly files: FileStore,
    private readonly changes: FileChanges,
    private readonly logger: Logger,
  ) {}

  async run(caller: Caller, toImport: FileToImport): Promise<Receipt> {
    const { layout, asAt, fileName, chunks } = toImport;
    await this.access.require(caller, FILE_ROLES, ENGLAND);
    this.refuseDate(asAt);
    if (containsNhsNumber(fileName)) throw new PatientIdentifierFoundError('The file name');
    const ready = await this.layouts.read(layout, asAt, chunks);
    const receipt = await this.database.transaction((tx) => this.keep(tx, caller, toImport, ready));
    const { file, repeated } = receipt;
    this.logger.info('ORGANISATION_FILE_RECEIVED', {
      fileId: file.fileId,
      layout,
      asAt,
      repeated,
      status: file.status,
      accepted: file.accepted,
      changed: file.changed,
      rejected: file.rejected,
    });
    return receipt;
  }

  /** A file describes a day that has been: one dated ahead would be newer than the truth until then. */
  private refuseDate(asAt: LondonDate): void {
    const today = this.clock.today();
    if (asAt > today || asAt < this.limits.filesFrom)
      throw new AsAtOutsideError(asAt, this.limits.filesFrom, today);
  }

  private async keep(
    tx: Tx,
    caller: Caller,
    { layout, asAt, fileName }: FileToImport,
    ready: ReadyFile,
  ): Promise<Receipt> {
    await this.files.lockForFile(tx);
    const { read, skipped } = ready;
    const known = (await this.files.ofDate(tx, layout, asAt)).find((f) => f.sha256.equals(read.sha256));
    if (known) return { file: known, repeated: true };
    const refused = await ready.refuse(tx);
    const rejected = [...read.rejected, ...refused];
    const fileId = uuidV7();
    await this.files.add(
      tx,
      {
        fileId,
        layout,
        asAt,
        fileName,
        sha256: read.sha256,
        bytes: read.bytes,
        rows: read.rows,
        accepted: read.rows - rejected.length - skipped,
        rejected: rejected.length,
        skipped,
        receivedBy: caller.personId,
      },
      rejected,
      read.unread,
    );
    const told = await ready.keep(tx, fileId);
    const file = (await this.files.byId(tx, fileId))!;
    const change = await this.changes.taking(tx, file, caller.personId);
    const { effect } = change;
    await this.files.keepEffect(tx, fileId, effect.counts, effect.touched);
    const waits = effect.exceeds(this.limits.shareOf(layout));
    await this.files.step(tx, fileId, {
      status: waits ? 'AWAITING_CONFIRMATION' : 'TAKEN',
      personId: caller.personId,
      at: this.clock.now(),
      reason: null,
    });
    const { changed, notes } = waits ? { changed: 0, notes: {} } : await change.publish();
    const blank: Record<string, number> = read.blankRows > 0 ? { blankRows: read.blankRows } : {};
    const all = { ...told, ...unreadNotes(read.unread), ...blank, ...notes };
    return { file: await this.files.complete(tx, fileId, { changed, notes: all }), repeated: false };
  }
}

/** Whom the file names in rows that could not be taken, and whether such a row may name anybody. */
const unreadNotes = (unread: readonly NamedCode[]): Record<string, number> => ({
  presentUnchanged: unread.filter(({ code }) => code !== null).length,
  absenceMeansNothing: unread.some(({ code }) => code === null) ? 1 : 0,
});
