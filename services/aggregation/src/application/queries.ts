import type { AchievementInput, DeclaredValue } from '@attest/contracts';
import type { Page } from '@attest/http';
import type { Explanation } from '../domain/make-figure.js';
import type { Cause, Identity } from '../domain/service.js';

export interface AchievementSummary extends Identity {
  readonly figureRevision: number;
  readonly state: 'none' | 'calculated' | 'not-applicable';
  readonly code: string | null;
  readonly pence: bigint | null;
  readonly points: string | null;
  /** Figures of this revision or later end the open marker. */
  readonly awaitingRevision: number | null;
  readonly blockedCode: string | null;
  readonly updatedAt: Date | null;
}

export interface RevisionSummary {
  readonly figureRevision: number;
  readonly state: 'calculated' | 'not-applicable';
  readonly code: string | null;
  readonly pence: bigint | null;
  readonly points: string | null;
  readonly cause: Cause | null;
  readonly calculatedAt: Date;
}

export interface RevisionView extends RevisionSummary {
  readonly values: readonly DeclaredValue[];
  readonly inputs: readonly AchievementInput[];
  readonly explanation: Explanation;
}

export interface ListAchievements {
  readonly serviceCode?: string | undefined;
  readonly achievementDate?: string | undefined;
  readonly organisationCode?: string | undefined;
  readonly commissionerCode?: string | undefined;
  readonly state?: string | undefined;
  readonly open?: boolean | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

export interface RecalculationView {
  readonly recalculationId: string;
  readonly serviceCode: string;
  readonly achievementDate: string;
  readonly state: 'queued' | 'done';
  readonly requestedBy: string | null;
  readonly requestedAt: Date;
  readonly finishedAt: Date | null;
  readonly examined: number | null;
  readonly published: number | null;
  readonly newer: number | null;
}

export abstract class AchievementQueries {
  /** Of organisations at or below one in the scope; `ENGLAND` is everything. */
  abstract list(scope: readonly string[], query: ListAchievements): Promise<Page<AchievementSummary>>;
  abstract find(identity: Identity): Promise<AchievementSummary | undefined>;
  abstract revision(identity: Identity, figureRevision: number): Promise<RevisionView | undefined>;
  /** Newest first. */
  abstract history(identity: Identity): Promise<RevisionSummary[]>;
  abstract periodExists(serviceCode: string, achievementDate: string): Promise<boolean>;
  abstract recalculation(recalculationId: string): Promise<RecalculationView | undefined>;
}
