import { Access, NotYourOrganisationError, type Caller } from '@attest/auth';
import { BusinessClock, type LondonDate } from '@attest/calendar';
import { uuidV7, type Role } from '@attest/contracts';
import { AttestError, refuseReason } from '@attest/errors';
import { Database, type Tx } from '@attest/persistence';
import { Logger } from '@attest/telemetry';
import { Injectable } from '@nestjs/common';
import {
  refuseByTimeline,
  refuseClosed,
  refuseWithoutLooking,
  type WantedChange,
} from '../domain/memberships/membership-change.js';
import { replaced, type MembershipEventKind, type PcnChange } from '../domain/memberships/pcn-members.js';
import { resolve, type Statement } from '../domain/memberships/statements.js';
import { whileOpen, type Timeline } from '../domain/memberships/timeline.js';
import { ItemRepeatedError, PcnUnknownError, PracticeUnknownError } from '../domain/organisations.errors.js';
import type { Organisation } from '../domain/register/organisation.js';
import {
  FileStore,
  MembershipStore,
  OrganisationStore,
  StatementStore,
  type MembershipChange,
  type Published,
} from './ports.js';
import { Publish } from './publish.js';

export const CHANGE_ROLES: readonly Role[] = ['ORGANISATION_ADMINISTRATION'];

export interface RequestedChange {
  readonly practiceCode: string;
  readonly leavesPcnCode: string | null;
  readonly joinsPcnCode: string | null;
  readonly effectiveOn: LondonDate;
}

export interface MembershipChangeRequest extends RequestedChange {
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

/** One of many: recorded under an id, or refused with a code and what to do next. */
export type ChangeResult =
  | { readonly practiceCode: string; readonly changeId: string }
  | { readonly practiceCode: string; readonly refused: AttestError };

export interface MembershipsChanged {
  /** In the order of the request. */
  readonly results: readonly ChangeResult[];
  /** Each once, whatever number of its practices moved. */
  readonly pcns: readonly ChangedPcn[];
}

/** Practices leave their PCN, join one, or both: all PCNs concerned are told in one transaction, each once. */
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

  /** @throws what the one change is refused with */
  async run(caller: Caller, request: MembershipChangeRequest): Promise<MembershipChanged> {
    const { results, pcns } = await this.all(caller, request.reason, [request]);
    const result = results[0]!;
    if ('refused' in result) throw result.refused;
    return { ...result, effectiveOn: request.effectiveOn, pcns };
  }

  /** Each change is taken or refused by itself; what is taken is published together. */
  async all(
    caller: Caller,
    statedReason: string,
    requests: readonly RequestedChange[],
  ): Promise<MembershipsChanged> {
    const reason = refuseReason(statedReason);
    const changes = requests.map(wantedOf);
    const refusals = new Refusals(changes);
    const today = this.clock.today();
    refusals.refuse((change) => refuseWithoutLooking(change, today));
    await this.refuseForeign(caller, refusals);
    // Nothing that could be done: nobody waits for a lock because of it.
    const told =
      refusals.open().length === 0
        ? { ids: new Map<string, string>(), pcns: [] }
        : await this.database.transaction((tx) => this.apply(tx, caller, refusals, reason));
    this.logger.info('PCN_MEMBERSHIP_CHANGED', {
      changes: told.ids.size,
      refused: changes.length - told.ids.size,
      pcns: told.pcns.length,
      ...(changes.length === 1 ? { practiceCode: changes[0]!.practiceCode } : {}),
    });
    return {
      results: changes.map((change) => {
        const { practiceCode } = change;
        const refused = refusals.of(change);
        return refused ? { practiceCode, refused } : { practiceCode, changeId: told.ids.get(practiceCode)! };
      }),
      pcns: told.pcns.map(toldOf),
    };
  }

  /** Whoever administers the practice may move it; so may who administers every PCN that it touches. */
  private async refuseForeign(caller: Caller, refusals: Refusals): Promise<void> {
    const codes = new Set(refusals.open().flatMap((change) => [change.practiceCode, ...pcnsOf(change)]));
    const allowed = await this.access.allowed(caller, CHANGE_ROLES, [...codes]);
    const seen = await this.access.seen(caller, [...codes]);
    refusals.refuse((change) => {
      if (allowed.has(change.practiceCode) || pcnsOf(change).every((pcn) => allowed.has(pcn))) return;
      // Whoever knows the PCN that it leaves knows who its members are.
      const isKnown = [change.practiceCode, change.leaves].some((code) => code !== null && seen.has(code));
      if (!isKnown) throw new PracticeUnknownError(change.practiceCode);
      throw new NotYourOrganisationError(change.practiceCode, CHANGE_ROLES);
    });
  }

  private async apply(
    tx: Tx,
    caller: Caller,
    refusals: Refusals,
    reason: string,
  ): Promise<{ ids: Map<string, string>; pcns: readonly PcnChange[] }> {
    await this.files.lockForChange(tx);
    const codes = refusals.open().flatMap((change) => [change.practiceCode, ...pcnsOf(change)]);
    const found = await this.organisations.find(tx, [...new Set(codes)]);
    refusals.refuse((change) => refuseUnknown(change, found));
    // First the PCNs, then the practices, each in code order: two changes never wait for each other in a circle.
    const known = await this.memberships.lock(tx, refusals.open().flatMap(pcnsOf));
    const practices = refusals.open().map((change) => change.practiceCode);
    await this.organisations.lock(tx, practices);

    const standing = await this.files.standing(tx);
    const said = await this.statements.load(tx, standing, practices);
    const of = (practiceCode: string): readonly Statement[] => said.get(practiceCode) ?? [];
    refusals.refuse((change) => refuseByTimeline(change, resolve(of(change.practiceCode))));

    const newestFileAsAt = standing.newestMembershipsAsAt;
    const recordedAt = this.clock.now();
    const kept: MembershipChange[] = [];
    const timelines = new Map<string, Timeline>();
    for (const change of refusals.open()) {
      const { practiceCode, effectiveOn } = change;
      const ranksOn = newestFileAsAt !== null && newestFileAsAt > effectiveOn ? newestFileAsAt : effectiveOn;
      kept.push({
        changeId: uuidV7(),
        ...change,
        ranksOn,
        reason,
        recordedBy: caller.personId,
        recordedAt,
      });
      timelines.set(
        practiceCode,
        whileOpen(
          resolve([...of(practiceCode), { kind: 'change', ...change, ranksOn, received: LAST }]),
          found.get(practiceCode)!.organisation.closeOn as LondonDate | null,
        ),
      );
    }
    await this.statements.addChanges(tx, kept);
    const pcns = await this.publish.publishMemberships(tx, known, replaced(known, timelines), false);
    return { ids: new Map(kept.map(({ practiceCode, changeId }) => [practiceCode, changeId])), pcns };
  }
}

/** What is wrong with each of the changes, the first thing found of each. */
class Refusals {
  private readonly found = new Map<WantedChange, AttestError>();

  constructor(private readonly changes: readonly WantedChange[]) {
    const seen = new Set<string>();
    // A practice is moved once: which of two moves comes first would be anybody's guess.
    this.refuse(({ practiceCode }) => {
      if (seen.has(practiceCode)) throw new ItemRepeatedError(practiceCode);
      seen.add(practiceCode);
    });
  }

  /** Those with which nothing is wrong so far. */
  open(): readonly WantedChange[] {
    return this.changes.filter((change) => !this.found.has(change));
  }

  of(change: WantedChange): AttestError | undefined {
    return this.found.get(change);
  }

  refuse(check: (change: WantedChange) => void): void {
    for (const change of this.open())
      try {
        check(change);
      } catch (error) {
        if (!(error instanceof AttestError)) throw error;
        this.found.set(change, error);
      }
  }
}

function refuseUnknown(change: WantedChange, found: ReadonlyMap<string, Published>): void {
  const of = (code: string, kind: Organisation['kind']): Organisation | undefined => {
    const organisation = found.get(code)?.organisation;
    return organisation?.kind === kind ? organisation : undefined;
  };
  const practice = of(change.practiceCode, 'practice');
  if (!practice) throw new PracticeUnknownError(change.practiceCode);
  const pcns = pcnsOf(change).map((code) => {
    const pcn = of(code, 'pcn');
    if (!pcn) throw new PcnUnknownError(code);
    return pcn;
  });
  // One may leave a PCN on the day it closes, but not join it.
  refuseClosed([practice, ...pcns.filter((pcn) => pcn.code === change.joins)], change.effectiveOn);
}

/** The statement is not stored with its number yet; nothing was received after it. */
const LAST = 2n ** 62n;

const wantedOf = (request: RequestedChange): WantedChange => ({
  practiceCode: request.practiceCode,
  leaves: request.leavesPcnCode,
  joins: request.joinsPcnCode,
  effectiveOn: request.effectiveOn,
});

const pcnsOf = ({ leaves, joins }: WantedChange): string[] =>
  [leaves, joins].filter((code): code is string => code !== null);

const toldOf = ({ kind, state }: PcnChange): ChangedPcn => ({
  pcnCode: state.pcnCode,
  change: kind,
  membershipVersion: state.membershipVersion,
  changedFrom: state.changedFrom as LondonDate,
  changedTo: state.changedTo as LondonDate | null,
});
