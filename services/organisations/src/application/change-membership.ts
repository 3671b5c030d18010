import { Access, NotYourOrganisationError, type Caller } from '@attest/auth';
import { BusinessClock, type LondonDate } from '@attest/calendar';
import { uuidV7, type Role } from '@attest/contracts';
import { refuseReason } from '@attest/errors';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import {
  refuseByTimeline,
  refuseClosed,
  refuseWithoutLooking,
  type WantedChange,
} from '../domain/memberships/membership-change.js';
import type { MembershipEventKind, PcnChange } from '../domain/memberships/pcn-members.js';
import type { MemberSpell } from '../domain/memberships/spell.js';
import { resolve, type Statement } from '../domain/memberships/statements.js';
import type { Timeline } from '../domain/memberships/timeline.js';
import { PcnUnknownError, PracticeUnknownError } from '../domain/organisations.errors.js';
import type { Organisation } from '../domain/register/organisation.js';
import {
  FileStore,
  MembershipStore,
  OrganisationStore,
  StatementStore,
  type PublishedMembers,
} from './ports.js';
import { Publish } from './publish.js';

export const CHANGE_ROLES: readonly Role[] = ['ORGANISATION_ADMINISTRATION'];

export interface MembershipChangeRequest {
  readonly practiceCode: string;
  readonly leavesPcnCode: string | null;
  readonly joinsPcnCode: string | null;
  readonly effectiveOn: LondonDate;
  readonly reason: string;
}

export interface ChangedPcn {
  readonly pcnCode: string;
  readonly change: MembershipEventKind;
  readonly membershipVersion: number;
  readonly changedFrom: LondonDate;
  readonly changedTo: LondonDate | null;
}

export interface MembershipChanged {
  readonly changeId: string;
  readonly practiceCode: string;
  readonly effectiveOn: LondonDate;
  readonly pcns: readonly ChangedPcn[];
}

/** A practice leaves its PCN, joins one, or both: both PCNs are told in one transaction. */
@Injectable()
export class ChangeMembership {
  constructor(
    private readonly access: Access,
    private readonly database: Database,
    private readonly clock: BusinessClock,
    private readonly files: FileStore,
    private readonly organisations: OrganisationStore,
    private readonly memberships: MembershipStore,
    private readonly statements: StatementStore,
    private readonly publish: Publish,
    private readonly logger: Logger,
  ) {}

  async run(caller: Caller, request: MembershipChangeRequest): Promise<MembershipChanged> {
    const reason = refuseReason(request.reason);
    const change: WantedChange = {
      practiceCode: request.practiceCode,
      leaves: request.leavesPcnCode,
      joins: request.joinsPcnCode,
      effectiveOn: request.effectiveOn,
    };
    refuseWithoutLooking(change, this.clock.today());
    await this.requireRole(caller, change);
    const changed = await this.database.transaction((tx) => this.apply(tx, caller, change, reason));
    this.logger.info('PCN_MEMBERSHIP_CHANGED', {
      changeId: changed.changeId,
      practiceCode: change.practiceCode,
      pcnCodes: changed.pcns.map((pcn) => pcn.pcnCode).join(','),
      effectiveOn: change.effectiveOn,
    });
    return changed;
  }

  /** Whoever administers the practice may move it; so may who administers every PCN that it touches. */
  private async requireRole(caller: Caller, change: WantedChange): Promise<void> {
    const pcns = pcnsOf(change);
    const allowed = await this.access.allowed(caller, CHANGE_ROLES, [change.practiceCode, ...pcns]);
    if (!allowed.has(change.practiceCode) && !pcns.every((pcn) => allowed.has(pcn)))
      throw new NotYourOrganisationError(change.practiceCode, CHANGE_ROLES);
  }

  private async apply(
    tx: Tx,
    caller: Caller,
    change: WantedChange,
    reason: string,
  ): Promise<MembershipChanged> {
    const { practiceCode, effectiveOn } = change;
    await this.files.lockForChange(tx);
    const touched = await this.findOpen(tx, change);
    // First the PCNs in code order, then the practice: two changes never wait for each other in a circle.
    const known = await this.memberships.lock(tx, touched.pcns);
    await this.organisations.lock(tx, practiceCode);

    const said = (await this.statements.load(tx, practiceCode)).get(practiceCode) ?? [];
    const before = resolve(said);
    refuseByTimeline(change, before);

    const newestFileAsAt = await this.statements.newestFileAsAt(tx);
    const ranksOn = newestFileAsAt !== null && newestFileAsAt > effectiveOn ? newestFileAsAt : effectiveOn;
    const changeId = uuidV7();
    await this.statements.addChange(tx, {
      changeId,
      ...change,
      ranksOn,
      reason,
      recordedBy: caller.personId,
      recordedAt: this.clock.now(),
    });
    const statement: Statement = { kind: 'change', ...change, ranksOn, received: LAST };
    const pcns = await this.publish.publishMemberships(
      tx,
      known,
      replaced(known, practiceCode, resolve([...said, statement])),
      false,
    );
    return { changeId, practiceCode, effectiveOn, pcns: pcns.map(told) };
  }

  private async findOpen(tx: Tx, change: WantedChange): Promise<{ pcns: string[] }> {
    const pcns = pcnsOf(change);
    const found = await this.organisations.find(tx, [change.practiceCode, ...pcns]);
    const of = (code: string, kind: Organisation['kind']): Organisation | undefined => {
      const organisation = found.get(code)?.organisation;
      return organisation?.kind === kind ? organisation : undefined;
    };
    const practice = of(change.practiceCode, 'practice');
    if (!practice) throw new PracticeUnknownError(change.practiceCode);
    const joined = pcns.map((code) => {
      const pcn = of(code, 'pcn');
      if (!pcn) throw new PcnUnknownError(code);
      return pcn;
    });
    // One may leave a PCN on the day it closes, but not join it.
    refuseClosed([practice, ...joined.filter((pcn) => pcn.code === change.joins)], change.effectiveOn);
    return { pcns };
  }
}

/** The statement is not stored with its number yet; nothing was received after it. */
const LAST = 2n ** 62n;

const pcnsOf = ({ leaves, joins }: WantedChange): string[] =>
  [leaves, joins].filter((code): code is string => code !== null);

/** The members of these PCNs with one practice's spells as they are now. */
function replaced(
  known: ReadonlyMap<string, PublishedMembers>,
  practiceCode: string,
  timeline: Timeline,
): Map<string, MemberSpell[]> {
  const members = new Map<string, MemberSpell[]>();
  for (const [pcnCode, { members: was }] of known) {
    const others = was.filter((m) => m.practiceCode !== practiceCode);
    const own = timeline
      .filter((s) => s.pcnCode === pcnCode)
      .map(({ from, to }) => ({ practiceCode, from, to }));
    const all = [...others, ...own];
    members.set(
      pcnCode,
      all.sort((a, b) => compare(a.practiceCode, b.practiceCode) || compare(a.from, b.from)),
    );
  }
  return members;
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const told = ({ kind, state }: PcnChange): ChangedPcn => ({
  pcnCode: state.pcnCode,
  change: kind,
  membershipVersion: state.membershipVersion,
  changedFrom: state.changedFrom as LondonDate,
  changedTo: state.changedTo as LondonDate | null,
});
