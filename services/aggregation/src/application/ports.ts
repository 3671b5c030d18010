import type {
  EventOf,
  PageState,
  ParticipationsChangedV1,
  PcnMembershipState,
  QualityServicePublishedV1,
} from '@attest/contracts';
import type { CalendarEntryKey, Tx } from '@attest/persistence';
import type { Facts } from '../domain/facts.js';
import type { Figure } from '../domain/make-figure.js';
import type { Cause, Identity, KnownService } from '../domain/service.js';
import type { WrittenFigure } from '../domain/written-figure.js';

export interface PageKey {
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly practiceCode: string;
}
export interface ParticipationKey {
  readonly serviceCode: string;
  readonly providerCode: string;
}
export interface ListSizeKey {
  readonly organisationCode: string;
  readonly listSizeOn: string;
}
export interface MembershipChange {
  readonly pcnCode: string;
  readonly changedFrom: string;
  readonly changedTo: string | null;
  readonly changedPractices: readonly string[];
}
export interface ListSizesOf {
  readonly code: string;
  readonly organisationVersion: number;
  readonly listSizes: readonly { listSizeOn: string; registeredPatients: number }[];
}

/**
 * Who may change what at once. Everything that makes figures holds `services` and `memberships` shared; whoever
 * changes services or memberships holds theirs alone. So no figure is made from inputs that somebody else, who
 * did not see this figure, is changing.
 */
export abstract class Locks {
  abstract forFigures(tx: Tx): Promise<void>;
  abstract forMemberships(tx: Tx): Promise<void>;
  abstract forServices(tx: Tx): Promise<void>;
  /** One rebuild of a period at a time. */
  abstract forPeriod(tx: Tx, serviceCode: string, achievementDate: string): Promise<void>;
}

/** Keeps inputs, newest versions alone, and answers what was really newer than what stood there. */
export interface RecordedServices {
  /** Whose figures may differ. */
  readonly refigured: readonly string[];
  /** To which only dates were added. */
  readonly extended: readonly string[];
  /** Calendar entries that stay although they are published no more: figures of them were told. */
  readonly kept: readonly CalendarEntryKey[];
}

export abstract class InputStore {
  abstract recordPages(tx: Tx, pages: readonly PageState[]): Promise<readonly PageKey[]>;
  /** Answers the changes that were news, in their order. */
  abstract recordMemberships(
    tx: Tx,
    states: readonly PcnMembershipState[],
  ): Promise<readonly PcnMembershipState[]>;
  abstract recordListSizes(tx: Tx, organisations: readonly ListSizesOf[]): Promise<readonly ListSizeKey[]>;
  abstract recordServices(
    tx: Tx,
    published: readonly EventOf<typeof QualityServicePublishedV1>[],
  ): Promise<RecordedServices>;
  abstract recordParticipations(
    tx: Tx,
    changed: readonly EventOf<typeof ParticipationsChangedV1>[],
  ): Promise<readonly ParticipationKey[]>;
}

/** Which achievements depend on what changed. */
export abstract class TouchedStore {
  abstract byPages(tx: Tx, pages: readonly PageKey[]): Promise<readonly Identity[]>;
  /** `place` among the changes. */
  abstract byMemberships(
    tx: Tx,
    changes: readonly MembershipChange[],
  ): Promise<readonly (Identity & { place: number })[]>;
  abstract byListSizes(
    tx: Tx,
    keys: readonly ListSizeKey[],
  ): Promise<readonly (Identity & { listOf: string })[]>;
  abstract byParticipations(tx: Tx, keys: readonly ParticipationKey[]): Promise<readonly Identity[]>;
  /** All that a service has or could have; those not made yet alone with `onlyNew`. */
  abstract byService(tx: Tx, serviceCode: string, onlyNew: boolean): Promise<readonly Identity[]>;
  abstract byPeriod(tx: Tx, serviceCode: string, achievementDate: string): Promise<readonly Identity[]>;
  abstract byParkedKey(tx: Tx, topic: string, key: string): Promise<readonly Identity[]>;
  /** Nearly always not: ask before asking which. */
  abstract anythingParked(tx: Tx): Promise<boolean>;
  /** Those of these that depend on a key that is parked now, by their place. */
  abstract blockedAmong(tx: Tx, identities: readonly Identity[]): Promise<ReadonlyMap<number, BlockingKey>>;
}
export interface BlockingKey {
  readonly topic: string;
  readonly key: string;
}

export abstract class ServiceStore {
  /** By code. The same object for the same version, so that what is remembered with it stays. */
  abstract load(tx: Tx): Promise<ReadonlyMap<string, KnownService>>;
}

export abstract class FactStore {
  /** In the order of the identities, all of this service. */
  abstract load(tx: Tx, service: KnownService, identities: readonly Identity[]): Promise<readonly Facts[]>;
}

export interface AchievementState {
  /** False: nothing was ever said of it, and there is no row yet. */
  readonly exists: boolean;
  readonly figureRevision: number;
  readonly fingerprint: string | null;
  readonly awaitingRevision: number | null;
  readonly blockedRevision: number | null;
  readonly marks: number;
}

/** A figure to be published, as the next revision of its achievement. */
export interface NextFigure extends Identity {
  /** Whether there was a row when it was locked. */
  readonly exists: boolean;
  readonly figureRevision: number;
  readonly figure: Figure;
  readonly written: WrittenFigure;
  readonly cause: Cause | null;
}

export interface Marker extends Identity {
  readonly exists: boolean;
  readonly closesAtRevision: number;
}

export abstract class AchievementStore {
  /** Locks those that exist, in one order for everybody; answers all in the order of the identities. */
  abstract lock(tx: Tx, identities: readonly Identity[]): Promise<readonly AchievementState[]>;
  /** The same without a lock. */
  abstract states(tx: Tx, identities: readonly Identity[]): Promise<readonly AchievementState[]>;
  /** This and the markers below throw ConcurrentlyBegunError, which has the transaction run again. */
  abstract publish(tx: Tx, figures: readonly NextFigure[], calculatedAt: Date): Promise<void>;
  abstract markAwaiting(tx: Tx, markers: readonly Marker[]): Promise<void>;
  abstract markBlocked(tx: Tx, markers: readonly Marker[], code: string): Promise<void>;
}

export interface QueuedRecalculation {
  readonly recalculationId: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly cause: { topic: string; key: string; version: number } | null;
}
export interface RecalculationOutcome {
  readonly examined: number;
  readonly published: number;
  /** Figures that moved on meanwhile and were left alone. */
  readonly newer: number;
}

export abstract class RecalculationStore {
  abstract queue(
    tx: Tx,
    recalculations: readonly (QueuedRecalculation & { requestedBy: string | null })[],
    now: Date,
  ): Promise<void>;
  /** The oldest that nobody else is working on, locked until the end of the transaction. */
  abstract claim(tx: Tx): Promise<QueuedRecalculation | undefined>;
  abstract finish(tx: Tx, recalculationId: string, outcome: RecalculationOutcome, now: Date): Promise<void>;
}
