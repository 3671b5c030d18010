import type { LondonDate } from '@attest/calendar';
import type { EventOf, QualityServicePublishedV1, ReadonlyPolicy } from '@attest/contracts';
import type { Tx } from '@attest/persistence';
import type { Declaration } from '../../domain/core/declaration.js';
import type { CalendarDates } from '../../domain/periods/window.js';

/** A declaration whose service has another policy now, locked. */
export interface OutdatedDeclaration {
  readonly declaration: Declaration;
  readonly policy: ReadonlyPolicy | null;
}

export interface ChangedPolicy {
  readonly serviceCode: string;
  /** Of the newest publication that changed it. */
  readonly serviceVersion: bigint;
}

/** What of a declaration, stored or about to be, finds its dates. */
export type Dated = Pick<
  Declaration,
  'declarationId' | 'serviceCode' | 'achievementDate' | 'commissionerCode'
>;

/** Policies by service and financial year, and what they leave to the system. */
export abstract class PolicyStore {
  /** Keeps the policy of the highest version of each service and financial year. */
  abstract record(tx: Tx, published: readonly EventOf<typeof QualityServicePublishedV1>[]): Promise<void>;
  /** Services whose declarations have not all been told yet. */
  abstract changed(): Promise<ChangedPolicy[]>;
  /** The next `limit` after this id that have another policy than their service, in the order of their locks. */
  abstract lockOutdated(
    tx: Tx,
    serviceCode: string,
    after: string | null,
    limit: number,
  ): Promise<OutdatedDeclaration[]>;
  /** All of its declarations know this version; one published since is still to be told. */
  abstract markTold(tx: Tx, changed: ChangedPolicy): Promise<void>;
  /** By declaration id: the calendar's dates, or those that a thaw set in their place. */
  abstract calendars(
    tx: Pick<Tx, 'query'>,
    declarations: readonly Dated[],
  ): Promise<Map<string, CalendarDates>>;
  /** Up to `limit` after this id in which the system has something to do today, in the order of ids. */
  abstract lockDue(tx: Tx, today: LondonDate, after: string | null, limit: number): Promise<Declaration[]>;
  /** The same, unlocked. */
  abstract findDue(tx: Tx, today: LondonDate, after: string | null, limit: number): Promise<Declaration[]>;
}
