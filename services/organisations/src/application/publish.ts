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
import { Outbox } from '@attest/messaging';
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
    for (const organisation of now) {
      const before = known.get(organisation.code);
      if (before && !differs(before.organisation, organisation)) continue;
      const fact = factOf(before?.organisation, organisation);
      const version = (before?.version ?? 0n) + 1n;
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
    for (const pcnCode of new Set([...known.keys(), ...now.keys()])) {
      const before = known.get(pcnCode) ?? { version: 0n, members: [] };
      const change = pcnChange(pcnCode, before, now.get(pcnCode) ?? [], correction);
      if (change === null) continue;
      changes.push(change);
      saved.set(pcnCode, { version: before.version + 1n, members: now.get(pcnCode) ?? [] });
    }
    await this.memberships.save(tx, saved);
    await this.memberships.keepTold(tx, changes);
    await this.outbox.add(
      tx,
      changes.map(({ kind, state }) => newEvent(MEMBERSHIP_EVENTS[kind], state)),
    );
    return changes;
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
