import type { LondonDate } from '@attest/calendar';
import type { CalendarEntryKey, Tx } from '@attest/persistence';
import type {
  AgencyPublishedV1,
  EventOf,
  QualityServicePublishedV1,
  ReadonlyPolicy,
  Role,
} from '@attest/contracts';
import type { Declaration, Figures, Override } from '../../domain/core/declaration.js';
import type { AchievementIdentity, Address, MembershipChange } from '../../domain/core/stimulus.js';
import type { CalendarDates, PeriodDates } from '../../domain/periods/window.js';
import type { ArrivedFigures, WaitingAchievement } from '../figures/arrived-figures.js';
import type { Correction } from '../signing/correct-declaration.js';
import type { OutsideSettlement } from '../signing/settle-outside.js';
import type { WrittenBatch } from './declaration-batch.js';

/** A declaration that a person wants to move, locked, with what decides whether they may. */
export interface AskedDeclaration {
  readonly declaration: Declaration;
  /** Some key of some topic is parked here: look closer. */
  readonly anythingParked: boolean;
  /** Some period is frozen: look closer. */
  readonly anythingFrozen: boolean;
  /** The organisation at which the person holds the role, nearest first; null when nowhere. */
  readonly actsFor: string | null;
  readonly actsAs: 'provider' | 'commissioner';
  readonly calendar: CalendarDates | null;
}

export interface Asking {
  readonly personId: string;
  readonly roles: readonly Role[];
  /** Whose role counts: the provider's organisation and those above it, or the commissioner and those above it. */
  readonly at: 'provider' | 'commissioner';
  readonly today: LondonDate;
}

/** Declarations are locked in id order, so that two sets never wait for each other in a circle. */
export interface GivenApproval {
  readonly declarationId: string;
  readonly approvalId: string;
}

export interface AskedByRun {
  readonly declarationId: string;
  readonly runId: string;
}

export const askedBy = ({ declarationId, runId }: AskedByRun): string => `${declarationId}|${runId}`;

export abstract class DeclarationStore {
  abstract lock(tx: Tx, declarationIds: readonly string[]): Promise<Declaration[]>;
  abstract lockAsked(tx: Tx, declarationIds: readonly string[], asking: Asking): Promise<AskedDeclaration[]>;
  /** All declarations of these achievements, adjustments too. */
  abstract lockAchievements(tx: Tx, achievements: readonly AchievementIdentity[]): Promise<Declaration[]>;
  /** All declarations of the achievements to which these belong. */
  abstract lockFamilies(tx: Tx, declarationIds: readonly string[]): Promise<Declaration[]>;
  /** Declarations whose figures depend on membership and whose organisation and date a change reaches. */
  abstract lockReached(tx: Tx, reaches: readonly Reach[]): Promise<Declaration[]>;
  /** Up to `limit` with a hold whose last day has passed and of which nobody was told. */
  abstract lockExpired(tx: Tx, today: LondonDate, limit: number): Promise<Declaration[]>;
  /** Up to `limit` of those before confirm whose commissioner, or whose calendar's payment period, is now another. */
  abstract lockMisaddressed(
    tx: Tx,
    of: ReferenceKind,
    codes: readonly string[],
    limit: number,
  ): Promise<MisaddressedDeclaration[]>;
  /** Which of these approvals were applied or refused before, by id. */
  abstract answeredApprovals(tx: Tx, approvals: readonly GivenApproval[]): Promise<ReadonlySet<string>>;
  /** Which of these requests were confirmed or refused before, as `askedBy`. */
  abstract answeredRuns(tx: Tx, asked: readonly AskedByRun[]): Promise<ReadonlySet<string>>;
  abstract keepRefused(tx: Tx, approvals: readonly GivenApproval[]): Promise<void>;
  /** Inserts, updates guarded by revision, history and results: a statement each, however many. */
  abstract write(tx: Tx, batch: WrittenBatch): Promise<void>;
}

export interface MisaddressedDeclaration {
  readonly declaration: Declaration;
  readonly address: Address;
}

export type ReferenceKind = 'organisation' | 'service';

/** An organisation or a service whose declarations may not all have followed its change. */
export interface ChangedReference {
  readonly code: string;
  /** Counts its changes: one that came meanwhile is still to be followed. */
  readonly change: bigint;
}

export abstract class ReferencesToFollow {
  abstract add(tx: Tx, kind: ReferenceKind, codes: readonly string[]): Promise<void>;
  /** What of these declarations, as they are stored now, has another commissioner, period or policy is to be followed. */
  abstract addMisaddressed(tx: Tx, declarationIds: readonly string[]): Promise<void>;
  abstract next(kind: ReferenceKind, limit: number): Promise<ChangedReference[]>;
  abstract followed(tx: Tx, kind: ReferenceKind, changed: readonly ChangedReference[]): Promise<void>;
}

/** A membership change as it reaches one organisation. */
export interface Reach {
  readonly organisationCode: string;
  readonly change: MembershipChange;
}

/** What an achievement needs to be opened; null fields have not arrived. */
export interface AchievementPlace {
  readonly address: Address | null;
  readonly memberships: readonly MembershipChange[];
  /** Null: the default. */
  readonly policy: ReadonlyPolicy | null;
}

export abstract class ReferenceStore {
  /** By `achievementKey`. */
  abstract places(
    tx: Tx,
    achievements: readonly AchievementIdentity[],
  ): Promise<Map<string, AchievementPlace>>;
  /** What all calendars together say of each payment period. */
  abstract periods(tx: Pick<Tx, 'query'>): Promise<PeriodDates[]>;
  /** What the calendars of these services say of each payment period, by service code. */
  abstract periodsOf(
    tx: Pick<Tx, 'query'>,
    serviceCodes: readonly string[],
  ): Promise<ReadonlyMap<string, readonly PeriodDates[]>>;
  abstract addRequirements(tx: Tx, reaches: readonly Reach[]): Promise<void>;
}

export abstract class WaitingStore {
  abstract take(tx: Tx, achievements: readonly AchievementIdentity[]): Promise<WaitingAchievement[]>;
  /** Those with figures whose organisation, or service with its calendar, is known now. */
  abstract takeReady(tx: Tx, limit: number): Promise<WaitingAchievement[]>;
  abstract keep(tx: Tx, waiting: readonly WaitingAchievement[]): Promise<void>;
}

/** Which upstream keys could not be read here. */
export interface ParkedUpstream {
  /** Since when something that this declaration depends on is parked; null when nothing is. */
  since(d: Declaration): Date | null;
  /**
   * The same for one of its own signatures. What is parked of those keeps its order by itself, and a parked one is
   * replayed while its key still counts as parked: it must not stand in its own way.
   */
  sinceBesideApprovals(d: Declaration): Date | null;
}

export const NOTHING_PARKED: ParkedUpstream = { since: () => null, sinceBesideApprovals: () => null };

export abstract class ParkedStore {
  abstract load(tx: Pick<Tx, 'query'>): Promise<ParkedUpstream>;
}

export abstract class Locks {
  /** Opening a declaration and recording a membership change exclude each other: neither may miss the other. */
  abstract forOpening(tx: Tx): Promise<void>;
  abstract forMembershipChange(tx: Tx): Promise<void>;
  /**
   * Keeping back what arrives for want of a place, shared, and opening those whose place has become known, alone: each
   * sees all that the other did. Before any declaration is locked.
   */
  abstract forArrivals(tx: Tx): Promise<void>;
  abstract forWaiting(tx: Tx): Promise<void>;
}

/** Figures with a result of their own, kept for people to see. */
export interface KeptResult extends ArrivedFigures {
  readonly achievement: AchievementIdentity;
  readonly eventId: string;
}

export abstract class ServiceStore {
  /**
   * Keeps the highest version of each service, its calendar with it.
   * @returns the calendar entries that stay although they are published no more: declarations rest on them
   */
  abstract recordServices(
    tx: Tx,
    published: readonly EventOf<typeof QualityServicePublishedV1>[],
  ): Promise<readonly CalendarEntryKey[]>;
  abstract recordAgencies(tx: Tx, agencies: readonly EventOf<typeof AgencyPublishedV1>[]): Promise<void>;
}

export abstract class CorrectionStore {
  /** False when this attempt has one already. */
  abstract add(tx: Tx, correction: Correction): Promise<boolean>;
  /** One that was not withdrawn. */
  abstract find(tx: Tx, declarationId: string, correctionId: string): Promise<Correction | undefined>;
  abstract confirm(tx: Tx, correctionId: string, personId: string, at: Date): Promise<void>;
  abstract withdraw(tx: Tx, correctionId: string, personId: string, at: Date): Promise<void>;
}

/** Results that were kept because they differed from the ones before. */
export abstract class ResultStore {
  /** Of one achievement, newest first. */
  abstract of(tx: Pick<Tx, 'query'>, achievement: AchievementIdentity): Promise<Figures[]>;
}

/** Earlier figures that commissioners signed to keep. */
export abstract class OverrideStore {
  abstract add(tx: Tx, override: SignedOverride): Promise<void>;
}

export interface SignedOverride {
  readonly overrideId: string;
  readonly declarationId: string;
  readonly declarationVersion: number;
  readonly holdId: string;
  readonly pcnCode: string;
  readonly membershipVersion: number;
  readonly override: Override;
}

export abstract class OutsideSettlementStore {
  /** False when this version has one already. */
  abstract add(tx: Tx, settlement: OutsideSettlement): Promise<boolean>;
  /** One that was not withdrawn. */
  abstract find(tx: Tx, declarationId: string, settlementId: string): Promise<OutsideSettlement | undefined>;
  abstract confirm(tx: Tx, settlementId: string, personId: string, at: Date): Promise<void>;
  abstract withdraw(tx: Tx, settlementId: string, personId: string, at: Date): Promise<void>;
}

export abstract class BulkLimits {
  /** Declarations locked together: a hold waits for one chunk at most. */
  abstract readonly chunkSize: number;
}
