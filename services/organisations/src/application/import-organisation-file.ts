import { Access, type Caller } from '@attest/auth';
import type { LondonDate } from '@attest/calendar';
import { ENGLAND, uuidV7, type Role } from '@attest/contracts';
import { containsNhsNumber, PatientIdentifierFoundError } from '@attest/errors';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import type { Layout } from '../domain/files/layouts.js';
import { membersByPcn, type PcnChange } from '../domain/memberships/pcn-members.js';
import type { MemberSpell } from '../domain/memberships/spell.js';
import { resolve, type Statement } from '../domain/memberships/statements.js';
import { whileOpen } from '../domain/memberships/timeline.js';
import { closedPractices } from '../domain/register/practices.js';
import type { Records } from '../domain/register/records.js';
import { withPayees } from '../domain/payees/payee-change.js';
import { deriveOrganisations } from '../domain/register/register.js';
import { compareWithEarlier, refuseHalfAFile } from './compare-vintages.js';
import { Layouts, type ReadyFile } from './layouts.js';
import {
  FileStore,
  MembershipStore,
  OrganisationStore,
  RecordStore,
  StatementStore,
  type FileEffect,
  type KeptFile,
} from './ports.js';
import { PayeeStore } from './payee-store.js';
import { countKinds, Publish } from './publish.js';

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
    private readonly layouts: Layouts,
    private readonly files: FileStore,
    private readonly records: RecordStore,
    private readonly statements: StatementStore,
    private readonly organisations: OrganisationStore,
    private readonly memberships: MembershipStore,
    private readonly payees: PayeeStore,
    private readonly publish: Publish,
    private readonly logger: Logger,
  ) {}

  async run(caller: Caller, { layout, asAt, fileName, chunks }: FileToImport): Promise<Receipt> {
    await this.access.require(caller, FILE_ROLES, ENGLAND);
    if (containsNhsNumber(fileName)) throw new PatientIdentifierFoundError('The file name');
    const ready = await this.layouts.read(layout, asAt, chunks);
    const receipt = await this.database.transaction((tx) =>
      this.keep(tx, caller, layout, asAt, fileName, ready),
    );
    const { file, repeated } = receipt;
    this.logger.info('ORGANISATION_FILE_TAKEN', {
      fileId: file.fileId,
      layout,
      asAt,
      repeated,
      accepted: file.accepted,
      changed: file.changed,
      rejected: file.rejected,
    });
    return receipt;
  }

  private async keep(
    tx: Tx,
    caller: Caller,
    layout: Layout,
    asAt: LondonDate,
    fileName: string,
    ready: ReadyFile,
  ): Promise<Receipt> {
    await this.files.lockForFile(tx);
    const { read, skipped } = ready;
    const known = await this.files.newest(tx, layout, asAt);
    if (known?.sha256.equals(read.sha256)) return { file: known, repeated: true };
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
    );
    const kept = await ready.keep(tx, caller.personId);
    const followed = layout === 'people' ? { changed: 0, notes: {} } : await this.republish(tx, layout, asAt);
    const effect = {
      changed: kept.changed + followed.changed,
      notes: {
        ...kept.notes,
        ...followed.notes,
        ...(read.blankRows > 0 ? { blankRows: read.blankRows } : {}),
      },
    };
    return { file: await this.files.complete(tx, fileId, effect), repeated: false };
  }

  /** Derives everything afresh from all files and publishes what differs: so their order never matters. */
  private async republish(tx: Tx, layout: Layout, asAt: LondonDate): Promise<FileEffect> {
    const records = await this.records.load(tx);
    const { now, changes, notes } = await this.republishMemberships(tx, layout, asAt, records);
    const known = await this.organisations.all(tx);
    const commissioners = [...known.values()].flatMap(({ organisation: o }) =>
      o.kind === 'commissioner' ? [o.code] : [],
    );
    const newestFileAsAt = await this.statements.newestFileAsAt(tx);
    const derived = deriveOrganisations(records, { membersByPcn: now, newestFileAsAt }, commissioners);
    const paid = withPayees(derived, await this.payees.confirmed(tx));
    const organisations = await this.publish.publishOrganisations(tx, known, paid);
    const kinds = countKinds(changes);
    return {
      changed: organisations.registered + organisations.changed + organisations.closed + changes.length,
      notes: {
        ...notes,
        organisationsRegistered: organisations.registered,
        organisationsChanged: organisations.changed,
        organisationsClosed: organisations.closed,
        pcnsEstablished: kinds.established,
        pcnsJoined: kinds.joined,
        pcnsLeft: kinds.left,
        pcnsCorrected: kinds.corrected,
      },
    };
  }

  private async republishMemberships(
    tx: Tx,
    layout: Layout,
    asAt: LondonDate,
    { practices }: Records,
  ): Promise<{
    now: ReadonlyMap<string, readonly MemberSpell[]>;
    changes: readonly PcnChange[];
    notes: Readonly<Record<string, number>>;
  }> {
    const published = await this.memberships.all(tx);
    // A list of PCNs tells nothing of memberships, so what is published stands; a list of practices may close some.
    if (layout !== 'pcn-memberships' && layout !== 'practice-pcn-icb' && layout !== 'practices')
      return {
        now: new Map([...published].map(([code, { members }]) => [code, members])),
        changes: [],
        notes: {},
      };
    const statements = await this.statements.load(tx);
    let notes = {};
    for (const snapshot of snapshotDates(statements)) {
      const compared = compareWithEarlier(statements, snapshot);
      refuseHalfAFile(snapshot, compared);
      if (layout === 'practice-pcn-icb' && snapshot === asAt) notes = compared;
    }
    const closed = closedPractices(practices);
    const now = membersByPcn(
      new Map([...statements].map(([code, said]) => [code, whileOpen(resolve(said), closed.get(code))])),
    );
    const correction = layout === 'pcn-memberships';
    return { now, changes: await this.publish.publishMemberships(tx, published, now, correction), notes };
  }
}

function snapshotDates(statements: ReadonlyMap<string, readonly Statement[]>): Set<LondonDate> {
  const dates = new Set<LondonDate>();
  for (const said of statements.values())
    for (const statement of said) if (statement.kind === 'snapshot') dates.add(statement.asAt);
  return dates;
}
