import type { LondonDate } from '@attest/calendar';
import type { Role } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { Declaration } from '../../domain/core/declaration.js';
import type { AchievementIdentity } from '../../domain/core/stimulus.js';
import type { CalendarDates } from '../../domain/periods/window.js';
import type { MisaddressedDeclaration, Reach, ReferenceKind } from '../references/reference.ports.js';
import type { WrittenBatch } from './written-batch.js';

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
  /**
   * Up to `limit` of those before confirm whose commissioner, or whose calendar's payment period, is now another, without
   * those that somebody else has locked.
   */
  abstract lockMisaddressed(
    tx: Tx,
    of: ReferenceKind,
    codes: readonly string[],
    limit: number,
  ): Promise<MisaddressedDeclaration[]>;
  /** Whether there is one, locked by somebody or not. */
  abstract anyMisaddressed(tx: Tx, of: ReferenceKind, codes: readonly string[]): Promise<boolean>;
  /** Which of these approvals were applied or refused before, by id. */
  abstract answeredApprovals(tx: Tx, approvals: readonly GivenApproval[]): Promise<ReadonlySet<string>>;
  /** Which of these requests were confirmed or refused before, as `askedBy`. */
  abstract answeredRuns(tx: Tx, asked: readonly AskedByRun[]): Promise<ReadonlySet<string>>;
  abstract keepRefused(tx: Tx, approvals: readonly GivenApproval[]): Promise<void>;
  /** Inserts, updates guarded by revision, history and results: a statement each, however many. */
  abstract write(tx: Tx, batch: WrittenBatch): Promise<void>;
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

/** Whose declarations may be opened: of these organisations, beside these declarations, or nobody knows yet. */
export type Openings =
  { readonly organisations: readonly string[] } | { readonly declarations: readonly string[] } | 'anywhere';

export abstract class Locks {
  /**
   * Opening a declaration and recording a membership change of its organisation exclude each other: neither may miss the
   * other. Those of other organisations go on.
   */
  abstract forOpening(tx: Tx, of: Openings): Promise<void>;
  /**
   * The same for whoever does not know yet whose declarations those will be. It never waits: see `forWaiting`.
   * @returns false while a membership change is being recorded: to be tried again
   */
  abstract tryOpeningAnywhere(tx: Tx): Promise<boolean>;
  abstract forMembershipChange(tx: Tx, organisations: readonly string[]): Promise<void>;
  /**
   * Whether nothing is being opened anywhere, then until the transaction ends. It never waits: while it waited for one
   * organisation, membership changes of all others would wait for it.
   */
  abstract againstAllOpening(tx: Tx): Promise<boolean>;
  /**
   * Keeping back what arrives for want of a place, shared, and opening those whose place has become known, alone: each
   * sees all that the other did. Before any declaration is locked. Who wants to be alone may wait long, for figures that
   * wait for a bulk, so nothing that a membership change needs is held meanwhile.
   */
  abstract forArrivals(tx: Tx): Promise<void>;
  abstract forWaiting(tx: Tx): Promise<void>;
}

export abstract class BulkLimits {
  /** Declarations locked together: a hold waits for one chunk at most. */
  abstract readonly chunkSize: number;
}
