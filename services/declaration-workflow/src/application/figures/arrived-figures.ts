import { createHash } from 'node:crypto';
import type { AchievementInput, DeclaredValue } from '@attest/contracts';
import type { Figures, Marker } from '../../domain/core/declaration.js';
import type { AchievementIdentity } from '../../domain/core/stimulus.js';

/** What is kept of figures besides what decides: shown to people, never compared. */
export interface FiguresDetail {
  readonly points: string | null;
  readonly values: readonly DeclaredValue[];
  readonly inputs: readonly AchievementInput[];
}

/** Figures as they wait for a place, or on their way to a declaration. */
export interface ArrivedFigures {
  readonly figures: Figures;
  readonly detail: FiguresDetail;
}

/** An achievement without a declaration: figures whose place is not known, or markers that came before any figures. */
export interface WaitingAchievement {
  readonly achievement: AchievementIdentity;
  readonly arrived: ArrivedFigures | null;
  readonly awaiting: Marker | null;
  readonly blocked: Marker | null;
  readonly eventId: string;
}

/** Equal for the same pence and the same declared values, in whatever order they are listed. */
export function resultHash(pence: string, values: readonly DeclaredValue[]): string {
  const lines = values.map(({ indicatorCode, measure, value }) => `${indicatorCode}\t${measure}\t${value}`);
  return createHash('sha256')
    .update([pence, ...lines.sort()].join('\n'))
    .digest('hex')
    .slice(0, 32);
}

export const NOT_APPLICABLE_HASH = 'not-applicable';

/** Membership versions among the inputs; the highest where one is listed twice. */
export function membershipsIn(inputs: readonly AchievementInput[]): Record<string, number> {
  const versions: Record<string, number> = {};
  for (const { source, key, version } of inputs)
    if (source === 'pcn-membership' && version >= (versions[key] ?? 0)) versions[key] = version;
  return versions;
}

/** What else figures were made from: `source|key` → version. */
export function otherInputs(inputs: readonly AchievementInput[]): Record<string, number> {
  const versions: Record<string, number> = {};
  for (const { source, key, version } of inputs)
    if (source !== 'pcn-membership') versions[`${source}|${key}`] = version;
  return versions;
}
