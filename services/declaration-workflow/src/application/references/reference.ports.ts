import type {
  AgencyPublishedV1,
  EventOf,
  QualityServicePublishedV1,
  ReadonlyPolicy,
} from '@attest/contracts';
import type { CalendarEntryKey, Tx } from '@attest/persistence';
import type { Declaration } from '../../domain/core/declaration.js';
import type { AchievementIdentity, Address, MembershipChange } from '../../domain/core/stimulus.js';
import type { PeriodDates } from '../../domain/periods/window.js';

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
