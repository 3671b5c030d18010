import type { PageField, QualityService, RulePack } from '@attest/contracts';

/** A quality service with its rule pack as it holds now. */
export interface KnownService {
  readonly serviceCode: string;
  readonly providerKind: QualityService['providerKind'];
  readonly startOn: string;
  /** The day after the last one. */
  readonly endOn: string | null;
  readonly rulePack: RulePack;
  readonly needsPage: boolean;
  readonly needsMembership: boolean;
  readonly needsListSize: boolean;
  /** Fields by the pack version that ordered a page. */
  readonly fieldsOfVersion: ReadonlyMap<number, readonly PageField[]>;
}

export interface Identity {
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly organisationCode: string;
}

/** The event that makes a figure be made anew. */
export interface Cause {
  readonly topic: string;
  readonly key: string;
  readonly version: number;
}

export interface Touched extends Identity {
  readonly cause: Cause | null;
}

export const runsAt = (service: KnownService, date: string): boolean =>
  service.startOn <= date && (service.endOn === null || date < service.endOn);
