import { addDays, BusinessClock, type LondonDate } from '@attest/calendar';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { Layout } from '../domain/files/layouts.js';
import { membersByPcn } from '../domain/memberships/pcn-members.js';
import type { MemberSpell } from '../domain/memberships/spell.js';
import { resolve, type Statement } from '../domain/memberships/statements.js';
import { whileOpen } from '../domain/memberships/timeline.js';
import { withPayees } from '../domain/payees/payee-change.js';
import { effectOf } from '../domain/register/effect.js';
import { isProvider, type Organisation } from '../domain/register/organisation.js';
import { closedPractices } from '../domain/register/practices.js';
import { deriveOrganisations } from '../domain/register/register.js';
import { compareWithEarlier } from './compare-vintages.js';
import { PayeeStore } from './payee-store.js';
import {
  FileStore,
  MembershipStore,
  OrganisationStore,
  RecordStore,
  StatementStore,
  type FileChange,
  type FileEffect,
  type Published,
  type PublishedMembers,
} from './ports.js';
import { countKinds, Publish } from './publish.js';

/** What follows from all files that count, beside what was published. */
export interface Derived {
  readonly known: ReadonlyMap<string, Published>;
  readonly publishedMembers: ReadonlyMap<string, PublishedMembers>;
  readonly organisations: readonly Organisation[];
  readonly members: ReadonlyMap<string, readonly MemberSpell[]>;
  readonly statements: ReadonlyMap<string, readonly Statement[]>;
}

/** Derives everything afresh from all files and publishes what differs: so their order never matters. */
@Injectable()
export class DeriveRegister {
  constructor(
    private readonly clock: BusinessClock,
    private readonly files: FileStore,
    private readonly records: RecordStore,
    private readonly statements: StatementStore,
    private readonly organisations: OrganisationStore,
    private readonly memberships: MembershipStore,
    private readonly payees: PayeeStore,
    private readonly publish: Publish,
  ) {}

  /** @param without as if this file did not count */
  async derive(tx: Tx, without?: string): Promise<Derived> {
    const standing = await this.files.standing(tx, without);
    const records = await this.records.load(tx, standing);
    const statements = await this.statements.load(tx, standing);
    const known = await this.organisations.all(tx);
    const publishedMembers = await this.memberships.all(tx);

    const named = new Set([
      ...records.practices.map((r) => r.practiceCode),
      ...records.pcns.map((r) => r.pcnCode),
      ...records.practices.flatMap((r) => r.icbCode ?? []),
      ...records.commissioners.map((r) => r.icbCode),
    ]);
    const unnamed = this.unnamed(known, named);
    const closed = closedPractices(records.practices);
    for (const { code, closeOn } of unnamed) closed.set(code, closeOn as LondonDate);
    const members = membersByPcn(
      new Map([...statements].map(([code, said]) => [code, whileOpen(resolve(said), closed.get(code))])),
    );
    const commissioners = [...known.values()].flatMap(({ organisation: o }) =>
      o.kind === 'commissioner' && named.has(o.code) ? [o.code] : [],
    );
    const newestFileAsAt = standing.newestMembershipsAsAt;
    const derived = deriveOrganisations(records, { membersByPcn: members, newestFileAsAt }, commissioners);
    const organisations = [...withPayees(derived, await this.payees.confirmed(tx)), ...unnamed];
    return { known, publishedMembers, organisations, members, statements };
  }

  /** @param correction whether what was known before was wrong: by a file of histories, or by one that is withdrawn */
  change(
    tx: Tx,
    file: { readonly layout: Layout; readonly asAt: LondonDate },
    derived: Derived,
    correction: boolean,
  ): FileChange {
    const { known, publishedMembers, organisations, members } = derived;
    const effect = effectOf(
      {
        organisations: new Map([...known].map(([code, { organisation }]) => [code, organisation])),
        membersByPcn: new Map([...publishedMembers].map(([code, pcn]) => [code, pcn.members])),
      },
      { organisations: new Map(organisations.map((o) => [o.code, o])), membersByPcn: members },
      file.asAt,
    );
    return { effect, publish: () => this.publishAll(tx, derived, file, correction) };
  }

  private async publishAll(
    tx: Tx,
    derived: Derived,
    { layout, asAt }: { readonly layout: Layout; readonly asAt: LondonDate },
    correction: boolean,
  ): Promise<FileEffect> {
    const changes = await this.publish.publishMemberships(
      tx,
      derived.publishedMembers,
      derived.members,
      correction,
    );
    const organisations = await this.publish.publishOrganisations(tx, derived.known, derived.organisations);
    const kinds = countKinds(changes);
    return {
      changed: organisations.registered + organisations.changed + organisations.closed + changes.length,
      notes: {
        ...(layout === 'practice-pcn-icb' ? compareWithEarlier(derived.statements, asAt) : {}),
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

  /** Nobody is forgotten: whom no file names any more, because one was withdrawn, is closed from that day on. */
  private unnamed(
    known: ReadonlyMap<string, Published>,
    named: ReadonlySet<string>,
  ): readonly (Organisation & { closeOn: string })[] {
    const today = this.clock.today();
    return [...known.values()].flatMap(({ organisation: o }) => {
      if (!(isProvider(o.kind) || o.kind === 'commissioner') || named.has(o.code)) return [];
      const openOn = o.openOn as LondonDate | null;
      const closeOn = o.closeOn ?? (openOn !== null && openOn >= today ? addDays(openOn, 1) : today);
      return [{ ...o, listSizes: [], closeOn }];
    });
  }
}
