import type { LondonDate } from '@attest/calendar';
import {
  newEvent,
  OrganisationChangedV1,
  OrganisationClosedV1,
  OrganisationRegisteredV1,
  PcnMembershipCorrectedV1,
  PcnMembershipEstablishedV1,
  PcnMembershipJoinedV1,
  PcnMembershipLeftV1,
  type NewEvent,
} from '@attest/contracts';
import { Outbox, versionsOf } from '@attest/messaging';
import type { Tx } from '@attest/persistence';
import { Injectable } from '@nestjs/common';
import type { MemberSpell } from '../domain/memberships/spell.js';
import { pcnChange, type MembershipEventKind, type PcnChange } from '../domain/memberships/pcn-members.js';
import { differs, type Organisation } from '../domain/register/organisation.js';
import { MembershipStore, OrganisationStore, type Published, type PublishedMembers } from './ports.js';

export const MEMBERSHIP_EVENTS = {
  established: PcnMembershipEstablishedV1,
  joined: PcnMembershipJoinedV1,
  left: PcnMembershipLeftV1,
  corrected: PcnMembershipCorrectedV1,
} as const;

type OrganisationFact = 'registered' | 'changed' | 'closed';
const ORGANISATION_EVENTS = {
  registered: OrganisationRegisteredV1,
  changed: OrganisationChangedV1,
  closed: OrganisationClosedV1,
} as const;

/** Takes what was published to what is known now: new versions and their events, and nothing where nothing differs. */
@Injectable()
export class Publish {
  constructor(
    private readonly organisations: OrganisationStore,
    private readonly memberships: MembershipStore,
    private readonly outbox: Outbox,
  ) {}

  async publishOrganisations(
    tx: Tx,
    known: ReadonlyMap<string, Published>,
    now: readonly Organisation[],
  ): Promise<Record<OrganisationFact, number>> {
    const counts = { registered: 0, changed: 0, closed: 0 };
    const changed: Published[] = [];
    const events: NewEvent[] = [];
    const versions = await versionsOf(tx);
    for (const organisation of now) {
      const before = known.get(organisation.code);
      if (before && !differs(before.organisation, organisation)) continue;
      const fact = factOf(before?.organisation, organisation);
      const version = versions.after(before?.version ?? 0n);
      counts[fact]++;
      changed.push({ organisation, version });
      events.push(
        newEvent(ORGANISATION_EVENTS[fact], { ...organisation, organisationVersion: Number(version) }),
      );
    }
    await this.organisations.save(tx, changed);
    await this.outbox.add(tx, events);
    return counts;
  }

  /** @param correction whether a file of histories is the cause, see pcnChange */
  async publishMemberships(
    tx: Tx,
    known: ReadonlyMap<string, PublishedMembers>,
    now: ReadonlyMap<string, readonly MemberSpell[]>,
    correction: boolean,
  ): Promise<PcnChange[]> {
    const changes: PcnChange[] = [];
    const saved = new Map<string, PublishedMembers>();
    const versions = await versionsOf(tx);
    for (const pcnCode of new Set([...known.keys(), ...now.keys()])) {
      const before = known.get(pcnCode) ?? { version: 0n, members: [] };
      const version = versions.after(before.version);
      const change = pcnChange(pcnCode, before, { version, members: now.get(pcnCode) ?? [] }, correction);
      if (change === null) continue;
      changes.push(change);
      saved.set(pcnCode, { version, members: now.get(pcnCode) ?? [] });
    }
    await this.writeMemberships(tx, saved, changes);
    return changes;
  }

  /** What stands of these, told again under new versions. @returns the codes of which something stands */
  async tellOrganisationsAgain(tx: Tx, codes: readonly string[]): Promise<Set<string>> {
    const versions = await versionsOf(tx);
    const known = await this.organisations.find(tx, codes);
    const again = [...known.values()].map(({ organisation, version }) => ({
      organisation,
      version: versions.after(version),
    }));
    await this.organisations.save(tx, again);
    await this.outbox.add(
      tx,
      again.map(({ organisation, version }) =>
        newEvent(OrganisationChangedV1, { ...organisation, organisationVersion: Number(version) }),
      ),
    );
    return new Set(known.keys());
  }

  /** @param told the members of each PCN as others know them; also of one that has none here */
  async tellMembersAgain(tx: Tx, told: ReadonlyMap<string, readonly MemberSpell[]>): Promise<void> {
    const versions = await versionsOf(tx);
    const changes: PcnChange[] = [];
    const saved = new Map<string, PublishedMembers>();
    for (const [pcnCode, { version: known, members }] of await this.memberships.lock(tx, [...told.keys()])) {
      const version = versions.after(known);
      const others = { version: known, members: told.get(pcnCode)! };
      const change = pcnChange(pcnCode, others, { version, members }, true);
      if (change === null) continue;
      changes.push(change);
      saved.set(pcnCode, { version, members });
    }
    await this.writeMemberships(tx, saved, changes);
  }

  private async writeMemberships(
    tx: Tx,
    saved: ReadonlyMap<string, PublishedMembers>,
    changes: readonly PcnChange[],
  ): Promise<void> {
    await this.memberships.save(tx, saved);
    await this.memberships.keepTold(tx, changes);
    await this.outbox.add(
      tx,
      changes.map(({ kind, state }) => newEvent(MEMBERSHIP_EVENTS[kind], state)),
    );
  }
}

function factOf(before: Organisation | undefined, now: Organisation): OrganisationFact {
  if (!before) return 'registered';
  const closes = (date: LondonDate | string | null): boolean => date !== null;
  return closes(now.closeOn) && now.closeOn !== before.closeOn ? 'closed' : 'changed';
}

export function countKinds(changes: readonly PcnChange[]): Record<MembershipEventKind, number> {
  const counts = { established: 0, joined: 0, left: 0, corrected: 0 };
  for (const { kind } of changes) counts[kind]++;
  return counts;
}
