import type { Tx } from '@attest/persistence';
import type { Figures, Override } from '../../domain/core/declaration.js';
import type { AchievementIdentity } from '../../domain/core/stimulus.js';
import type { ArrivedFigures, WaitingAchievement } from './arrived-figures.js';

export abstract class WaitingStore {
  abstract take(tx: Tx, achievements: readonly AchievementIdentity[]): Promise<WaitingAchievement[]>;
  /** Those with figures whose organisation, or service with its calendar, is known now. */
  abstract takeReady(tx: Tx, limit: number): Promise<WaitingAchievement[]>;
  abstract keep(tx: Tx, waiting: readonly WaitingAchievement[]): Promise<void>;
}

/** Figures with a result of their own, kept for people to see. */
export interface KeptResult extends ArrivedFigures {
  readonly achievement: AchievementIdentity;
  readonly eventId: string;
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
